import type { FaultCode } from '../model';
import type { ConnectorSummary } from '../report/query';
import { shareFinding, type Finding } from './insight';

/** A fault among all messages and attempts, whatever became of them: mail that was held back for want of TLS is no volume, but it is the point. */
export function faultFinding(
  { faults, faultPlaces, messages, failed }: ConnectorSummary,
  fault: FaultCode,
  threshold: number,
): Finding | undefined {
  return shareFinding(
    faults[fault],
    messages + failed.deferred + failed.bounced + failed.rejected,
    threshold,
    faultPlaces[fault],
  );
}
