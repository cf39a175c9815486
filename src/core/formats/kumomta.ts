/**
 * KumoMTA's delivery logs as JSON lines (KumoMTA, "Log Record"): one record for each reception, delivery, failure.
 *
 * The TLS fields are left out where there was no TLS, but also by versions that did not write them yet (for receptions
 * before 2025.10.06): a record without them had no TLS only where others of its kind have them. The egress pool is the
 * connector of deliveries, the listener that of receptions, where the logger is set to record `received_via`.
 */
import { DirectionCode, OutcomeCode, TlsCode } from '../model';
import type { Sink } from '../reading/sink';
import { at, listOf, looksLike, numberOf, objectsOf, textOf, type JsonObject } from '../text/json';
import { Hops, sinceEpoch } from './shared/hops';
import { mailDomain } from '../text/domain';
import { Verdict, type Format, type Head, type Parser } from '../reading/format';
import { verdictOfAll } from './shared/verdictofall';

export const kumomta: Format = {
  id: 'kumomta',
  name: 'KumoMTA',
  repeats: 'lines',
  byServer: true,
  detect: isDeliveryLog,
  parser: (sink) => new RecordParser(sink),
};

const outcomes: Readonly<Record<string, OutcomeCode>> = {
  Reception: OutcomeCode.accepted,
  Rejection: OutcomeCode.rejected,
  Delivery: OutcomeCode.accepted,
  Bounce: OutcomeCode.bounced,
  Expiration: OutcomeCode.bounced,
  AdminBounce: OutcomeCode.bounced,
  TransientFailure: OutcomeCode.deferred,
};
/** The types of records, also of those that are no hop of mail. */
const otherTypes = ['Delay', 'OOB', 'Feedback', 'Xfer\\w{0,8}', 'DeferredInjectionRebind'];
const recordTypes = new RegExp(`^"(?:${[...Object.keys(outcomes), ...otherTypes].join('|')})"$`);

function isDeliveryLog({ lines }: Head): boolean {
  return looksLike(
    lines,
    (shape) =>
      recordTypes.test(shape.get('type') ?? '') &&
      shape.has('sender') &&
      shape.has('recipient') &&
      (shape.has('nodeid') || shape.has('egress_pool') || shape.has('bounce_classification')),
  );
}

class RecordParser implements Parser {
  readonly state = {};
  private readonly hops: Hops;
  private readonly receptions: number;
  private readonly deliveries: number;

  constructor(private readonly sink: Sink) {
    this.hops = new Hops(sink);
    this.receptions = sink.evidenceOfTable('kumomta receptions');
    this.deliveries = sink.evidenceOfTable('kumomta deliveries');
  }

  line(bytes: Uint8Array, start: number, end: number, line: number): Verdict {
    const records = objectsOf(bytes, start, end);
    if (!records) return this.sink.skip('bad-json', line);
    return verdictOfAll(records, (record) => this.record(record, line));
  }

  private record(record: JsonObject, line: number): Verdict {
    const type = textOf(record.type);
    const outcome = Object.hasOwn(outcomes, type) ? outcomes[type] : undefined;
    const inbound = type === 'Reception' || type === 'Rejection';
    // Mail can come by HTTP and go into a Maildir or a script: no SMTP hop. Failures may have no protocol.
    const protocol = textOf(inbound ? record.reception_protocol : record.delivery_protocol);
    if (outcome === undefined || (protocol !== '' && !/SMTP/i.test(protocol))) return Verdict.context;
    const time = sinceEpoch(record.timestamp, 1000);
    if (Number.isNaN(time)) return this.sink.skip('bad-time', line);
    this.sink.covers(time);
    const version = textOf(record.tls_protocol_version);
    const evidence = inbound ? this.receptions : this.deliveries;
    if (version !== '') this.sink.showsTls(evidence, time);
    const recipients = listOf(record.recipient).map(textOf);
    this.hops.add({
      direction: inbound ? DirectionCode.inbound : DirectionCode.outbound,
      outcome,
      tls: this.hops.tls(version, TlsCode.absent),
      cipher: textOf(record.tls_cipher),
      server: textOf(record.nodeid),
      evidence: version === '' ? this.sink.absent(evidence, time) : 0,
      connector: inbound ? textOf(at(record, 'meta', 'received_via')) : egressOf(record),
      // The name of a sender is what it called itself in EHLO, so its address stands for it.
      host: inbound ? '' : receiverOf(record, recipients),
      address: textOf(at(record, 'peer_address', 'addr')),
      recipients: Math.max(1, recipients.length),
      bytes: numberOf(record.size),
      time,
      line,
    });
    return Verdict.used;
  }
}

/** The name of the server that took a message, else the domain of its first recipient. */
function receiverOf(record: JsonObject, recipients: readonly string[]): string {
  return textOf(at(record, 'peer_address', 'name')) || mailDomain(recipients[0] ?? '');
}

/** The egress pool, else the egress source; empty where neither has a name. */
function egressOf(record: JsonObject): string {
  const named = (name: string) => name !== '' && name !== 'unspecified';
  return [textOf(record.egress_pool), textOf(record.egress_source)].find(named) ?? '';
}
