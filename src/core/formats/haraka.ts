/**
 * Haraka's log in its default format (Haraka, `logger.js`, `connection.js`, `outbound/hmail.js`), joined by the UUID of
 * the connection:
 *
 *     [LEVEL] [UUID.transaction.delivery] [plugin] text
 *
 * behind a time stamp or a syslog prefix. A message that was queued is counted when its connection ends, since that
 * line alone says for certain whether there was TLS (`tls=Y`); of one that does not end in the log nothing is known
 * without a `secured` line. Version and cipher come from that line of the tls plugin. A delivery states `tls=` itself.
 * The ids are of one connection for ever. Haraka has no named connectors.
 */
import { DirectionCode, OutcomeCode, TlsCode, type LineNumber, type Milliseconds, type PlaceCode } from '../model';
import type { Sink } from '../reading/sink';
import { tlsVersion } from '../text/tls';
import { decode } from '../text/words';
import { Verdict, type Format, type Head, type Parser } from '../reading/format';
import { Hops } from './shared/hops';
import { isLoopback } from './shared/loopback';
import { IdTable } from './shared/idtable';
import { syslogHost } from './shared/sysloghost';

export const haraka: Format = {
  id: 'haraka',
  name: 'Haraka',
  repeats: 'lines',
  byServer: true,
  inOrder: true,
  detect: isHaraka,
  parser: (sink) => new HarakaParser(sink),
};

const levels = 'DATA|PROTOCOL|DEBUG|INFO|NOTICE|WARN|ERROR|CRIT|ALERT|EMERG';
const uuidOrNone = '-|[0-9A-F]{8}(?:-[0-9A-F]{4}){3}-[0-9A-F]{12}';
/**
 *     Mar  2 08:00:01 mx haraka[7]:  [INFO]   [6C2A…-….1 .1]               [core]           queue code=OK
 *     1 what stands before           level    2 UUID    3 transaction      4 plugin         5 text
 */
const entry = new RegExp(
  `^(.{0,160}?)\\[(?:${levels})\\] \\[(${uuidOrNone})((?:\\.\\d{1,9}){0,3})\\] \\[([\\w./-]{1,64})\\]\\s+(.*)$`,
  's',
);
/**
 *     delivered file=… domain=mail.example host=mx.mail.example ip=192.0.2.1 port=25 mode=SMTP tls=Y …
 *                                          1                    2                    3        4
 */
const delivered = new RegExp(
  String.raw`^delivered file=\S{1,255} domain=\S{1,255} host="?([^\s"]{1,255})"? ip="?([^\s"]{1,64})"? ` +
    String.raw`port=\S{1,8} mode=(\w{1,8}) tls=([YN]) `,
);
const queueOutcomes: Readonly<Record<string, OutcomeCode>> = {
  OK: OutcomeCode.accepted,
  DENY: OutcomeCode.rejected,
  DENYSOFT: OutcomeCode.deferred,
};

function isHaraka({ lines }: Head): boolean {
  return lines.slice(0, 200).some((line) => {
    const match = entry.exec(line.slice(0, 1024));
    return match !== null && match[2] !== '-';
  });
}

/** A message that waits for the end of its connection. */
interface Waiting {
  outcome: OutcomeCode;
  recipients: number;
  bytes: number;
  time: Milliseconds;
  line: LineNumber;
  file: number;
}
interface Connection {
  begun: boolean;
  server: string;
  tls: TlsCode;
  /** Its `secured` line, or the one that begins it: see `MailEvent.tlsAt`. */
  tlsAt: PlaceCode;
  cipher: string;
  address: string;
  waiting: Waiting[];
  transaction: string;
  recipients: number;
  bytes: number;
}
interface Delivery {
  tls: TlsCode;
  tlsAt: PlaceCode;
  cipher: string;
}

const encoder = new TextEncoder();
const mostOpen = 50_000;
/** Messages of one connection that wait; more than any server takes in one session. */
const mostWaiting = 1000;
const longest = 8192;

const inClear: Readonly<Delivery> = { tls: TlsCode.none, cipher: '', tlsAt: 0 };
/** What Haraka writes in place of a name that it could not look up. */
const unresolvable = /^(?:NXDOMAIN|DNSERROR|Unknown)$/i;

/** The level and the id with which another entry begins, since the end of this one is lost. */
const otherEntry = new RegExp(`\\[(?:${levels})\\] \\[(?:${uuidOrNone})[.\\]]`);
/** Texts that state something of mail, of which one letter may be another. */
const factTexts = new RegExp(
  [
    String.raw`connect ip=`,
    String.raw`message mid=`,
    String.raw`^queue(?! code=CONT\b)`,
    String.raw`\bcode\W?(?:OK|DENY|DENYSOFT) msg=`,
    String.raw`^.{0,2}delivered file=`,
    String.raw`cipher=\S+ version=`,
    String.raw`Temp failing \S+ for`,
    String.raw`\btls=[YN] (?:pipe|auth)=`,
    String.raw`\bmid=.* size=.* rcpts=`,
    String.raw`\bdomain=\S+ host=`,
  ].join('|'),
  's',
);
/** How texts begin that are cut off behind a few letters. */
const beginnings = ['connect ip=', 'message mid=', 'queue code=OK', 'disconnect ip=', 'delivered file=', 'secured: '];

/** Whether an entry that was taken for one without a fact looks as if it had one. */
function looksLikeFact(plugin: string, text: string): boolean {
  const bare = text.trimStart().slice(0, 2048);
  if (/^(?:sender|recipient) <|^hook=/.test(bare)) return false;
  if (factTexts.test(bare)) return true;
  return (
    (plugin === 'core' || plugin === 'tls' || plugin === 'outbound') &&
    bare.length < 15 &&
    beginnings.some((one) => one.startsWith(bare))
  );
}

/**
 * What Haraka logs as `version`: not that of the connection but of the cipher suite, the lowest in which it exists
 * (Node.js, `tlsSocket.getCipher`). Suites of 1.2 and 1.3 exist in no other version.
 */
function versionOf(text: string): TlsCode {
  const version = tlsVersion(text);
  return version === TlsCode.tls12 || version === TlsCode.tls13 ? version : TlsCode.tls;
}

function newConnection(begun: boolean, server: string, address: string, tlsAt: PlaceCode): Connection {
  return {
    begun,
    server,
    tlsAt,
    tls: TlsCode.absent,
    cipher: '',
    address,
    waiting: [],
    transaction: '',
    recipients: 1,
    bytes: 0,
  };
}

class HarakaParser implements Parser {
  private readonly hops: Hops;
  readonly state;
  /** What stands before the level of the current line, and the host that it names. */
  private before = '';
  private host = '';

  constructor(private readonly sink: Sink) {
    this.hops = new Hops(sink);
    this.state = {
      connections: new IdTable<string, Connection>(sink, {
        limit: mostOpen,
        fields: { waiting: { line: 'line' }, tlsAt: 'place' },
        evicted: (connection) => {
          const ended = connection.waiting.length === 0;
          this.settle(connection, TlsCode.unknown, '');
          return ended;
        },
      }),
      // A delivery's state is of no use once it has been handed over, and that is not said apart.
      deliveries: new IdTable<string, Delivery>(sink, {
        limit: mostOpen,
        fields: { tlsAt: 'place' },
        evicted: () => true,
      }),
    };
  }

  line(bytes: Uint8Array, start: number, end: number, line: number): Verdict {
    const match = entry.exec(decode(bytes.subarray(start, Math.min(end, start + longest))));
    // Lines of other origin, such as "Reloading file: …", have no level.
    if (!match) return this.sink.skip('bad-line', line);
    const [, before, uuid, path, plugin, text] = match;
    if (before !== this.before) this.host = syslogHost(before);
    this.before = before;
    const verdict = uuid === '-' ? Verdict.context : this.entry(`${this.server} ${uuid}`, path, plugin, text, line);
    const damaged = otherEntry.test(text) || match[0].includes('\0');
    if (verdict === Verdict.context && (damaged || looksLikeFact(plugin, text)))
      return this.sink.skip('bad-line', line);
    if (verdict === Verdict.used && damaged) this.sink.note('bad-line', line);
    if (verdict === Verdict.used && before.trim() !== '' && !this.hasTime) this.sink.note('bad-time', line);
    return verdict;
  }

  private entry(uuid: string, path: string, plugin: string, text: string, line: number): Verdict {
    if (plugin === 'outbound') return this.outbound(uuid + path, text, line);
    if (plugin === 'tls') return this.secured(uuid, text, line);
    return plugin === 'core' ? this.core(uuid, path, text, line) : Verdict.context;
  }

  finish(): void {
    for (const connection of this.state.connections.values()) {
      if (connection.tls === TlsCode.absent && !connection.begun)
        for (const { line, file } of connection.waiting) this.sink.note('session-began-earlier', line, file);
      this.settle(connection, TlsCode.unknown, '');
    }
  }

  /** The server that wrote the current line. */
  private get server(): string {
    return this.host || this.sink.host;
  }

  /** The time of the current line; NaN where it has none. */
  private get time(): Milliseconds {
    return this.hops.time(this.stamp);
  }

  /** Whether the current line has a time that can be right. */
  private get hasTime(): boolean {
    return this.sink.time.isStamp(encoder.encode(this.stamp), 0);
  }

  private get stamp(): string {
    return this.before.replace(/^<\d{1,3}>/, '').slice(0, 64);
  }

  /** `secured: cipher=TLS_AES_256_GCM_SHA384 version=TLSv1.3 verified=false`. */
  private secured(uuid: string, text: string, line: number): Verdict {
    const match = /^secured:? .*?\bcipher=(\S{1,128}) version=(\S{1,32})/.exec(text.slice(0, 512));
    if (!match) return Verdict.context;
    if (this.state.connections.mayHaveBegunEarlier(uuid)) return Verdict.unresolved;
    const connection = this.connectionOf(uuid, line);
    connection.tls = versionOf(match[2]);
    connection.cipher = match[1];
    connection.tlsAt = this.sink.tlsAt();
    return Verdict.used;
  }

  private core(uuid: string, path: string, text: string, line: number): Verdict {
    const begun = /^connect ip=(\S{1,64})/.exec(text);
    if (begun) {
      this.state.connections.open(uuid, newConnection(true, this.server, begun[1], this.sink.tlsAt()), line);
      return Verdict.used;
    }
    const message = /^message mid=.* size=(\d{1,15}) rcpts=(\d{1,9})\//s.exec(text);
    const queued = /^queue code=(OK|DENYSOFT|DENY)\b/.exec(text);
    // What the client calls itself has no spaces, so the first of these flags are Haraka's own.
    const ended = /^disconnect ip=(\S{1,64}) rdns="?([^\s"]{0,255})"? .*? esmtp=[YN] tls=([YN]) pipe=/s.exec(text);
    if (!message && !queued && !ended) return Verdict.context;
    if (this.state.connections.mayHaveBegunEarlier(uuid)) return Verdict.unresolved;
    const connection = this.connectionOf(uuid, line);
    if (queued) return this.queued(connection, queueOutcomes[queued[1]], path, line);
    if (message) {
      connection.transaction = path;
      connection.bytes = Number(message[1]);
      connection.recipients = Number(message[2]);
      return Verdict.used;
    }
    const [, address, name, tls] = ended!;
    connection.address = address;
    if (tls === 'Y' && connection.tls === TlsCode.absent) connection.tlsAt = this.sink.tlsAt();
    this.settle(connection, tls === 'Y' ? TlsCode.tls : TlsCode.none, unresolvable.test(name) ? '' : name);
    this.state.connections.close(uuid);
    return Verdict.used;
  }

  /** The message of a transaction has been taken, or refused. */
  private queued(connection: Connection, outcome: OutcomeCode, path: string, line: number): Verdict {
    const { time } = this;
    if (Number.isNaN(time)) return this.sink.skip('bad-time', line);
    const known = connection.transaction === path;
    connection.waiting.push({
      outcome,
      recipients: known ? Math.max(1, connection.recipients) : 1,
      bytes: known ? connection.bytes : 0,
      time,
      line,
      file: this.sink.account.file.index,
    });
    if (connection.waiting.length > mostWaiting) {
      this.sink.note('join-evicted', line);
      this.settle(connection, TlsCode.unknown, '');
    }
    return Verdict.used;
  }

  /** Counts the messages of a connection. `tls`: what is known where no `secured` line was seen. */
  private settle(connection: Connection, tls: TlsCode, host: string): void {
    const direction = isLoopback(connection.address) ? DirectionCode.internal : DirectionCode.inbound,
      secured = connection.tls === TlsCode.absent ? tls : connection.tls;
    for (const { outcome, recipients, bytes, time, line, file } of connection.waiting) {
      this.hops.add({
        direction,
        outcome,
        tls: secured,
        cipher: connection.cipher,
        server: connection.server,
        tlsAt: connection.tlsAt,
        host,
        address: connection.address,
        recipients,
        bytes,
        time,
        line,
        file,
      });
    }
    connection.waiting = [];
  }

  private connectionOf(uuid: string, line: number): Connection {
    let connection = this.state.connections.get(uuid);
    if (!connection) this.state.connections.open(uuid, (connection = newConnection(false, this.server, '', 0)), line);
    return connection;
  }

  private outbound(id: string, text: string, line: number): Verdict {
    if (text.startsWith('Attempting to deliver to')) {
      this.state.deliveries.open(id, { tls: TlsCode.tls, cipher: '', tlsAt: this.sink.tlsAt() }, line);
      return Verdict.context;
    }
    const session = /^secured .*?\bcipher=(\S{1,128}) version=(\S{1,32})/s.exec(text.slice(0, 512));
    if (session) {
      this.state.deliveries.open(
        id,
        { tls: versionOf(session[2]), cipher: session[1], tlsAt: this.sink.tlsAt() },
        line,
      );
      return Verdict.used;
    }
    const match = delivered.exec(text);
    if (!match) return /^Temp failing \S{1,255} for \d/.test(text) ? this.delayed(line) : Verdict.context;
    // A connection that is used again was secured under the name of an earlier delivery: all that is known is TLS.
    if (match[4] === 'Y' && this.state.deliveries.mayHaveBegunEarlier(id)) return Verdict.unresolved;
    const { time } = this;
    if (Number.isNaN(time)) return this.sink.skip('bad-time', line);
    const [, host, address, mode, secure] = match;
    const secured =
      secure === 'Y' ? (this.state.deliveries.get(id) ?? { tls: TlsCode.tls, cipher: '', tlsAt: 0 }) : inClear;
    const recipients = / rcpts=(\d{1,9})\/\d+\/\d+\s*$/.exec(text)?.[1];
    if (recipients === undefined) this.sink.note('unfinished-record', line);
    this.hops.add({
      direction: isLoopback(address) || mode !== 'SMTP' ? DirectionCode.internal : DirectionCode.outbound,
      outcome: OutcomeCode.accepted,
      tls: secured.tls,
      tlsAt: secured.tlsAt,
      cipher: secured.cipher,
      server: this.server,
      host,
      address,
      recipients: Math.max(1, Number(recipients ?? 1)),
      time,
      line,
    });
    this.state.deliveries.close(id);
    return Verdict.used;
  }

  private delayed(line: number): Verdict {
    const { time } = this;
    if (Number.isNaN(time)) return this.sink.skip('bad-time', line);
    this.hops.add({
      direction: DirectionCode.outbound,
      outcome: OutcomeCode.deferred,
      tls: TlsCode.unknown,
      server: this.server,
      time,
      line,
    });
    return Verdict.used;
  }
}
