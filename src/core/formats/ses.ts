/**
 * Amazon SES event records as JSON lines (Amazon, "Examples of event data that Amazon SES publishes"), bare as from
 * Firehose, wrapped by SNS, SQS, Lambda or EventBridge, and the records of Yandex Cloud Postbox, which copy their
 * shape.
 *
 * A delivery is an outbound hop. Its TLS version stands in the tag `ses:outgoing-tls-version`; a notification without
 * tags says nothing. The configuration set is the connector. The receiving server is not named, so its domain stands
 * for it.
 */
import { DirectionCode, OutcomeCode, TlsCode, type ProblemCode } from '../model';
import type { Sink } from '../reading/sink';
import { at, isObject, listOf, looksLike, objectsOf, parse, textOf, type JsonObject } from '../text/json';
import { Hops } from './shared/hops';
import { Misspelt } from './shared/misspelt';
import { mailDomain } from '../text/domain';
import { Verdict, type Format, type Head, type Parser } from '../reading/format';
import { verdictOfAll } from './shared/verdictofall';

export const ses: Format = {
  id: 'ses',
  name: 'Amazon SES events',
  repeats: 'lines',
  detect: isEventLog,
  parser: (sink) => new EventParser(sink),
};

const eventTypes = '(?:Send|Delivery|Bounce|Complaint|Reject|Open|Click|Rendering Failure|DeliveryDelay|Subscription)';
/** Events that are no hop to a mail server, of publishing, of notifications, and of mail that SES has received. */
const noHops = new RegExp(`^(?:${eventTypes}|Received|AmazonSnsSubscriptionSucceeded)$`);
const isEventType = new RegExp(`^"${eventTypes}"`);
/** The beginning of a record that stands as text or as an object inside a wrapper. */
const wrapped = new RegExp(
  `^"?\\{.{0,80}\\\\?"(?:eventType|notificationType)\\\\?":\\s*\\\\?"${eventTypes}\\\\?"`,
  's',
);
/** What the event of a message means; submissions, complaints and opened messages are no hop to a mail server. */
const outcomes: Readonly<Record<string, OutcomeCode>> = {
  Delivery: OutcomeCode.accepted,
  DeliveryDelay: OutcomeCode.deferred,
  Bounce: OutcomeCode.bounced,
  Reject: OutcomeCode.rejected,
};

function isEventLog({ lines }: Head): boolean {
  return looksLike(
    lines,
    (shape) =>
      (shape.has('mail') &&
        (isEventType.test(shape.get('eventType') ?? '') || isEventType.test(shape.get('notificationType') ?? ''))) ||
      (shape.get('Type') === '"Notification"' && wrapped.test(shape.get('Message') ?? '')) ||
      (shape.get('source') === '"aws.ses"' && shape.has('detail')) ||
      /^\[\s*\{.{0,180}"(?:EventSource|eventSource)":\s*"aws:(?:sns|sqs)"/s.test(shape.get('Records') ?? ''),
  );
}

/** Keys on which figures depend: of a record, of its mail and of the event; and of what delivers records. */
const recordKeys = new Misspelt(['eventType', 'notificationType', 'mail', 'delivery', 'deliveryDelay', 'bounce']);
const mailKeys = new Misspelt(['timestamp', 'destination', 'tags']);
const tagKeys = new Misspelt(['ses:outgoing-tls-version', 'ses:outgoing-tls-cipher', 'ses:configuration-set']);
const detailKeys = new Misspelt([
  ...['timestamp', 'recipients', 'bouncedRecipients', 'delayedRecipients', 'emailAddress', 'remoteMtaIp'],
]);
const wrapperKeys = new Misspelt(['Message', 'Sns', 'Records', 'body', 'detail']);

/** Wrappers in wrappers that are opened: SQS around SNS around a record. */
const deepest = 4;

class EventParser implements Parser {
  readonly state = {};
  private readonly hops: Hops;

  constructor(private readonly sink: Sink) {
    this.hops = new Hops(sink);
  }

  line(bytes: Uint8Array, start: number, end: number, line: number): Verdict {
    const records = objectsOf(bytes, start, end);
    if (!records) return this.sink.skip('bad-json', line);
    return verdictOfAll(
      records.flatMap((one) => unwrap(one, deepest)),
      (record) => (typeof record === 'string' ? this.sink.skip(record, line) : this.event(record, line)),
    );
  }

  private event(record: JsonObject, line: number): Verdict {
    const type = textOf(record.eventType) || textOf(record.notificationType);
    const outcome = Object.hasOwn(outcomes, type) ? outcomes[type] : undefined;
    if (outcome === undefined)
      return noHops.test(type) ? Verdict.context : this.sink.skip(type === '' ? 'bad-columns' : 'unknown-status', line);
    const details = record[type === 'DeliveryDelay' ? 'deliveryDelay' : type.toLowerCase()];
    if (!isObject(details) || isDamaged(record, details)) return this.sink.skip('bad-columns', line);
    const time = this.hops.time(textOf(at(details, 'timestamp')) || textOf(at(record, 'mail', 'timestamp')));
    if (Number.isNaN(time)) return this.sink.skip('bad-time', line);
    const tag = (name: string): string => textOf(listOf(at(record, 'mail', 'tags', name))[0]);
    const recipients = listOf(
      at(details, 'recipients') ??
        at(details, 'bouncedRecipients') ??
        at(details, 'delayedRecipients') ??
        at(record, 'mail', 'destination'),
    ).map((one) => textOf(isObject(one) ? one.emailAddress : one));
    this.hops.add({
      direction: DirectionCode.outbound,
      outcome,
      tls: this.hops.tls(tag('ses:outgoing-tls-version'), TlsCode.unknown),
      cipher: tag('ses:outgoing-tls-cipher'),
      connector: tag('ses:configuration-set'),
      host: mailDomain(recipients[0] ?? ''),
      address: textOf(at(details, 'remoteMtaIp')),
      recipients: Math.max(1, recipients.length),
      time,
      line,
    });
    return Verdict.used;
  }
}

/** Whether a key is damaged. The other tags of a mail are the sender's own. */
function isDamaged(record: JsonObject, details: JsonObject): boolean {
  return (
    recordKeys.inKeysOf(record, 1) ||
    mailKeys.inKeysOf(record.mail, 1) ||
    tagKeys.inKeysOf(at(record, 'mail', 'tags'), 1) ||
    detailKeys.inKeysOf(details)
  );
}

/**
 * The records inside what delivers them, or the object itself where it is one; else the reason. A message in
 * words is a notice of the service that delivers.
 */
function unwrap(value: unknown, depth: number): (JsonObject | ProblemCode)[] {
  const object = typeof value === 'string' ? parse(value) : value;
  if (!isObject(object)) return /[{}[\]"]/.test(textOf(value)) ? ['bad-json'] : [];
  if (isObject(object.mail) || recordKeys.inKeysOf(object, 1)) return [object];
  if (depth === 0) return ['other-format'];
  const inner = [object.Message, object.body, object.detail, at(object, 'Sns', 'Message'), ...listOf(object.Records)];
  const present = inner.filter((one) => one !== undefined && one !== null);
  if (wrapperKeys.inKeysOf(object, 2)) return ['bad-columns'];
  if (present.length === 0) return ['other-format'];
  return present.flatMap((one) => unwrap(one, depth - 1));
}
