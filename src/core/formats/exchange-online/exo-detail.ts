/**
 * The details of single messages in Exchange Online: what Get-MessageTraceDetail and Get-MessageTraceDetailV2 give
 * with Export-Csv. One row an event: `MessageTraceId,Date,Event,Action,Detail,Data`.
 *
 * TLS and connector stand in the custom data within the XML of `Data` (`CustomData`), TLS also in the English text of
 * `Detail`: `Message received by: HOST using TLS1.2 with AES256`. A message is inbound at its first `Receive` from
 * outside. What a user of the organisation sent (`Submit`) did not come from outside, unless it came over a
 * connector. It is outbound at each `Send external`.
 */
import {
  DirectionCode,
  FaultCode,
  ForcedCode,
  OutcomeCode,
  TlsCode,
  UnitCode,
  type MailEvent,
  type Milliseconds,
} from '../../model';
import type { Sink } from '../../reading/sink';
import { Fingerprint } from '../../text/fingerprint';
import type { TableRow } from '../shared/row';
import { findTable, type Table } from '../../text/table';
import { tlsVersion } from '../../text/tls';
import { decode } from '../../text/words';
import { Identity } from '../exchange-smtp/accepted';
import { columnsOf, hasColumns, type ColumnNames } from '../shared/columnnames';
import { isDamagedGuid } from '../shared/guid';
import { Misspelt } from '../shared/misspelt';
import { CustomData, type Span } from '../exchange-tracking/customdata';
import { Verdict, type Format, type Head } from '../../reading/format';
import { hostName } from '../shared/hops';
import { Deduplicator } from '../shared/deduplicator';
import { KeySet } from '../shared/keyset';
import { tableParser, type TableReader, type TableUser } from '../shared/tablereader';

/** An extended trace has the same messages, with more of each. */
const after = ['exo-extended'];

export const exoDetail: Format = {
  id: 'exo-detail',
  name: 'Exchange Online message trace detail',
  repeats: 'parser',
  detect: ({ lines }: Head) => findTable(lines, isDetail) !== undefined,
  after,
  parser: (sink) => tableParser(sink, new DetailRows(sink), true),
};

function isDetail(names: readonly string[]): boolean {
  return hasColumns(names, 'messagetraceid', 'date', 'event', 'detail') && !hasColumns(names, 'senderaddress');
}

/** What a Receive row shows of where the message came from. */
const enum Origin {
  unsaid,
  outside,
  connector,
}

const using = / using (\S+?)(?: with (\S+?))?[.,;]?(?:\s|$)/;
const sentTo = /\bsent to:? (\S+?)(?: at (\S+?))?(?: using |[,;.]?(?:\s|$))/;
const customData = /<MEP Name="CustomData" (?:Blob|String)="([^"]*)"/;
const clientIp = /<MEP Name="ClientIP" String="([^"]{1,64})"/;
const encoder = new TextEncoder();

const columnNames = {
  id: ['messagetraceid'],
  date: ['date'],
  event: ['event'],
  detail: ['detail'],
  data: ['data'],
} satisfies ColumnNames;

class DetailRows implements TableUser {
  readonly fits = isDetail;
  readonly names = columnNames;
  readonly state: { deduplicator: Deduplicator; submitted: KeySet };
  private readonly deduplicator: Deduplicator;
  private readonly custom: CustomData;
  private readonly message = new Fingerprint();
  private readonly print = new Fingerprint();
  /** Messages that the organisation's own users sent. */
  private readonly submitted = new KeySet();
  private columns = columnsOf([], columnNames);
  private readonly misspeltWords = new Misspelt(['using']);
  private readonly misspeltNames = new Misspelt(['CustomData', 'ClientIP']);
  private readonly misspelt = new Misspelt(['receive', 'sendexternal', 'submit']);

  constructor(private readonly sink: Sink) {
    this.custom = new CustomData(sink.words.connectors, sink.words.ciphers);
    this.deduplicator = new Deduplicator(sink, {
      replaces: (kept, keptOrigin, other, otherOrigin) =>
        otherOrigin !== keptOrigin ? otherOrigin > keptOrigin : other.time < kept.time,
      counts: (event, origin, a, b) =>
        event.direction === DirectionCode.outbound || origin === Origin.connector || !this.submitted.has(a, b),
      after,
    });
    this.state = { deduplicator: this.deduplicator, submitted: this.submitted };
  }

  open({ names }: Table): number {
    return (this.columns = columnsOf(names, columnNames)).date;
  }

  finish(): void {
    this.deduplicator.finish();
  }

  take(row: TableRow, line: number, reader: TableReader): Verdict {
    const { columns } = this;
    const kind = row
      .string(columns.event)
      .toLowerCase()
      .replace(/[^a-z]/g, '');
    if (this.misspelt.has(kind)) return this.sink.skip('bad-line', line);
    if (kind !== 'receive' && kind !== 'sendexternal' && kind !== 'submit') return Verdict.context;
    row.cell(columns.id);
    if (isDamagedGuid(row.text, row.start, row.end)) return this.sink.skip('bad-line', line);
    const message = this.message.of(Identity.network).text(row.text, row.start, row.end);
    // It decides whether the message came from outside.
    if (kind === 'submit') this.submitted.add(message);
    const time = reader.time(row);
    if (Number.isNaN(time)) return this.sink.skip('bad-time', line);
    if (kind === 'submit') return Verdict.used;
    const detail = row.string(columns.detail),
      data = row.string(columns.data);
    const event = this.event(time, line, detail, data);
    if (this.custom.damaged || this.isDamaged(detail, data)) return this.sink.skip('bad-line', line);
    return kind === 'receive' ? this.receive(message, event, data) : this.send(message, event, detail);
  }

  /** Whether what states TLS, custom data or the client is one letter away from what is read. */
  private isDamaged(detail: string, data: string): boolean {
    const words = using.test(detail) ? [] : detail.split(/[^A-Za-z]+/);
    if (words.some((word) => word === 'using' || this.misspeltWords.has(word))) return true;
    const names = [...data.matchAll(/Name="([^"]*)"/g)].map(([, name]) => name);
    return (
      names.some((name) => this.misspeltNames.has(name)) ||
      (!customData.test(data) && /\bCustomData\b|\bS:[\w.]+=/.test(data)) ||
      (!clientIp.test(data) && /\bClientIP\b/.test(data))
    );
  }

  /** What both kinds of rows have: custom data, and TLS from there or from the text. */
  private event(time: Milliseconds, line: number, detail: string, data: string): MailEvent {
    const { custom } = this;
    const blob = encoder.encode(unescaped(customData.exec(data)?.[1] ?? ''));
    custom.read(blob, 0, blob.length);
    const [, version, cipher = ''] = using.exec(detail) ?? [];
    const stated = version === undefined ? TlsCode.absent : (tlsVersion(version) ?? TlsCode.unknown);
    return {
      unit: UnitCode.message,
      direction: DirectionCode.inbound,
      outcome: OutcomeCode.accepted,
      tls: custom.tls === TlsCode.absent ? stated : custom.tls,
      fault: FaultCode.none,
      forced: ForcedCode.unknown,
      type: custom.type,
      connector: 0,
      cipher: custom.cipher || this.sink.words.ciphers.internText(cipher),
      server: 0,
      remote: 0,
      address: 0,
      evidence: 0,
      time,
      count: 1,
      recipients: 1,
      bytes: 0,
      line,
      tlsAt: 0,
    };
  }

  private receive(message: Fingerprint, event: MailEvent, data: string): Verdict {
    const { custom } = this;
    const { words } = this.sink;
    const client = clientIp.exec(data)?.[1] ?? '';
    const address = custom.clientIp.end > 0 ? this.textOf(custom.clientIp) : client;
    const host = custom.clientHost.end > 0 ? this.textOf(custom.clientHost) : address;
    const origin = this.origin(event.tls);
    // "Message received by" without TLS may be a hop inside the service; only with the client's address it is none.
    if (event.tls === TlsCode.absent && origin === Origin.unsaid) event.tls = TlsCode.unknown;
    this.judge(event, 'exchange-online-receive');
    event.connector = custom.inbound;
    event.address = words.addresses.internText(hostName(address));
    event.remote = words.remotes.internText(hostName(host));
    return this.deduplicator.offer(message, DirectionCode.inbound, event, origin, message);
  }

  /** What the row at hand shows of where its message came from. */
  private origin(tls: TlsCode): Origin {
    if (this.custom.inbound !== 0) return Origin.connector;
    return tls !== TlsCode.absent || this.custom.clientIp.end > 0 ? Origin.outside : Origin.unsaid;
  }

  /** Gives an event without TLS its evidence; one with TLS is evidence for others. */
  private judge(event: MailEvent, name: string): void {
    const evidence = this.sink.evidenceOfTable(name);
    if (event.tls === TlsCode.absent) event.evidence = this.sink.absent(evidence, event.time);
    else if (event.tls !== TlsCode.unknown) this.sink.showsTls(evidence, event.time);
  }

  private send(message: Fingerprint, event: MailEvent, detail: string): Verdict {
    const { words } = this.sink;
    const [, host = '', address = ''] = sentTo.exec(detail) ?? [];
    this.judge(event, 'exchange-online-send');
    event.direction = DirectionCode.outbound;
    event.connector = this.custom.outbound;
    event.address = words.addresses.internText(hostName(address));
    event.remote = words.remotes.internText(hostName(host || address));
    const text = encoder.encode(`${event.time} ${detail}`);
    return this.deduplicator.offer(
      this.print.of(message.a).number(message.b).text(text, 0, text.length),
      DirectionCode.outbound,
      event,
      0,
      message,
    );
  }

  private textOf({ start, end }: Span): string {
    return decode(this.custom.text.subarray(start, end));
  }
}

/** Text of an XML attribute as it is meant (XML 1.0, 4.6). */
function unescaped(text: string): string {
  return text.replace(
    /&(?:lt|gt|quot|apos|amp);/g,
    (entity) => ({ '&lt;': '<', '&gt;': '>', '&quot;': '"', '&apos;': "'", '&amp;': '&' })[entity]!,
  );
}
