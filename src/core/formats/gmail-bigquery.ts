/**
 * Google Workspace's Gmail logs, exported from BigQuery as JSON lines (Google, "Schema for Gmail logs in BigQuery"): rows of
 * `event_info` and `message_info`, alone or in the field `gmail` of Workspace logs.
 *
 * A message has a row for each stage of its way, and an export may hold any of them. So the rows of each stage are summed apart and one
 * stage is counted: the SMTP server's own rows where there are any, else the stage with the most. The service names are the connectors where they
 * are not the stock ones. `smtp_tls_state` 1 is a connection with TLS; what 0 means is documented nowhere we know of, so it says nothing.
 */
import { DirectionCode, FaultCode, OutcomeCode, TlsCode } from '../model';
import type { Sink } from '../reading/sink';
import { at, isObject, listOf, looksLike, numberOf, objectsOf, textOf, type JsonObject } from '../text/json';
import { Verdict, type Format, type Head, type Parser } from '../reading/format';
import { Hops, sinceEpoch } from './shared/hops';
import { mailDomain } from '../text/domain';
import { Candidates } from './shared/candidates';
import { verdictOfAll } from './shared/verdictofall';

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

class RowParser implements Parser {
  /** The rows of each stage in each direction, such as `in 1`. */
  readonly state;
  private readonly hops: Hops;

  constructor(private readonly sink: Sink) {
    this.hops = new Hops(sink);
    this.state = { stages: new Candidates(sink) };
  }

  line(bytes: Uint8Array, start: number, end: number, line: number): Verdict {
    const rows = objectsOf(bytes, start, end);
    if (!rows) return this.sink.skip('bad-json', line);
    const verdict = verdictOfAll(rows, (row) => this.row(isObject(row.gmail) ? row.gmail : row, line));
    return this.state.stages.endLine(false) ? Verdict.context : verdict;
  }

  finish(): void {
    const { stages } = this.state;
    const counted = ([server, ...others]: readonly string[]): string =>
      stages.events(server) > 0
        ? server
        : others.reduce((most, one) => (stages.events(one) > stages.events(most) ? one : most));
    stages.count([
      counted(inboundStages.map((action) => `in ${action}`)),
      counted(outboundStages.map((action) => `out ${action}`)),
    ]);
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
    this.state.stages.add(key, {
      direction: inbound ? DirectionCode.inbound : DirectionCode.outbound,
      outcome,
      fault: needed ? FaultCode.requiredTlsNotMet : FaultCode.none,
      tls: this.hops.tls(text('smtp_tls_version'), text('smtp_tls_state') === '1' ? TlsCode.tls : TlsCode.unknown),
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
    });
    return Verdict.context;
  }
}
