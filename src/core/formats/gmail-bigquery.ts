/**
 * Google Workspace's Gmail logs, exported from BigQuery as JSON lines (Google, "Schema for Gmail logs in BigQuery"): rows of
 * `event_info` and `message_info`, alone or in the field `gmail` of Workspace logs.
 *
 * A message has a row for each stage of its way, and an export may hold any of them. So the rows of each stage are summed apart and one
 * stage is counted: the SMTP server's own rows where there are any, else the stage with the most. The service names are the connectors where they
 * are not the stock ones. `smtp_tls_state` 1 is a connection with TLS; what 0 means is documented nowhere we know of, so it says nothing.
 */
import type { CubeBuilder, IdMap } from '../cube/cubebuilder';
import { DirectionCode, FaultCode, OutcomeCode, TlsCode } from '../model';
import { Sink } from '../reading/sink';
import { at, isObject, listOf, looksLike, numberOf, objectsOf, textOf, type JsonObject } from '../text/json';
import { Verdict, type Format, type Head, type Parser } from '../reading/format';
import { Hops, sinceEpoch } from './shared/hops';
import { mailDomain } from '../text/domain';

export const gmailBigquery: Format = {
  id: 'gmail-bigquery',
  name: 'Gmail logs from BigQuery',
  detect,
  parser: (sink) => new RowParser(sink),
};

function detect({ lines }: Head): boolean {
  return looksLike(
    lines,
    (shape) =>
      (shape.has('event_info') && shape.has('message_info')) ||
      /^\{.{0,150}"(?:event_info|message_info)"\s*:/s.test(shape.get('gmail') ?? ''),
  );
}

/** Stages by `action_type`: 1 received by the SMTP server, 10 sent by it, and for exports without those 2 accepted, 3 handled by Gmail. */
const inboundStages = [1, 2, 3],
  outboundStages = [10, 2, 3];
const stockServices = new Set(['smtp-inbound', 'smtp-outbound']);

/** The rows of one stage in one direction: what they count, and their lines by file. */
interface Stage {
  sums: CubeBuilder;
  lines: Map<number, number>;
}

class RowParser implements Parser {
  private stages = new Map<string, Stage>();
  private hops = new Map<string, Hops>();
  /** Whether a stage counts the current line as its own. */
  private claimed = false;

  constructor(private readonly sink: Sink) {}

  line(bytes: Uint8Array, start: number, end: number, line: number): Verdict {
    const rows = objectsOf(bytes, start, end);
    if (!rows) return this.sink.skip('bad-json', line);
    let verdict = Verdict.context;
    this.claimed = false;
    for (const row of rows) verdict = Math.max(verdict, this.row(isObject(row.gmail) ? row.gmail : row, line));
    return this.claimed ? Verdict.context : verdict;
  }

  merge(other: Parser, _ids: IdMap, shift: readonly number[]): void {
    for (const [key, right] of (other as RowParser).stages) {
      const { sums, lines } = this.stage(key);
      sums.merge(right.sums, shift);
      for (const [file, count] of right.lines) lines.set(file, (lines.get(file) ?? 0) + count);
    }
  }

  finish(): void {
    for (const [direction, actions] of [
      ['in', inboundStages],
      ['out', outboundStages],
    ] as const) {
      const [server, ...others] = actions.map((action) => this.stages.get(`${direction} ${action}`));
      const stage = server ?? others.reduce((most, one) => (rowsOf(one) > rowsOf(most) ? one : most));
      if (!stage) continue;
      this.sink.words.merge(stage.sums, []);
      for (const [file, count] of stage.lines) for (let i = 0; i < count; i++) this.sink.amend(file, 'context', 'used');
    }
  }

  advice(): string[] {
    return [];
  }

  save(): unknown {
    return this.stages;
  }
  load(saved: unknown): void {
    this.stages = saved as Map<string, Stage>;
    this.hops = new Map();
  }

  private stage(key: string): Stage {
    let stage = this.stages.get(key);
    if (!stage) this.stages.set(key, (stage = { sums: this.sink.words.scratch(), lines: new Map() }));
    return stage;
  }

  private hopsOf(key: string): Hops {
    let hops = this.hops.get(key);
    if (!hops) this.hops.set(key, (hops = new Hops(new Sink(this.stage(key).sums, this.sink.options, true))));
    return hops;
  }

  /** Every row is context at first: which stage counts is known at the end. */
  private row(row: JsonObject, line: number): Verdict {
    const message = row.message_info;
    const source = textOf(at(message, 'source', 'service'));
    const destinations = listOf(at(message, 'destination')).filter((one) => /^smtp-/.test(textOf(at(one, 'service'))));
    const action = numberOf(at(message, 'action_type'));
    const inbound = /^smtp-/.test(source) && inboundStages.includes(action);
    const outbound = !inbound && destinations.length > 0 && outboundStages.includes(action);
    if (!inbound && !outbound) return Verdict.context;
    const time = sinceEpoch(at(row, 'event_info', 'timestamp_usec'), 0.001);
    if (Number.isNaN(time)) return this.sink.skip('bad-time', line);

    const connection = at(message, 'connection_info');
    const text = (name: string): string => textOf(at(connection, name));
    const success = textOf(at(row, 'event_info', 'success')) !== 'false';
    const reply = numberOf(at(connection, 'smtp_reply_code'));
    const outcome = success
      ? OutcomeCode.accepted
      : reply >= 400 && reply < 500
        ? OutcomeCode.deferred
        : inbound
          ? OutcomeCode.rejected
          : OutcomeCode.bounced;
    const needed = text('tls_required_but_unavailable') === 'true';
    const service = inbound ? source : textOf(at(destinations[0], 'service'));
    const recipients = inbound ? listOf(at(message, 'destination')) : destinations;
    const key = `${inbound ? 'in' : 'out'} ${action}`;
    const file = this.sink.account.file.index;
    this.hopsOf(key).add({
      direction: inbound ? DirectionCode.inbound : DirectionCode.outbound,
      outcome,
      fault: needed ? FaultCode.requiredTlsNotMet : FaultCode.none,
      tls: this.hopsOf(key).tls(
        text('smtp_tls_version'),
        text('smtp_tls_state') === '1' ? TlsCode.tls : TlsCode.unknown,
      ),
      cipher: text('smtp_tls_cipher'),
      connector: stockServices.has(service) ? '' : service,
      host: inbound ? '' : text('smtp_out_remote_host') || mailDomain(textOf(at(destinations[0], 'address'))),
      address: inbound
        ? text('smtp_in_connect_ip') || text('client_ip')
        : text('smtp_out_connect_ip') || text('failed_smtp_out_connect_ip'),
      recipients: Math.max(1, recipients.length),
      bytes: numberOf(at(message, 'payload_size')),
      time,
      line,
      file,
    });
    const { lines } = this.stage(key);
    if (!this.claimed) lines.set(file, (lines.get(file) ?? 0) + 1);
    this.claimed = true;
    return Verdict.context;
  }
}

function rowsOf(stage: Stage | undefined): number {
  return stage ? [...stage.lines.values()].reduce((sum, n) => sum + n, 0) : 0;
}
