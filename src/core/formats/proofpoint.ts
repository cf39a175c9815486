/**
 * Proofpoint on Demand's two logs of its log service, as JSON lines: `message`, one record for each message that the filter took, with the
 * TLS of the connection by which it came; and `maillog`, sendmail's lines taken apart (`sm`, `tls`) with the raw line in `data`.
 *
 * A message record is an inbound hop, its policy routes stand for the connector. In the mail log `to=` is an outbound hop and `from=` the
 * same inbound hop once more: those are counted only where the data set has no message records.
 */
import { DirectionCode, OutcomeCode, TlsCode, type Milliseconds } from '../model';
import type { Sink } from '../reading/sink';
import { at, isObject, listOf, looksLike, numberOf, objectsOf, textOf, type JsonObject } from '../text/json';
import { Verdict, type Format, type Head, type Parser } from '../reading/format';
import { Hops } from './shared/hops';
import { isLoopback } from './shared/loopback';
import { Candidates } from './shared/candidates';
import { Noticed } from './shared/noticed';
import { verdictOfAll } from './shared/verdictofall';

export const proofpoint: Format = {
  id: 'proofpoint',
  name: 'Proofpoint on Demand',
  detect,
  parser: (sink) => new PodParser(sink),
};

function detect({ lines }: Head): boolean {
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
const stockNames = new Set(['MTA', 'esmtp', 'smtp', 'default_inbound']);
/** The TLS fields that Proofpoint's sendmail writes into its lines; older records do not take them apart. */
const rawTls = {
  verify: /, tls_verify=([^,]{1,64})/,
  version: /, tls_version=([^,]{1,64})/,
  cipher: /, cipher=([^,]{1,64})/,
} as const;

class PodParser implements Parser {
  private readonly hops: Hops;
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
    const time = this.sink.time.any(new TextEncoder().encode(textOf(record.ts)), 0);
    if (Number.isNaN(time)) return this.sink.skip('bad-time', line);
    if (isObject(record.connection)) return this.message(record, record.connection, time, line);
    return isObject(record.sm) ? this.sendmail(record, record.sm, time, line) : Verdict.context;
  }

  private message(record: JsonObject, connection: JsonObject, time: Milliseconds, line: number): Verdict {
    this.state.records.add('message');
    const address = textOf(connection.ip);
    const disposition = textOf(at(record, 'filter', 'disposition')) || textOf(record.final_action);
    const internal = isLoopback(address) || textOf(at(record, 'filter', 'routeDirection')) === 'internal';
    const tls = at(connection, 'tls', 'inbound');
    const size = numberOf(at(record, 'msg', 'sizeBytes'));
    this.hops.add({
      direction: internal ? DirectionCode.internal : DirectionCode.inbound,
      outcome: /^reject/i.test(disposition)
        ? OutcomeCode.rejected
        : /^(?:retry|tempfail)/i.test(disposition)
          ? OutcomeCode.deferred
          : OutcomeCode.accepted,
      // A connection in clear has no "tls" at all.
      tls: isObject(tls) ? this.hops.tls(textOf(tls.version), TlsCode.tls) : TlsCode.none,
      cipher: textOf(at(tls, 'cipher')),
      connector: listOf(at(record, 'filter', 'routes'))
        .map(textOf)
        .filter((route) => route !== '' && !stockNames.has(route))
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
    const raw = textOf(record.data);
    const stated = (key: keyof typeof rawTls): string =>
      textOf(at(record, 'tls', key)) || textOf(at(sm, 'tls', key)) || (rawTls[key].exec(raw)?.[1] ?? '');
    const verify = stated('verify');
    // sendmail's ${verify} is NONE where STARTTLS was not performed, and something else where it was.
    const tls = this.hops.tls(
      stated('version'),
      verify === 'NONE' ? TlsCode.none : verify === '' ? TlsCode.unknown : TlsCode.tls,
    );
    const cipher = tls === TlsCode.none ? '' : stated('cipher');
    const [host, address] = relayOf(textOf(sm.relay));
    const name = (text: string): string => (stockNames.has(text) ? '' : text);

    if ('to' in sm) {
      const status = textOf(sm.stat),
        dsn = textOf(sm.dsn);
      const outcome = /^Sent\b/.test(status)
        ? OutcomeCode.accepted
        : /^Deferred\b/.test(status) || dsn.startsWith('4')
          ? OutcomeCode.deferred
          : dsn.startsWith('5')
            ? OutcomeCode.bounced
            : undefined;
      if (outcome === undefined || localMailers.has(textOf(sm.mailer)) || (host === '' && address === ''))
        return Verdict.context;
      this.hops.add({
        direction: isLoopback(address) ? DirectionCode.internal : DirectionCode.outbound,
        outcome,
        tls,
        cipher,
        connector: name(textOf(sm.mailer)),
        host,
        address,
        recipients: Math.max(1, listOf(sm.to).length),
        time,
        line,
      });
      return Verdict.used;
    }
    // Without a message id the transaction was given up before its end; without relay the message was made here.
    if (!('from' in sm) || textOf(sm.msgid) === '' || (host === '' && address === '')) return Verdict.context;
    this.state.arrivals.add('arrival', {
      direction: isLoopback(address) ? DirectionCode.internal : DirectionCode.inbound,
      outcome: OutcomeCode.accepted,
      tls,
      cipher,
      connector: name(textOf(sm.daemon)),
      host,
      address,
      recipients: Math.max(1, numberOf(sm.nrcpts) || 1),
      bytes: numberOf(sm.sizeBytes) || numberOf(sm.size),
      time,
      line,
    });
    return Verdict.context;
  }
}

/** Host and address of sendmail's `relay=`: `mx.example. [192.0.2.1]`, `[IPv6:2001:db8::1]`, `mx.example [192.0.2.1] (may be forged)`. */
function relayOf(text: string): [host: string, address: string] {
  const match = /^([^\s[]*)\s*(?:\[([^\]]{1,64})\])?/.exec(text);
  return [match?.[1] ?? '', match?.[2] ?? ''];
}
