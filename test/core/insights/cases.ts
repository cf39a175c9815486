/** One case for each rule: mail that it finds, what it then says, and a threshold that it does not reach any more. */
import type { InsightId } from '../../../src/core/insights/index';
import { FaultCode, OutcomeCode, TlsCode, tlsVersions, type TlsVersion } from '../../../src/core/model';
import type { Baseline } from '../../../src/core/report/baseline';
import { begins, lastWeek, thisWeek, type Mail } from './build';

export interface Case {
  /** Of two weeks; the insights are those of the second. */
  mail: Mail[];
  baseline?: Baseline;
  threshold: number;
  /** The sentence that comes out, with the line that it leads to. */
  says: string;
  /** A threshold with which nothing comes out. */
  silentAt: number;
  /** Of a share: which mail it counts, and among which. */
  share?: { part(mail: Mail): boolean; of(mail: Mail): boolean };
}

const accepted = ({ outcome }: Mail) => outcome === undefined || outcome === OutcomeCode.accepted;
const has =
  (...versions: TlsVersion[]) =>
  (mail: Mail) =>
    accepted(mail) && versions.includes(tlsVersions[(mail.tls ?? TlsCode.tls13) as number]);
const known = (mail: Mail) => accepted(mail) && !has('unknown')(mail);
const all = () => true;

/** A baseline of one connector with so many messages of some TLS versions. */
export function baselineOf(counts: Partial<Record<TlsVersion, number>>): Baseline {
  const tls = tlsVersions.map((version) => counts[version] ?? 0);
  return { from: null, to: null, connectors: [{ name: 'partner', direction: 'inbound', tls }] };
}

/** Names of weak cipher suites, and of others. */
export const weak = ['DES-CBC3-SHA', 'TLS_RSA_WITH_RC4_128_MD5', 'CALG_3DES/CALG_SHA1'];
export const strong = ['TLS_AES_256_GCM_SHA384', 'ECDHE-RSA-AES128-GCM-SHA256'];

export const cases: Record<InsightId, Case> = {
  'no-tls-over-25': {
    mail: [thisWeek(3), thisWeek(1, { tls: TlsCode.none }), thisWeek(9, { tls: TlsCode.unknown })],
    threshold: 24.99,
    says: 'No TLS is over 24.99%: partner (Inbound), 1 of 4 messages (25%); few messages. Line 2.',
    silentAt: 25,
    share: { part: has('none'), of: known },
  },
  'tls1.0-above-50': {
    mail: [thisWeek(1, { tls: TlsCode.tls10 }), thisWeek(1, { tls: TlsCode.ssl30 }), thisWeek(2)],
    threshold: 49.5,
    says: 'TLS 1.0 is above 49.5%: partner (Inbound), 2 of 4 messages (50%); few messages. Line 1.',
    silentAt: 50,
    share: { part: has('ssl3.0', 'tls1.0'), of: known },
  },
  'tls1.1-share': {
    mail: [thisWeek(1, { tls: TlsCode.tls }), thisWeek(1, { tls: TlsCode.tls11 })],
    threshold: 49,
    says: 'TLS 1.1 is above 49%: partner (Inbound), 1 of 2 messages (50%); few messages. Line 2.',
    silentAt: 50,
    share: { part: has('tls1.1'), of: known },
  },
  'weak-ciphers': {
    mail: [thisWeek(5), thisWeek(3, { cipher: strong[0] }), thisWeek(1, { cipher: weak[0] })],
    threshold: 0,
    says:
      'Weak cipher suites are above 0%: partner (Inbound), ' +
      '1 of 4 messages whose cipher suite is logged (25%); few messages. Line 3.',
    silentAt: 25,
    share: {
      part: (mail) => accepted(mail) && weak.includes(mail.cipher!),
      of: (mail) => accepted(mail) && mail.cipher !== undefined,
    },
  },
  'tls-not-logged': {
    mail: [thisWeek(2), thisWeek(1, { tls: TlsCode.tls }), thisWeek(1, { tls: TlsCode.unknown })],
    threshold: 40,
    says: 'TLS not logged is above 40%: partner (Inbound), 2 of 4 messages (50%); few messages. Line 2.',
    silentAt: 50,
    share: { part: has('tls', 'unknown'), of: accepted },
  },
  'required-tls-not-met': {
    mail: [thisWeek(1), thisWeek(1, { fault: FaultCode.requiredTlsNotMet, outcome: OutcomeCode.deferred })],
    threshold: 0,
    says: 'Required TLS not met is above 0%: partner (Inbound), 1 of 2 messages and attempts (50%); few messages. Line 2.',
    silentAt: 50,
    share: { part: ({ fault }) => fault === FaultCode.requiredTlsNotMet, of: all },
  },
  'clear-after-failed-handshake': {
    mail: [
      thisWeek(1, { fault: FaultCode.clearAfterFailedHandshake, tls: TlsCode.none }),
      thisWeek(3, { outcome: OutcomeCode.bounced }),
    ],
    threshold: 10,
    says:
      'Clear text after a failed handshake is above 10%: partner (Inbound), ' +
      '1 of 4 messages and attempts (25%); few messages. Line 1.',
    silentAt: 25,
    share: { part: ({ fault }) => fault === FaultCode.clearAfterFailedHandshake, of: all },
  },
  'volume-change': {
    mail: [begins, lastWeek(100), thisWeek(151), thisWeek(1, { connector: 'old' })],
    threshold: 50,
    says:
      'Volume changed by more than 50%: partner (Inbound), ' +
      '151 messages after 100 in the previous period (+51%). Line 3.',
    silentAt: 51,
  },
  'connector-silent': {
    mail: [begins, lastWeek(20), thisWeek(1, { connector: 'old' })],
    threshold: 20,
    says: 'The connector has gone silent: partner (Inbound), no message after 20 in the previous period. Line 2.',
    silentAt: 21,
  },
  'worse-than-baseline': {
    mail: [thisWeek(30, { tls: TlsCode.none }), thisWeek(70)],
    baseline: baselineOf({ none: 10, 'tls1.3': 90 }),
    threshold: 5,
    says:
      'Worse than the baseline by more than 5 percentage points: partner (Inbound), ' +
      'No TLS: 30 of 100 messages (30%), before 10 of 100 (10%). Line 1.',
    silentAt: 20,
  },
};
