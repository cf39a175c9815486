import { FaultCode } from '../model';
import { faultFinding } from './faults';
import type { Rule } from './insight';

/** Messages and attempts where TLS (or a version of it) was demanded, by the server or by the user's own connector, and not met. */
export const requiredTlsNotMet: Rule = {
  id: 'required-tls-not-met',
  limit: 'requiredTls',
  unit: 'percent',
  least: 0,
  most: 100,
  severity: 'information',
  check: ({ connector }, threshold) => faultFinding(connector, FaultCode.requiredTlsNotMet, threshold),
};
