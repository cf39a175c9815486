import { FaultCode } from '../model';
import { faultFinding } from './faults';
import type { Rule } from './insight';

/** Messages that went in clear text after a TLS handshake failed: both ends know TLS, and something (or someone) prevented it. */
export const clearAfterFailedHandshake: Rule = {
  id: 'clear-after-failed-handshake',
  limit: 'clearAfterFailedHandshake',
  unit: 'percent',
  least: 0,
  most: 100,
  severity: 'information',
  versions: ['none'],
  check: ({ connector }, threshold) => faultFinding(connector, FaultCode.clearAfterFailedHandshake, threshold),
};
