/**
 * Google Workspace's Gmail logs, exported from BigQuery as JSON lines (Google, "Schema for Gmail logs in BigQuery"):
 * rows of `event_info` and `message_info`, alone or in the field `gmail` of Workspace logs.
 *
 * A message has a row for each stage of its way, and an export may hold any of them. So the rows of each stage are
 * summed apart and one stage is counted: the SMTP server's own rows where there are any, else the stage with the most.
 * The service names are the connectors where they are not the stock ones. `smtp_tls_state` 1 is a connection with TLS;
 * what 0 means is documented nowhere we know of, so it says nothing.
 */
import { DirectionCode, FaultCode, OutcomeCode, TlsCode, type Milliseconds } from '../model';
import type { Sink } from '../reading/sink';
import { at, isObject, listOf, looksLike, numberOf, objectsOf, textOf, type JsonObject } from '../text/json';
import { Verdict, type Format, type Head, type Parser } from '../reading/format';
import { Hops, sinceEpoch, type Hop } from './shared/hops';
import { mailDomain } from '../text/domain';
import { Candidates } from './shared/candidates';
import { Misspelt } from './shared/misspelt';
import { verdictOfAll } from './shared/verdictofall';

export const gmailBigquery: Format = {
  id: 'gmail-bigquery',
  name: 'Gmail logs from BigQuery',
  repeats: 'lines',
  detect: isGmailLog,
  parser: (sink) => new RowParser(sink),
};

function isGmailLog({ lines }: Head): boolean {
  return looksLike(
    lines,
    (shape) =>
      (shape.has('event_info') && shape.has('message_info')) ||
      /^\{.{0,150}"(?:event_info|message_info)"\s*:/s.test(shape.get('gmail') ?? ''),
  );
}

/**
 * Stages by `action_type`: 1 received by the SMTP server, 10 sent by it, and for exports without those 2 accepted,
 * 3 handled by Gmail.
 */
const inboundStages = [1, 2, 3],
  outboundStages = [10, 2, 3];
const stockServices = new Set(['smtp-inbound', 'smtp-outbound']);

const keys = [
  ...['event_info', 'message_info', 'source', 'service', 'destination', 'action_type', 'timestamp_usec', 'success'],
  ...[
    'connection_info',
    'smtp_tls_version',
    'smtp_tls_state',
    'smtp_tls_cipher',
    'smtp_reply_code',
    'address',
    'gmail',
  ],
];

class RowParser implements Parser {
  /** The rows of each stage in each direction, such as `in 1`. */
  readonly state;
  private readonly hops: Hops;
  private readonly damagedKeys = new Misspelt(keys);

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
    if (this.damagedKeys.inKeysOf(row)) return this.sink.skip('bad-columns', line);
    const message = row.message_info;
    if (!isObject(message)) return this.sink.skip('other-format', line);
    const source = textOf(at(message, 'source', 'service'));
    const destinations = listOf(at(message, 'destination'));
    const remote = destinations.filter((one) => isSmtp(textOf(at(one, 'service'))));
    const action = numberOf(at(message, 'action_type'));
    const inbound = isSmtp(source) && inboundStages.includes(action);
    const outbound = !inbound && remote.length > 0 && outboundStages.includes(action);
    if (!inbound && !outbound) return Verdict.context;
    const time = sinceEpoch(at(row, 'event_info', 'timestamp_usec'), 0.001);
    if (Number.isNaN(time)) return this.sink.skip('bad-time', line);
    this.sink.covers(time);
    const { stages } = this.state;
    if (inbound) stages.add(`in ${action}`, this.received(row, source, destinations.length, time, line));
    else stages.add(`out ${action}`, this.sent(row, remote, time, line));
    return Verdict.context;
  }

  private received(row: JsonObject, service: string, recipients: number, time: Milliseconds, line: number): Hop {
    const text = connectionOf(row);
    return {
      direction: DirectionCode.inbound,
      outcome: outcomeOf(row, OutcomeCode.rejected),
      fault: faultOf(text),
      tls: this.tls(text),
      cipher: text('smtp_tls_cipher'),
      connector: stockServices.has(service) ? '' : service,
      address: text('smtp_in_connect_ip') || text('client_ip'),
      recipients: Math.max(1, recipients),
      bytes: numberOf(at(row.message_info, 'payload_size')),
      time,
      line,
    };
  }

  private sent(row: JsonObject, destinations: readonly unknown[], time: Milliseconds, line: number): Hop {
    const text = connectionOf(row),
      service = textOf(at(destinations[0], 'service'));
    return {
      direction: DirectionCode.outbound,
      outcome: outcomeOf(row, OutcomeCode.bounced),
      fault: faultOf(text),
      tls: this.tls(text),
      cipher: text('smtp_tls_cipher'),
      connector: stockServices.has(service) ? '' : service,
      host: text('smtp_out_remote_host') || mailDomain(textOf(at(destinations[0], 'address'))),
      address: text('smtp_out_connect_ip') || text('failed_smtp_out_connect_ip'),
      recipients: destinations.length,
      bytes: numberOf(at(row.message_info, 'payload_size')),
      time,
      line,
    };
  }

  private tls(text: Texts): TlsCode {
    return this.hops.tls(text('smtp_tls_version'), text('smtp_tls_state') === '1' ? TlsCode.tls : TlsCode.unknown);
  }
}

function isSmtp(service: string): boolean {
  return service.startsWith('smtp-');
}

/** The fields of an object as text, by their names. */
type Texts = (name: string) => string;

function connectionOf(row: JsonObject): Texts {
  const connection = at(row.message_info, 'connection_info');
  return (name) => textOf(at(connection, name));
}

function faultOf(connection: Texts): FaultCode {
  return connection('tls_required_but_unavailable') === 'true' ? FaultCode.requiredTlsNotMet : FaultCode.none;
}

/** @param refused what failed for good is in this direction. */
function outcomeOf(row: JsonObject, refused: OutcomeCode): OutcomeCode {
  if (textOf(at(row, 'event_info', 'success')) !== 'false') return OutcomeCode.accepted;
  const reply = numberOf(at(row.message_info, 'connection_info', 'smtp_reply_code'));
  return reply >= 400 && reply < 500 ? OutcomeCode.deferred : refused;
}
