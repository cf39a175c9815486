/**
 * Zeek's smtp.log and ssl.log (Zeek, "SMTP::Info", "SSL::Info"), with tabs or as JSON, joined by the connection's uid
 * where both are there.
 *
 * Zeek watches the network, so it counts sessions, not messages: after STARTTLS it sees no envelope. A session in clear
 * counts where a server accepted a message in it. One with TLS gets version and cipher from ssl.log; without that it is
 * TLS of an unknown version. Rows of ssl.log on the ports of mail without a row in smtp.log are sessions too: TLS from
 * the first byte, or a data set without smtp.log. Direction goes by the addresses: the private end is ours. Nothing in
 * these logs is a connector.
 */
import { addressOf } from '../../text/address';
import { DirectionCode, OutcomeCode, TlsCode, UnitCode, type LineNumber, type Milliseconds } from '../../model';
import type { Sink } from '../../reading/sink';
import { isJson, looksLike } from '../../text/json';
import { decode } from '../../text/words';
import { Verdict, type Format, type Head, type Parser } from '../../reading/format';
import { Hops } from '../shared/hops';
import { IdTable } from '../shared/idtable';
import { Noticed } from '../shared/noticed';
import { verdictOfAll } from '../shared/verdictofall';
import {
  hasOtherTypes,
  headerOf,
  jsonRows,
  lacksColumns,
  noHeader,
  readHeader,
  TabRow,
  timeOf,
  type Header,
  type ZeekRow,
} from './row';

export const zeekSmtp: Format = {
  id: 'zeek-smtp',
  name: 'Zeek smtp.log and ssl.log',
  repeats: 'lines',
  detect: isMailTraffic,
  parser: (sink) => new ZeekParser(sink),
};

function isMailTraffic({ lines }: Head): boolean {
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
  line: LineNumber;
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

/** Whether a text is a truth value of Zeek's logs or of JSON, or is unset. */
function isBoolean(text: string): boolean {
  return text === 'T' || text === 'F' || text === '' || text === 'true' || text === 'false';
}

class ZeekParser implements Parser {
  private readonly hops: Hops;
  readonly state;
  private readonly tabs = new TabRow();
  /** The current file, and the header at its beginning. */
  private file = -1;
  private first: Header = noHeader();
  /** Whether the segment begins in the middle of a header, which the segment before has to complete. */
  private cut = false;
  private readonly places = new Map<string, boolean>();

  constructor(private readonly sink: Sink) {
    this.hops = new Hops(sink);
    this.state = {
      connections: new IdTable<string, Connection>(sink, {
        limit: mostOpen,
        fields: { waiting: { line: 'line' }, handshake: { line: 'line' } },
        evicted: (connection) => this.evicted(connection),
        join: (ours, theirs) => this.join(ours, theirs),
      }),
      /** By file: the latest header that was read from its beginning. */
      headers: new IdTable<number, Header>(sink, { limit: Infinity, fields: {} }),
      /** Sessions without a private end, and TLS without a row in ssl.log. */
      sessions: new Noticed<'public-ends' | 'without-version'>(),
    };
  }

  line(bytes: Uint8Array, start: number, end: number, line: number): Verdict {
    const { file } = this.sink.account;
    if (file.index !== this.file) {
      this.file = file.index;
      this.first = headerOf(file.head);
      this.cut = false;
    }
    if (bytes[start] === 35) return this.headerLine(decode(bytes.subarray(start, end)), line);
    if (isJson(bytes, start, end)) {
      const rows = jsonRows(bytes, start, end);
      if (!rows) return this.sink.skip('bad-json', line);
      if (rows.length === 0) return this.sink.skip('other-format', line);
      return verdictOfAll(rows, (row) => this.row(row, line));
    }
    const { tabs: row } = this,
      latest = this.state.headers.get(file.index);
    if (this.cut && !latest) return Verdict.unresolved;
    // Where logs were put together, this row may be of another one than the file begins with.
    if (!row.take(bytes, start, end, latest ?? this.first))
      return latest || this.sink.first ? this.sink.skip('bad-columns', line) : Verdict.unresolved;
    return row.log === 'smtp' || row.log === 'ssl' ? this.row(row, line) : this.sink.skip('other-format', line);
  }

  finish(): void {
    const { connections } = this.state;
    for (const connection of connections.values()) this.end(connection);
    connections.clear();
  }

  advice(): string[] {
    const { sessions } = this.state;
    return [
      ...(sessions.has('without-version') ? ['zeek-ssl-log'] : []),
      ...(sessions.has('public-ends') ? ['zeek-public-addresses'] : []),
    ];
  }

  private headerLine(text: string, line: number): Verdict {
    const { headers } = this.state,
      begins = text.startsWith('#separator'),
      latest = headers.get(this.file);
    if (
      !begins &&
      !latest &&
      !this.sink.first &&
      /^#(?:set_separator|empty_field|unset_field|path|fields)/.test(text)
    ) {
      this.cut = true;
      return Verdict.unresolved;
    }
    if (text.includes('\0') || text.includes('#', 1)) this.sink.note('bad-columns', line);
    if (!begins && !latest && !this.sink.first) return Verdict.context;
    const header = readHeader(text, latest ?? this.first);
    headers.open(this.file, header, line);
    if ((text.startsWith('#fields') && lacksColumns(header)) || hasOtherTypes(text, header))
      this.sink.note('bad-columns', line);
    return Verdict.context;
  }

  private row(row: ZeekRow, line: number): Verdict {
    if (row.damaged || row.text('uid') === '') return this.sink.skip('bad-columns', line);
    const port = row.text('id.resp_p');
    if (!/^\d+$/.test(port)) return this.sink.skip('bad-columns', line);
    if (row.log === 'ssl' && !mailPorts.has(port)) return Verdict.context;
    const time = timeOf(row.text('ts'), (bytes) => this.sink.time.iso(bytes, 0));
    if (Number.isNaN(time)) return this.sink.skip('bad-time', line);
    this.sink.covers(time);
    // Direction goes by the addresses.
    const from = row.text('id.orig_h'),
      to = row.text('id.resp_h');
    if (!addressOf(from) || !addressOf(to)) return this.sink.skip('bad-columns', line);
    if (!isBoolean(row.text(row.log === 'smtp' ? 'tls' : 'established'))) return this.sink.skip('bad-columns', line);
    const seen: Seen = { time, file: this.file, line, from, to };
    if (row.log === 'smtp') return this.session(row, seen);
    const connection = this.connection(row.text('uid'), line);
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
    const depth = row.text('trans_depth') || '1';
    if (!/^\d+$/.test(depth)) return this.sink.skip('bad-columns', seen.line);
    const first = Number(depth) <= 1;
    if (/^t/i.test(row.text('tls'))) {
      if (!first) return Verdict.context;
      const connection = this.connection(row.text('uid'), seen.line);
      connection.waiting.push(seen);
      this.settle(connection);
      return Verdict.used;
    }
    const reply = row.text('last_reply');
    const recipients = row.size('rcptto');
    if (reply !== '' && !/^\d{3}(?:[ -]|$)/.test(reply)) return this.sink.skip('unknown-status', seen.line);
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

  private connection(uid: string, line: number): Connection {
    const { connections } = this.state;
    let connection = connections.get(uid);
    if (!connection) connections.open(uid, (connection = { waiting: [], handshake: undefined, joined: false }), line);
    return connection;
  }

  /** A connection makes room for another one. */
  private evicted(connection: Connection): true {
    for (const { line, file } of connection.waiting) this.sink.note('join-evicted', line, file);
    this.end(connection);
    return true;
  }

  /** What two segments have of one connection. */
  private join(ours: Connection, theirs: Connection): Connection {
    ours.joined ||= theirs.joined;
    ours.handshake ??= theirs.handshake;
    ours.waiting.push(...theirs.waiting);
    this.settle(ours);
    return ours;
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
      this.state.sessions.add('without-version');
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
    if (!ours && !theirs) this.state.sessions.add('public-ends');
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
