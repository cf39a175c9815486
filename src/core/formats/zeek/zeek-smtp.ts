/**
 * Zeek's smtp.log and ssl.log (Zeek, "SMTP::Info", "SSL::Info"), with tabs or as JSON, joined by the connection's uid where both are there.
 *
 * Zeek watches the network, so it counts sessions, not messages: after STARTTLS it sees no envelope. A session in clear counts where a
 * server accepted a message in it. One with TLS gets version and cipher from ssl.log; without that it is TLS of an unknown version. Rows of
 * ssl.log on the ports of mail that no row of smtp.log belongs to are sessions too: TLS from the first byte, or a data set without smtp.log.
 * Direction goes by the addresses: the private end is ours. Nothing in these logs is a connector.
 */
import { addressOf } from '../../text/address';
import type { IdMap } from '../../cube/cubebuilder';
import { DirectionCode, OutcomeCode, TlsCode, UnitCode, type Milliseconds } from '../../model';
import type { Sink } from '../../reading/sink';
import { isJson, looksLike } from '../../text/json';
import { decode } from '../../text/words';
import { Verdict, type Format, type Head, type Parser } from '../../reading/format';
import { Hops } from '../shared/hops';
import { headerOf, jsonRows, noHeader, readHeader, TabRow, timeOf, type Header, type ZeekRow } from './row';

export const zeekSmtp: Format = {
  id: 'zeek-smtp',
  name: 'Zeek smtp.log and ssl.log',
  detect,
  parser: (sink) => new ZeekParser(sink),
};

function detect({ lines }: Head): boolean {
  return (
    lines.slice(0, 20).some((line) => /^#path\s+(?:smtp|ssl)\s*$/.test(line)) ||
    looksLike(
      lines,
      (shape) =>
        shape.has('uid') &&
        shape.has('id.orig_h') &&
        shape.has('id.resp_p') &&
        (/^"(?:smtp|ssl)"$/.test(shape.get('_path') ?? '') ||
          (!shape.has('_path') &&
            ((shape.has('trans_depth') && (shape.has('tls') || shape.has('helo'))) ||
              (shape.has('established') && !shape.has('trans_depth'))))),
    )
  );
}

/** Ports of relay and submission: ssl.log holds every other use of TLS too. */
const mailPorts = new Set(['25', '465', '587', '2525']);
/** Most connections that wait for their row in the other log. */
const mostOpen = 200_000;

/** A session with TLS as one of the logs has it. */
interface Seen {
  time: Milliseconds;
  file: number;
  line: number;
  from: string;
  to: string;
}
interface Handshake extends Seen {
  version: string;
  cipher: string;
  established: boolean;
}
/** A connection: the rows of smtp.log that wait for its handshake, the handshake, and whether a session has got it. */
interface Connection {
  waiting: Seen[];
  handshake: Handshake | undefined;
  joined: boolean;
}

class ZeekParser implements Parser {
  private readonly hops: Hops;
  private connections = new Map<string, Connection>();
  private header: Header = noHeader();
  private readonly tabs = new TabRow();
  /** The file that `header` is of. */
  private file = -1;
  /** Whether a header was met from its beginning, so that it need not be taken from the head of the file. */
  private met = false;
  /** Whether the segment begins in the middle of a header, which the segment before has to complete. */
  private cut = false;
  /** Whether a session had no private end, or TLS without a row in ssl.log. */
  private publicEnds = false;
  private withoutVersion = false;
  private readonly places = new Map<string, boolean>();

  constructor(private readonly sink: Sink) {
    this.hops = new Hops(sink);
  }

  line(bytes: Uint8Array, start: number, end: number, line: number): Verdict {
    const { file } = this.sink.account;
    if (file.index !== this.file) {
      this.file = file.index;
      this.header = headerOf(file.head);
      this.met = this.cut = false;
    }
    if (bytes[start] === 35) return this.headerLine(decode(bytes.subarray(start, end)));
    if (isJson(bytes, start, end)) {
      const rows = jsonRows(bytes, start, end);
      if (!rows) return this.sink.skip('bad-json', line);
      if (rows.length === 0) return this.sink.skip('other-format', line);
      return rows
        .map((row) => this.row(row, line))
        .reduce((a, b) => (a === Verdict.used || b === Verdict.used ? Verdict.used : Math.max(a, b)));
    }
    if (this.cut) return Verdict.unresolved;
    const { tabs: row } = this;
    // Where logs were put together, this row may be of another one than the file begins with.
    if (!row.take(bytes, start, end, this.header))
      return this.met || this.sink.first ? this.sink.skip('bad-columns', line) : Verdict.unresolved;
    return row.log === 'smtp' || row.log === 'ssl' ? this.row(row, line) : this.sink.skip('other-format', line);
  }

  merge(other: Parser, _ids: IdMap, shift: readonly number[]): void {
    const right = other as ZeekParser;
    const moved = <T extends Seen>(seen: T): T => ({ ...seen, line: seen.line + (shift[seen.file] ?? 0) });
    for (const [uid, { waiting, handshake, joined }] of right.connections) {
      const connection = this.connection(uid);
      connection.joined ||= joined;
      if (handshake) connection.handshake ??= moved(handshake);
      for (const one of waiting) connection.waiting.push(moved(one));
      this.settle(connection);
    }
    this.publicEnds ||= right.publicEnds;
    this.withoutVersion ||= right.withoutVersion;
    if (right.file >= 0 && (right.met || right.file !== this.file)) {
      this.file = right.file;
      this.header = right.header;
      this.met = right.met;
      this.cut = right.cut;
    }
  }

  finish(): void {
    for (const connection of this.connections.values()) this.end(connection);
    this.connections.clear();
  }

  advice(): string[] {
    return [...(this.withoutVersion ? ['zeek-ssl-log'] : []), ...(this.publicEnds ? ['zeek-public-addresses'] : [])];
  }

  save(): unknown {
    return {
      connections: this.connections,
      header: this.header,
      file: this.file,
      met: this.met,
      cut: this.cut,
      publicEnds: this.publicEnds,
      withoutVersion: this.withoutVersion,
    };
  }
  load(saved: unknown): void {
    Object.assign(this, saved as object);
  }

  private headerLine(text: string): Verdict {
    if (text.startsWith('#separator')) {
      this.met = true;
      this.cut = false;
    }
    if (!this.met && !this.sink.first && /^#(?:set_separator|empty_field|unset_field|path|fields)/.test(text)) {
      this.cut = true;
      return Verdict.unresolved;
    }
    this.header = readHeader(text, this.header);
    return Verdict.context;
  }

  private row(row: ZeekRow, line: number): Verdict {
    if (row.text('uid') === '') return this.sink.skip('bad-columns', line);
    const port = row.text('id.resp_p');
    if (row.log === 'ssl' && !mailPorts.has(port)) return Verdict.context;
    const time = timeOf(row.text('ts'), (bytes) => this.sink.time.iso(bytes, 0));
    if (Number.isNaN(time)) return this.sink.skip('bad-time', line);
    const seen: Seen = { time, file: this.file, line, from: row.text('id.orig_h'), to: row.text('id.resp_h') };
    if (row.log === 'smtp') return this.session(row, seen);
    const connection = this.connection(row.text('uid'));
    connection.handshake ??= {
      ...seen,
      version: row.text('version'),
      cipher: row.text('cipher'),
      established: /^t/i.test(row.text('established')),
    };
    this.settle(connection);
    return Verdict.used;
  }

  private session(row: ZeekRow, seen: Seen): Verdict {
    // Later messages of a session have rows of their own.
    const first = Number(row.text('trans_depth') || '1') <= 1;
    if (/^t/i.test(row.text('tls'))) {
      if (!first) return Verdict.context;
      const connection = this.connection(row.text('uid'));
      connection.waiting.push(seen);
      this.settle(connection);
      return Verdict.used;
    }
    const reply = row.text('last_reply');
    const recipients = row.size('rcptto');
    // 354 and 221 are answers to DATA and QUIT: the message was given up. Without envelope there was none.
    if (recipients === 0 || /^(?:354|221)/.test(reply)) return Verdict.context;
    const outcome = reply.startsWith('4')
      ? OutcomeCode.deferred
      : reply.startsWith('5')
        ? OutcomeCode.rejected
        : OutcomeCode.accepted;
    this.add(seen, outcome, row.text('tls') === '' ? TlsCode.unknown : TlsCode.none, '', first ? 1 : 0, recipients);
    return Verdict.used;
  }

  private connection(uid: string): Connection {
    let connection = this.connections.get(uid);
    if (connection) return connection;
    this.connections.set(uid, (connection = { waiting: [], handshake: undefined, joined: false }));
    if (this.connections.size > mostOpen) {
      const [oldest, lost] = this.connections.entries().next().value!;
      this.connections.delete(oldest);
      for (const { line, file } of lost.waiting) this.sink.note('join-evicted', line, file);
      this.end(lost);
    }
    return connection;
  }

  /** Gives the sessions that wait the handshake of their connection, once it is there. */
  private settle(connection: Connection): void {
    const { handshake, waiting } = connection;
    if (!handshake || waiting.length === 0) return;
    for (const seen of waiting) this.secure(seen, handshake);
    connection.waiting = [];
    connection.joined = true;
  }

  /** Nothing more will come for a connection. */
  private end({ waiting, handshake, joined }: Connection): void {
    for (const seen of waiting) {
      this.withoutVersion = true;
      this.add(seen, OutcomeCode.accepted, TlsCode.tls, '', 1, 0);
    }
    if (handshake && !joined) this.secure(handshake, handshake);
  }

  private secure(seen: Seen, { version, cipher, established }: Handshake): void {
    if (established) this.add(seen, OutcomeCode.accepted, this.hops.tls(version, TlsCode.tls), cipher, 1, 0);
    else this.add(seen, OutcomeCode.deferred, TlsCode.unknown, '', 1, 0);
  }

  private add(
    { time, file, line, from, to }: Seen,
    outcome: OutcomeCode,
    tls: TlsCode,
    cipher: string,
    count: number,
    recipients: number,
  ): void {
    const ours = this.isPrivate(from),
      theirs = this.isPrivate(to);
    if (!ours && !theirs) this.publicEnds = true;
    const direction = ours && theirs ? DirectionCode.internal : ours ? DirectionCode.outbound : DirectionCode.inbound;
    this.hops.add({
      unit: UnitCode.session,
      direction,
      outcome,
      tls,
      cipher,
      address: direction === DirectionCode.outbound ? to : from,
      count,
      recipients,
      time,
      line,
      file,
    });
  }

  private isPrivate(address: string): boolean {
    let known = this.places.get(address);
    if (known === undefined) {
      known = addressOf(address)?.private === true;
      if (this.places.size < 10_000) this.places.set(address, known);
    }
    return known;
  }
}
