import { DirectionCode, FaultCode, ForcedCode, OutcomeCode, TlsCode, UnitCode, type Milliseconds } from '../../model';
import { Verdict } from '../../reading/format';
import type { Sink } from '../../reading/sink';
import { at, isObject, listOf, numberOf, textOf } from '../../text/json';
import type { Hops } from '../shared/hops';

/** What a policy demands of the sender (RFC 8461, section 5; RFC 7672). `none`: mail goes in clear where TLS fails. */
const enum Demand {
  unknown,
  none,
  tls,
}

/** What all sessions of a report have in common. */
interface Report {
  connector: string;
  time: Milliseconds;
  line: number;
  file: number;
}

/** Why sessions failed, and how many. */
interface Failure {
  type: string;
  host: string;
  sender: string;
  count: number;
}

/**
 * Counts one TLS report (RFC 8460, section 4.4): sessions, each policy's successes and failures apart. The report was
 * made by the sender named in it about mail to us, so the direction is inbound and the sender's name stands for the
 * connector. Real reports deviate: counts missing or given as text, unknown policy types, no policies, details
 * without hosts or in a sum that is not the total. `line` is where the report begins.
 */
export function countReport(value: unknown, sink: Sink, hops: Hops, line: number, file: number): Verdict {
  if (!isObject(value) || !('policies' in value || 'date-range' in value)) {
    sink.note('other-format', line, file);
    return Verdict.skipped;
  }
  const stamp = new TextEncoder().encode(textOf(at(value, 'date-range', 'start-datetime')));
  const time = sink.time.iso(stamp, 0);
  if (Number.isNaN(time)) {
    sink.note('bad-time', line, file);
    return Verdict.skipped;
  }
  const end = new TextEncoder().encode(textOf(at(value, 'date-range', 'end-datetime')));
  sink.covers(time, sink.time.iso(end, 0) + 1000, file);
  const report = { connector: textOf(value['organization-name']), time, line, file };
  const counted = listOf(value.policies).map((policy) => new PolicyCount(policy, report, sink, hops).add());
  return counted.includes(true) ? Verdict.used : Verdict.context;
}

/** Counts the sessions under one policy. */
class PolicyCount {
  private readonly demand: Demand;
  private counted = false;

  constructor(
    private readonly policy: unknown,
    private readonly report: Report,
    private readonly sink: Sink,
    private readonly hops: Hops,
  ) {
    this.demand = demandOf(at(policy, 'policy'));
  }

  /** Returns whether there were sessions. */
  add(): boolean {
    const { policy } = this;
    this.sessions(
      this.number(at(policy, 'summary', 'total-successful-session-count')) ?? 0,
      OutcomeCode.accepted,
      TlsCode.tls,
      onlyHost(at(policy, 'policy', 'mx-host')),
    );
    this.failures();
    return this.counted;
  }

  private failures(): void {
    const details = listOf(at(this.policy, 'failure-details')).map((detail) => this.failure(detail));
    const sum = details.reduce((n, { count }) => n + count, 0);
    const total = this.number(at(this.policy, 'summary', 'total-failure-session-count')) ?? sum;
    // One session can fail for two reasons, so the details may exceed the total: it is the total that counts sessions.
    if (sum > total) this.sink.note('bad-number', this.report.line, this.report.file);
    let left = total;
    // A server without STARTTLS is the one reason that says whether mail went in clear, so it is taken first.
    for (const detail of [...details.filter(noStartTls), ...details.filter((one) => !noStartTls(one))]) {
      const count = Math.min(left, detail.count);
      left -= count;
      if (noStartTls(detail) && this.demand === Demand.none)
        this.sessions(count, OutcomeCode.accepted, TlsCode.none, detail.host, detail.sender);
      else this.sessions(count, OutcomeCode.deferred, TlsCode.unknown, detail.host, detail.sender);
    }
    this.sessions(left, OutcomeCode.deferred, TlsCode.unknown, '');
  }

  private failure(detail: unknown): Failure {
    return {
      type: textOf(at(detail, 'result-type')),
      host: textOf(at(detail, 'receiving-mx-hostname')) || textOf(at(detail, 'receiving-ip')),
      sender: textOf(at(detail, 'sending-mta-ip')),
      count: this.number(at(detail, 'failed-session-count')) ?? 0,
    };
  }

  private sessions(count: number, outcome: OutcomeCode, tls: TlsCode, host: string, address = ''): void {
    if (count === 0) return;
    const missed = outcome === OutcomeCode.deferred && this.demand === Demand.tls;
    this.hops.add({
      unit: UnitCode.session,
      direction: DirectionCode.inbound,
      outcome,
      tls,
      fault: missed ? FaultCode.requiredTlsNotMet : FaultCode.none,
      forced: forcedBy(this.demand),
      connector: this.report.connector,
      host: host || textOf(at(this.policy, 'policy', 'policy-domain')),
      address,
      count,
      recipients: 0,
      time: this.report.time,
      line: this.report.line,
      file: this.report.file,
    });
    this.counted = true;
  }

  /** A number of sessions; undefined where it is missing, or is none. */
  private number(value: unknown): number | undefined {
    if (value === undefined || value === null) return undefined;
    const n = numberOf(value);
    if (Number.isSafeInteger(n) && n >= 0) return n;
    this.sink.note('bad-number', this.report.line, this.report.file);
    return undefined;
  }
}

function forcedBy(demand: Demand): ForcedCode {
  if (demand === Demand.tls) return ForcedCode.yes;
  return demand === Demand.none ? ForcedCode.no : ForcedCode.unknown;
}

function noStartTls(detail: Failure): boolean {
  return detail.type === 'starttls-not-supported';
}

function demandOf(policy: unknown): Demand {
  switch (textOf(at(policy, 'policy-type'))) {
    case 'no-policy-found':
      return Demand.none;
    case 'tlsa':
      return Demand.tls;
    case 'sts':
      break;
    default:
      return Demand.unknown;
  }
  for (const text of listOf(at(policy, 'policy-string'))) {
    const mode = /(?:^|[\n;])\s*mode\s*:\s*(enforce|testing|none)\b/i.exec(textOf(text).slice(0, 4096));
    if (mode) return mode[1].toLowerCase() === 'enforce' ? Demand.tls : Demand.none;
  }
  return Demand.unknown;
}

/**
 * The MX host of a policy that names exactly one; a pattern such as `*.mail.example` is no host. Some writers keep the
 * `mx: ` of the policy.
 */
function onlyHost(value: unknown): string {
  const hosts = listOf(value).map((host) => textOf(host).replace(/^mx:\s*/i, ''));
  return hosts.length === 1 && !hosts[0].includes('*') ? hosts[0] : '';
}
