/**
 * Proofpoint on Demand's two logs of its log service, as JSON lines: `message`, one record for each message that the filter took, with the
 * TLS of the connection by which it came; and `maillog`, sendmail's lines taken apart (`sm`, `tls`) with the raw line in `data`.
 *
 * A message record is an inbound hop, its policy routes stand for the connector. In the mail log `to=` is an outbound hop and `from=` the
 * same inbound hop once more: those are counted only where the data set has no message records.
 */
import type { CubeBuilder, IdMap } from '../cube/cubebuilder';
import { DirectionCode, OutcomeCode, TlsCode, type Milliseconds } from '../model';
import { Sink } from '../reading/sink';
import { at, isObject, listOf, looksLike, numberOf, objectsOf, textOf, type JsonObject } from '../text/json';
import { Verdict, type Format, type Head, type Parser } from '../reading/format';
import { Hops } from './shared/hops';
import { isLoopback } from './shared/loopback';

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
  /** The arrivals of the mail log, until it is known whether message records tell of them. */
  private arrivals: CubeBuilder;
  private arrivalHops: Hops;
  /** By file: lines whose arrival waits so. */
  private arrivalLines = new Map<number, number>();
  private messages = false;
  /** Whether the current line holds an arrival. */
  private arrived = false;

  constructor(private readonly sink: Sink) {
    this.hops = new Hops(sink);
    this.arrivals = sink.words.scratch();
    this.arrivalHops = this.waiting();
  }

  line(bytes: Uint8Array, start: number, end: number, line: number): Verdict {
    const records = objectsOf(bytes, start, end);
    if (!records) return this.sink.skip('bad-json', line);
    let verdict = Verdict.context;
    this.arrived = false;
    for (const record of records) {
      const one = this.record(record, line);
      verdict = verdict === Verdict.used || one === Verdict.used ? Verdict.used : Math.max(verdict, one);
    }
    if (!this.arrived || verdict === Verdict.used) return verdict;
    const file = this.sink.account.file.index;
    this.arrivalLines.set(file, (this.arrivalLines.get(file) ?? 0) + 1);
    return Verdict.used;
  }

  merge(other: Parser, _ids: IdMap, shift: readonly number[]): void {
    const right = other as PodParser;
    this.messages ||= right.messages;
    this.arrivals.merge(right.arrivals, shift);
    for (const [file, count] of right.arrivalLines)
      this.arrivalLines.set(file, (this.arrivalLines.get(file) ?? 0) + count);
  }

  finish(): void {
    if (!this.messages) this.sink.words.merge(this.arrivals, []);
    else
      for (const [file, count] of this.arrivalLines)
        for (let i = 0; i < count; i++) this.sink.amend(file, 'used', 'context');
  }

  advice(): string[] {
    return [];
  }

  save(): unknown {
    return { arrivals: this.arrivals, arrivalLines: this.arrivalLines, messages: this.messages };
  }

  load(saved: unknown): void {
    Object.assign(this, saved as object);
    this.arrivalHops = this.waiting();
  }

  private waiting(): Hops {
    return new Hops(new Sink(this.arrivals, this.sink.options, true));
  }

  private record(record: JsonObject, line: number): Verdict {
    const time = this.sink.time.any(new TextEncoder().encode(textOf(record.ts)), 0);
    if (Number.isNaN(time)) return this.sink.skip('bad-time', line);
    if (isObject(record.connection)) return this.message(record, record.connection, time, line);
    return isObject(record.sm) ? this.sendmail(record, record.sm, time, line) : Verdict.context;
  }

  private message(record: JsonObject, connection: JsonObject, time: Milliseconds, line: number): Verdict {
    this.messages = true;
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
    this.arrivalHops.add({
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
      file: this.sink.account.file.index,
    });
    this.arrived = true;
    return Verdict.context;
  }
}

/** Host and address of sendmail's `relay=`: `mx.example. [192.0.2.1]`, `[IPv6:2001:db8::1]`, `mx.example [192.0.2.1] (may be forged)`. */
function relayOf(text: string): [host: string, address: string] {
  const match = /^([^\s[]*)\s*(?:\[([^\]]{1,64})\])?/.exec(text);
  return [match?.[1] ?? '', match?.[2] ?? ''];
}
