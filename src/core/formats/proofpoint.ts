/**
 * Proofpoint on Demand's two logs of its log service, as JSON lines: `message`, one record for each message that the
 * filter took, with the TLS of the connection by which it came; and `maillog`, sendmail's lines taken apart (`sm`,
 * `tls`) with the raw line in `data`.
 *
 * A message record is an inbound hop, its policy routes are the connector. In the mail log `to=` is an outbound hop and
 * `from=` the same inbound hop once more: those are counted only where the data set has no message records.
 */
import { DirectionCode, OutcomeCode, TlsCode, type Milliseconds } from '../model';
import type { Sink } from '../reading/sink';
import { at, isObject, listOf, looksLike, numberOf, objectsOf, textOf, type JsonObject } from '../text/json';
import { Verdict, type Format, type Head, type Parser } from '../reading/format';
import { addressOf } from '../text/address';
import { Hops, type Hop } from './shared/hops';
import { isLoopback } from './shared/loopback';
import { Candidates } from './shared/candidates';
import { Misspelt } from './shared/misspelt';
import { Noticed } from './shared/noticed';
import { verdictOfAll } from './shared/verdictofall';

export const proofpoint: Format = {
  id: 'proofpoint',
  name: 'Proofpoint on Demand',
  repeats: 'lines',
  detect: isProofpoint,
  parser: (sink) => new PodParser(sink),
};

function isProofpoint({ lines }: Head): boolean {
  return looksLike(
    lines,
    (shape) =>
      (shape.has('pps') || shape.has('metadata')) &&
      shape.has('ts') &&
      ((shape.has('sm') && /\bsendmail\[\d+\]:/.test(shape.get('data') ?? '')) ||
        (shape.has('connection') && shape.has('filter') && shape.has('envelope'))),
  );
}

/** Mailers of sendmail that hand a message to nobody else. */
const localMailers = new Set(['local', 'prog', '*file*', '*include*', 'error', 'discard']);
/** The names that every installation has, which name no connector. */
const stockRoutes = new Set(['MTA', 'esmtp', 'smtp', 'default_inbound']);
/** The TLS fields that Proofpoint's sendmail writes into its lines; older records do not take them apart. */
const rawTls = {
  verify: /, tls_verify=([^,]{1,64})/,
  version: /, tls_version=([^,]{1,64})/,
  cipher: /, cipher=([^,]{1,64})/,
} as const;

const keys = [
  ...['connection', 'filter', 'envelope', 'rcpts', 'routes', 'routeDirection', 'disposition', 'final_action'],
  ...['inbound', 'version', 'cipher', 'verify', 'relay', 'mailer', 'daemon', 'msgid', 'nrcpts', 'stat', 'from'],
];

/** Short keys, of which others could be taken for damaged ones elsewhere. */
const connectionKeys = new Misspelt(['tls', 'ip'], ['id', 'sid']);
const damagedDirections = new Misspelt(['inbound', 'outbound', 'internal']);
const damagedDispositions = new Misspelt(['reject', 'retry', 'tempfail', 'continue', 'discard']);

class PodParser implements Parser {
  private readonly hops: Hops;
  private readonly damagedKeys = new Misspelt(keys, [
    'delay',
    'rcpt',
    'status',
    'state',
    'start',
    'route',
    'form',
    'froms',
  ]);
  /** Whether there are message records, and the arrivals of the mail log, which count where there are none. */
  readonly state;

  constructor(private readonly sink: Sink) {
    this.hops = new Hops(sink);
    this.state = { records: new Noticed<'message'>(), arrivals: new Candidates(sink) };
  }

  line(bytes: Uint8Array, start: number, end: number, line: number): Verdict {
    const records = objectsOf(bytes, start, end);
    if (!records) return this.sink.skip('bad-json', line);
    const verdict = verdictOfAll(records, (record) => this.record(record, line));
    return this.state.arrivals.endLine(verdict === Verdict.used) ? Verdict.context : verdict;
  }

  finish(): void {
    const { records, arrivals } = this.state;
    if (!records.has('message')) arrivals.count(['arrival']);
  }

  private record(record: JsonObject, line: number): Verdict {
    const time = this.hops.time(textOf(record.ts));
    if (Number.isNaN(time)) return this.sink.skip('bad-time', line);
    if (this.damagedKeys.inKeysOf(record)) return this.sink.skip('bad-columns', line);
    if (isObject(record.connection)) return this.message(record, record.connection, time, line);
    return isObject(record.sm) ? this.sendmail(record, record.sm, time, line) : this.sink.skip('other-format', line);
  }

  private message(record: JsonObject, connection: JsonObject, time: Milliseconds, line: number): Verdict {
    this.state.records.add('message');
    const address = textOf(connection.ip);
    const route = textOf(at(record, 'filter', 'routeDirection'));
    if (connectionKeys.inKeysOf(connection, 1) || damagedDirections.has(route))
      return this.sink.skip('bad-columns', line);
    if (address !== '' && !addressOf(address)) return this.sink.skip('bad-columns', line);
    const internal = isLoopback(address) || route === 'internal';
    const disposition = textOf(at(record, 'filter', 'disposition')) || textOf(record.final_action);
    if (damagedDispositions.has(disposition.toLowerCase())) return this.sink.skip('unknown-status', line);
    const tls = at(connection, 'tls', 'inbound');
    const size = numberOf(at(record, 'msg', 'sizeBytes'));
    this.hops.add({
      direction: internal ? DirectionCode.internal : DirectionCode.inbound,
      outcome: dispositionOf(disposition),
      tls: isObject(tls) ? this.hops.tls(textOf(tls.version), TlsCode.tls) : withoutVersion(connection.tls),
      cipher: textOf(at(tls, 'cipher')),
      server: agentOf(record),
      connector: listOf(at(record, 'filter', 'routes'))
        .map(textOf)
        .filter((route) => route !== '' && !stockRoutes.has(route))
        .join(', '),
      host: textOf(connection.host),
      address,
      recipients: Math.max(1, listOf(at(record, 'envelope', 'rcpts')).length),
      bytes: size >= 0 ? size : numberOf(at(record, 'filter', 'msgSizeBytes')),
      time,
      line,
    });
    return Verdict.used;
  }

  private sendmail(record: JsonObject, sm: JsonObject, time: Milliseconds, line: number): Verdict {
    if (lacksField(sm, textOf(record.data))) return this.sink.skip('bad-columns', line);
    const relay = relayOf(textOf(sm.relay));
    if (!relay) return this.sink.skip('bad-columns', line);
    const [host, address] = relay;
    // Without a relay the message was made or kept here.
    if (host === '' && address === '') return Verdict.context;
    if (address !== '' && !addressOf(address)) return this.sink.skip('bad-columns', line);
    const direction = 'to' in sm ? DirectionCode.outbound : DirectionCode.inbound,
      { tls, cipher } = this.transport(record, sm);
    const hop: Hop = {
      direction: isLoopback(address) ? DirectionCode.internal : direction,
      outcome: OutcomeCode.accepted,
      tls,
      cipher,
      server: agentOf(record),
      host,
      address,
      time,
      line,
    };
    return 'to' in sm ? this.handedOver(sm, hop) : this.arrived(sm, hop);
  }

  private handedOver(sm: JsonObject, hop: Hop): Verdict {
    const outcome = outcomeOf(textOf(sm.stat), textOf(sm.dsn)),
      mailer = textOf(sm.mailer);
    if (localMailers.has(mailer)) return Verdict.context;
    // Nothing was decided, unless the codes say that it was.
    if (outcome === undefined)
      return /^2/.test(textOf(sm.dsn)) ? this.sink.skip('unknown-status', hop.line) : Verdict.context;
    hop.outcome = outcome;
    hop.connector = stockRoutes.has(mailer) ? '' : mailer;
    hop.recipients = Math.max(1, listOf(sm.to).length);
    this.hops.add(hop);
    return Verdict.used;
  }

  private arrived(sm: JsonObject, hop: Hop): Verdict {
    // Without a message id the transaction was given up before its end.
    if (!('from' in sm) || textOf(sm.msgid) === '') return Verdict.context;
    const daemon = textOf(sm.daemon);
    hop.connector = stockRoutes.has(daemon) ? '' : daemon;
    hop.recipients = Math.max(1, numberOf(sm.nrcpts) || 1);
    hop.bytes = numberOf(sm.sizeBytes) || numberOf(sm.size);
    this.state.arrivals.add('arrival', hop);
    return Verdict.context;
  }

  /** TLS as it is taken apart in the record, else as the raw line has it. */
  private transport(record: JsonObject, sm: JsonObject): { tls: TlsCode; cipher: string } {
    const raw = textOf(record.data);
    const stated = (key: keyof typeof rawTls): string =>
      textOf(at(record, 'tls', key)) || textOf(at(sm, 'tls', key)) || (rawTls[key].exec(raw)?.[1] ?? '');
    const verify = stated('verify'),
      // sendmail's ${verify} is NONE where STARTTLS was not performed, and something else where it was.
      unversioned = verify === 'NONE' ? TlsCode.none : verify === '' ? TlsCode.unknown : TlsCode.tls,
      tls = this.hops.tls(stated('version'), unversioned);
    return { tls, cipher: tls === TlsCode.none ? '' : stated('cipher') };
  }
}

/** Whether a field of the raw line is not among those that were taken from it. What stands in `stat` is a stranger's. */
function lacksField(sm: JsonObject, raw: string): boolean {
  const [, own] = /^(.{0,8192}?)(?:, stat=|$)/s.exec(raw) ?? [];
  for (const [, field] of (own ?? '').matchAll(/[:,] (to|from|relay|msgid|mailer|daemon)=/g))
    if (!(field in sm)) return true;
  return false;
}

/**
 * Host and address of sendmail's `relay=`: `mx.example. [192.0.2.1]`, `[IPv6:2001:db8::1]`, `mx.example [192.0.2.1]
 * (may be forged)`. Undefined where it is none of these.
 */
function relayOf(text: string): [host: string, address: string] | undefined {
  const match = /^([^\s[\]]*)\s*(?:\[([^\s[\]]{1,64})\])?(?: \(.*\))?$/.exec(text);
  return match ? [match[1], match[2] ?? ''] : undefined;
}

/** A connection in clear has no "tls" at all. */
function withoutVersion(tls: unknown): TlsCode {
  return isObject(tls) && Object.keys(tls).length > 0 ? TlsCode.unknown : TlsCode.none;
}

/** What sendmail's `stat=` and `dsn=` say; undefined where nothing was decided. */
function outcomeOf(status: string, dsn: string): OutcomeCode | undefined {
  if (/^Sent\b/.test(status)) return OutcomeCode.accepted;
  if (/^Deferred\b/.test(status) || dsn.startsWith('4')) return OutcomeCode.deferred;
  return dsn.startsWith('5') ? OutcomeCode.bounced : undefined;
}

/** What became of a message by the filter's disposition. */
function dispositionOf(text: string): OutcomeCode {
  if (/^reject/i.test(text)) return OutcomeCode.rejected;
  return /^(?:retry|tempfail)/i.test(text) ? OutcomeCode.deferred : OutcomeCode.accepted;
}

/** The server that filtered a message. */
function agentOf(record: JsonObject): string {
  return textOf(at(record, 'pps', 'agent')) || textOf(at(record, 'metadata', 'origin', 'data', 'agent'));
}
