import { DirectionCode, FaultCode, ForcedCode, OutcomeCode, TlsCode, UnitCode } from '../../model';
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

/**
 * Counts one TLS report (RFC 8460, section 4.4): sessions, each policy's successes and failures apart. The report was made by the
 * sender named in it about mail to us, so the direction is inbound and the sender's name stands for the connector.
 * Real reports deviate: counts missing or given as text, unknown policy types, no policies, details without hosts or in a sum that
 * is not the total. `line` is where the report begins.
 */
export function countReport(report: unknown, sink: Sink, hops: Hops, line: number, file: number): Verdict {
  if (!isObject(report) || !('policies' in report || 'date-range' in report)) {
    sink.note('other-format', line, file);
    return Verdict.skipped;
  }
  const stamp = new TextEncoder().encode(textOf(at(report, 'date-range', 'start-datetime')));
  const time = sink.time.iso(stamp, 0);
  if (Number.isNaN(time)) {
    sink.note('bad-time', line, file);
    return Verdict.skipped;
  }
  const connector = textOf(report['organization-name']);
  let verdict = Verdict.context;

  for (const policy of listOf(report.policies)) {
    const demand = demandOf(at(policy, 'policy'));
    const domain = textOf(at(policy, 'policy', 'policy-domain'));
    const forced = demand === Demand.tls ? ForcedCode.yes : demand === Demand.none ? ForcedCode.no : ForcedCode.unknown;
    const add = (
      count: number,
      outcome: OutcomeCode,
      tls: TlsCode,
      fault: FaultCode,
      host: string,
      address: string,
    ) => {
      if (count === 0) return;
      hops.add({
        unit: UnitCode.session,
        direction: DirectionCode.inbound,
        outcome,
        tls,
        fault,
        forced,
        connector,
        host: host || domain,
        address,
        count,
        recipients: 0,
        time,
        line,
        file,
      });
      verdict = Verdict.used;
    };
    const count = (value: unknown): number | undefined => {
      if (value === undefined || value === null) return undefined;
      const n = numberOf(value);
      if (Number.isSafeInteger(n) && n >= 0) return n;
      sink.note('bad-number', line, file);
      return undefined;
    };

    add(
      count(at(policy, 'summary', 'total-successful-session-count')) ?? 0,
      OutcomeCode.accepted,
      TlsCode.tls,
      FaultCode.none,
      onlyHost(at(policy, 'policy', 'mx-host')),
      '',
    );

    const details = listOf(at(policy, 'failure-details')).map((detail) => ({
      type: textOf(at(detail, 'result-type')),
      host: textOf(at(detail, 'receiving-mx-hostname')) || textOf(at(detail, 'receiving-ip')),
      sender: textOf(at(detail, 'sending-mta-ip')),
      count: count(at(detail, 'failed-session-count')) ?? 0,
    }));
    const sum = details.reduce((n, detail) => n + detail.count, 0);
    const total = count(at(policy, 'summary', 'total-failure-session-count')) ?? sum;
    // One session can fail for two reasons, so the details may exceed the total: it is the total that counts sessions.
    if (sum > total) sink.note('bad-number', line, file);
    let left = total;
    // A server without STARTTLS is the one reason that says whether mail went in clear, so it is taken first.
    for (const detail of [...details.filter(noStartTls), ...details.filter((one) => !noStartTls(one))]) {
      const n = Math.min(left, detail.count);
      left -= n;
      if (noStartTls(detail) && demand === Demand.none)
        add(n, OutcomeCode.accepted, TlsCode.none, FaultCode.none, detail.host, detail.sender);
      else
        add(
          n,
          OutcomeCode.deferred,
          TlsCode.unknown,
          demand === Demand.tls ? FaultCode.requiredTlsNotMet : FaultCode.none,
          detail.host,
          detail.sender,
        );
    }
    add(
      left,
      OutcomeCode.deferred,
      TlsCode.unknown,
      demand === Demand.tls ? FaultCode.requiredTlsNotMet : FaultCode.none,
      '',
      '',
    );
  }
  return verdict;
}

function noStartTls(detail: { type: string }): boolean {
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

/** The MX host of a policy that names exactly one; a pattern such as `*.mail.example` is no host. Some writers keep the `mx: ` of the policy. */
function onlyHost(value: unknown): string {
  const hosts = listOf(value).map((host) => textOf(host).replace(/^mx:\s*/i, ''));
  return hosts.length === 1 && !hosts[0].includes('*') ? hosts[0] : '';
}
