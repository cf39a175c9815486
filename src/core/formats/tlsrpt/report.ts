import {
  DirectionCode,
  FaultCode,
  ForcedCode,
  OutcomeCode,
  TlsCode,
  UnitCode,
  type Milliseconds,
  type ProblemCode,
} from '../../model';
import { Verdict } from '../../reading/format';
import type { Sink } from '../../reading/sink';
import { at, isObject, listOf, numberOf, textOf, type JsonObject } from '../../text/json';
import type { Hops } from '../shared/hops';
import { Misspelt } from '../shared/misspelt';

/** What a policy demands of the sender (RFC 8461, section 5; RFC 7672). `none`: mail goes in clear where TLS fails. */
const enum Demand {
  unknown,
  none,
  tls,
}

/** Members on which figures depend (RFC 8460, section 4.4), and others that may stand beside them. */
const members = new Misspelt(
  [
    ...[
      'organization-name',
      'date-range',
      'start-datetime',
      'end-datetime',
      'report-id',
      'policies',
      'policy',
      'summary',
    ],
    ...['policy-type', 'policy-string', 'policy-domain', 'mx-host', 'failure-details', 'result-type'],
    ...['total-successful-session-count', 'total-failure-session-count', 'failed-session-count'],
    ...['sending-mta-ip', 'receiving-mx-hostname', 'receiving-ip'],
  ],
  ['contact-info', 'receiving-mx-helo', 'additional-information', 'failure-reason-code'],
);

/** IANA, "STARTTLS Validation Result Types" (RFC 8460, section 6.6). */
const resultTypes = new Set([
  ...['starttls-not-supported', 'certificate-host-mismatch', 'certificate-expired', 'certificate-not-trusted'],
  ...['validation-failure', 'tlsa-invalid', 'dnssec-invalid', 'dane-required'],
  ...['sts-policy-fetch-error', 'sts-policy-invalid', 'sts-webpki-invalid'],
]);

/** A report is about a day (RFC 8460, section 4.1); some senders send one a week. */
const longestRange = 31 * 86_400_000;

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
 * without hosts or in a sum that is not the total. They are counted, and what does not fit is told; a report with a
 * damaged member is skipped. `line` is where the report begins.
 */
export function countReport(value: unknown, sink: Sink, hops: Hops, line: number, file: number): Verdict {
  if (!isObject(value) || !('policies' in value || 'date-range' in value)) {
    sink.note('other-format', line, file);
    return Verdict.skipped;
  }
  if (members.inKeysOf(value)) {
    sink.note('bad-columns', line, file);
    return Verdict.skipped;
  }
  const time = stampOf(value, 'start-datetime', sink);
  if (Number.isNaN(time)) {
    sink.note('bad-time', line, file);
    return Verdict.skipped;
  }
  const end = stampOf(value, 'end-datetime', sink) + 1000;
  const ends = end > time && end <= time + longestRange;
  sink.covers(time, ends ? end : time, file);
  if (!ends) sink.note('bad-time', line, file);
  if (textOf(value['organization-name']) === '' || typeof value.policies !== 'object' || value.policies === null)
    sink.note('bad-columns', line, file);
  const report = { connector: textOf(value['organization-name']), time, line, file };
  const counted = listOf(value.policies).map((policy) => new PolicyCount(policy, report, sink, hops).add());
  return counted.includes(true) ? Verdict.used : Verdict.context;
}

function stampOf(report: JsonObject, name: string, sink: Sink): Milliseconds {
  return sink.time.iso(new TextEncoder().encode(textOf(at(report, 'date-range', name))), 0);
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
    this.needs(at(policy, 'policy', 'policy-type'));
    this.sessions(
      this.number(this.needs(at(policy, 'summary', 'total-successful-session-count'))) ?? 0,
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
    const stated = at(this.policy, 'summary', 'total-failure-session-count');
    // Some senders leave it out where no session failed.
    if (details.length > 0) this.needs(stated);
    const total = this.number(stated) ?? sum;
    // One session can fail for two reasons, so the details may exceed the total: it is the total that counts sessions.
    if (sum !== total) this.note('bad-number');
    let left = total;
    // A server without STARTTLS is the one reason that says whether mail went in clear, so it is taken first.
    for (const detail of [...details.filter(noStartTls), ...details.filter((one) => !noStartTls(one))]) {
      const count = Math.min(left, detail.count);
      left -= count;
      if (count > 0) this.tellsWhatIsUnknown(detail);
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
      count: this.number(this.needs(at(detail, 'failed-session-count'))) ?? 0,
    };
  }

  /** Sessions that failed for a reason, or under a policy, that does not say whether their mail went in clear. */
  private tellsWhatIsUnknown(detail: Failure): void {
    if (!resultTypes.has(detail.type) || (noStartTls(detail) && this.demand === Demand.unknown))
      this.note('unknown-status');
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
    this.note('bad-number');
    return undefined;
  }

  /** A value that the standard demands: it is told where it is missing. */
  private needs(value: unknown): unknown {
    if (value === undefined || value === null || value === '') this.note('bad-columns');
    return value;
  }

  private note(code: ProblemCode): void {
    this.sink.note(code, this.report.line, this.report.file);
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
