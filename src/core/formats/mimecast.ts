/**
 * Mimecast's SIEM logs of mail ("MTA" data; Mimecast, "Understanding SIEM logs"): version 1 as `key=value|key=value`
 * and as JSON, version 2 as JSON. Every message has a receipt row, when Mimecast took it, and a delivery row for each
 * attempt to hand it on; the rows in between (process, spam, journal, URL protection …) say nothing of transport.
 *
 * A receipt is an inbound hop and a delivery an outbound one; mail between users of one organisation is internal. A
 * delivery says in words whether TLS was used. A receipt names a version or nothing, so that nothing means no TLS only
 * where other receipts name one.
 */
import { DirectionCode, OutcomeCode, TlsCode, type Milliseconds } from '../model';
import type { Sink } from '../reading/sink';
import { isJson, isObject, looksLike, objectsOf, textOf, type JsonObject } from '../text/json';
import { decode } from '../text/words';
import { Verdict, type Format, type Head, type Parser } from '../reading/format';
import { Hops, sinceEpoch } from './shared/hops';
import { Misspelt } from './shared/misspelt';
import { verdictOfAll } from './shared/verdictofall';

export const mimecast: Format = {
  id: 'mimecast',
  name: 'Mimecast SIEM',
  repeats: 'lines',
  detect: isSiemLog,
  parser: (sink) => new SiemParser(sink),
};

/** A row of version 1 as key and value pairs: the time first, then in any order the message's code and the account. */
const pairs = /^datetime=[^|]{10,40}\|(?=(?:.*\|)?aCode=)(?=(?:.*\|)?acc=)/;

function isSiemLog({ lines }: Head): boolean {
  return (
    lines.slice(0, 20).some((line) => pairs.test(line.slice(0, 4096))) ||
    looksLike(
      lines,
      (shape) =>
        (shape.has('acc') &&
          shape.has('datetime') &&
          (shape.has('aCode') || shape.has('MsgId') || shape.has('sourceIp'))) ||
        (shape.has('accountId') && shape.has('aggregateId') && shape.has('processingId') && shape.has('timestamp')) ||
        (shape.get('type') === '"MTA"' && /^\[\s*\{.*"acc"/s.test(shape.get('data') ?? '')),
    )
  );
}

const keys = [
  ...[
    'acc',
    'aCode',
    'datetime',
    'Dir',
    'Act',
    'Rcpt',
    'IP',
    'TlsVer',
    'Cphr',
    'Delivered',
    'UseTls',
    'Route',
    'RejCode',
    'Snt',
  ],
  ...['accountId', 'timestamp', 'type', 'subtype', 'action', 'direction', 'recipients', 'tlsVersion', 'tlsCipher'],
  ...['delivered', 'tlsUsed', 'route', 'rejectionCode', 'emailSize', 'senderIp', 'destinationIp', 'data'],
];
const pairKeys = ['Dir', 'Act', 'Rcpt', 'TlsVer', 'UseTls', 'Delivered', 'Route'];
const types = ['receipt', 'delivery'];

/** A row of either version. */
interface SiemRecord {
  /** A field as text, empty where it is missing: version 2 has a name of its own for everything of version 1. */
  field(v1: string, v2: string): string;
  host: string;
  subtype: string;
  time: Milliseconds;
  line: number;
}

function typeOf(row: JsonObject): string {
  if ('accountId' in row) return textOf(row.type);
  if ('Delivered' in row) return 'delivery';
  return 'Dir' in row && 'Act' in row && 'Rcpt' in row ? 'receipt' : '';
}

function isInternal(field: SiemRecord['field']): boolean {
  return field('Dir', 'direction').toLowerCase() === 'internal';
}

function recipientsOf(field: SiemRecord['field']): number {
  return field('Rcpt', 'recipients').split(/[;,]/).length;
}

class SiemParser implements Parser {
  readonly state = {};
  private readonly hops: Hops;
  private readonly receipts: number;
  private readonly damagedKeys = new Misspelt(keys, ['recipient', 'types', 'actions']);
  private readonly damagedActions = new Misspelt(['acc', 'rej']);
  private readonly damagedTypes = new Misspelt(types);

  constructor(private readonly sink: Sink) {
    this.hops = new Hops(sink);
    this.receipts = sink.evidenceOfTable('mimecast receipts');
  }

  line(bytes: Uint8Array, start: number, end: number, line: number): Verdict {
    if (!isJson(bytes, start, end)) return this.pairs(decode(bytes.subarray(start, end)), line);
    const rows = objectsOf(bytes, start, end)?.flatMap((one) =>
      one.type === 'MTA' && Array.isArray(one.data) ? one.data.filter(isObject) : [one],
    );
    if (!rows) return this.sink.skip('bad-json', line);
    return verdictOfAll(rows, (row) => this.row(row, line));
  }

  private pairs(text: string, line: number): Verdict {
    // A pair that is cut off, or another row behind this one.
    const isDamaged =
      !text.startsWith('datetime=') || text.includes('\0') || /\|\w*$/.test(text) || /[^\w-]datetime=\d{4}-/.test(text);
    if (isDamaged) return this.sink.skip('bad-line', line);
    const row: Record<string, string> = Object.create(null) as Record<string, string>;
    for (const pair of text.split('|')) {
      const equals = pair.indexOf('=');
      const key = pair.slice(0, Math.max(0, equals));
      // A bar in a value, such as a subject, makes a piece without key. One that contradicts another leaves open which
      // is the real one.
      if (!/^\w{1,40}$/.test(key)) continue;
      const value = pair.slice(equals + 1);
      if ((row[key] ?? value) !== value) return this.sink.skip('bad-columns', line);
      row[key] = value;
    }
    // A bar is lost, so that a pair stands in the value of another.
    if (pairKeys.some((one) => !(one in row) && text.includes(`${one}=`))) return this.sink.skip('bad-columns', line);
    return this.row(row, line);
  }

  private row(row: JsonObject, line: number): Verdict {
    const type = typeOf(row);
    if (this.damagedKeys.inKeysOf(row, 1) || this.damagedTypes.has(type)) return this.sink.skip('bad-columns', line);
    if (type !== 'delivery' && type !== 'receipt') {
      // Rows that say nothing of transport name no direction.
      return 'Dir' in row !== 'Rcpt' in row || ('Dir' in row && !('Act' in row))
        ? this.sink.skip('unfinished-record', line)
        : Verdict.context;
    }
    const second = 'accountId' in row;
    const time = second ? sinceEpoch(row.timestamp, 1) : this.hops.time(textOf(row.datetime));
    if (Number.isNaN(time)) return this.sink.skip('bad-time', line);
    this.sink.covers(time);
    const record: SiemRecord = {
      field: (v1, v2) => textOf(row[second ? v2 : v1]),
      host: second ? textOf(row.Hostname) || textOf(row.hostname) : '',
      subtype: textOf(row.subtype),
      time,
      line,
    };
    return type === 'receipt' ? this.receipt(record) : this.delivery(record);
  }

  private receipt({ field, subtype, time, line }: SiemRecord): Verdict {
    const version = field('TlsVer', 'tlsVersion');
    if (version !== '') this.sink.showsTls(this.receipts, time);
    const action = (field('Act', 'action') || subtype).toLowerCase();
    if (action !== 'acc' && action !== 'rej') return this.unknownAction(action, line);
    this.hops.add({
      direction: isInternal(field) ? DirectionCode.internal : DirectionCode.inbound,
      outcome: action === 'acc' ? OutcomeCode.accepted : OutcomeCode.rejected,
      tls: this.hops.tls(version, TlsCode.absent),
      cipher: field('Cphr', 'tlsCipher'),
      evidence: version === '' ? this.sink.absent(this.receipts, time) : 0,
      address: field('IP', 'senderIp'),
      recipients: recipientsOf(field),
      time,
      line,
    });
    return Verdict.used;
  }

  /** Messages that are held, or skipped as their recipients are unknown, were not taken in; another word may be damaged. */
  private unknownAction(action: string, line: number): Verdict {
    return this.damagedActions.has(action) ? this.sink.skip('unknown-status', line) : Verdict.context;
  }

  private delivery({ field, host, time, line }: SiemRecord): Verdict {
    const stated = field('Delivered', 'delivered'),
      delivered = /^(?:true|yes|1)$/i.test(stated);
    if (!delivered && !/^(?:false|no|0)$/i.test(stated)) return this.sink.skip('unknown-status', line);
    const code = Number.parseInt(field('RejCode', 'rejectionCode'), 10);
    const failed = code >= 500 ? OutcomeCode.bounced : OutcomeCode.deferred;
    this.hops.add({
      direction: isInternal(field) ? DirectionCode.internal : DirectionCode.outbound,
      outcome: delivered ? OutcomeCode.accepted : failed,
      tls: this.deliveryTls(field('UseTls', 'tlsUsed').toLowerCase(), field('TlsVer', 'tlsVersion')),
      cipher: field('Cphr', 'tlsCipher'),
      connector: field('Route', 'route'),
      host,
      address: field('IP', 'destinationIp'),
      recipients: recipientsOf(field),
      bytes: Number(field('Snt', 'emailSize')),
      time,
      line,
    });
    return Verdict.used;
  }

  private deliveryTls(used: string, version: string): TlsCode {
    if (used === 'no') return TlsCode.none;
    return this.hops.tls(version, used === 'yes' ? TlsCode.tls : TlsCode.unknown);
  }
}
