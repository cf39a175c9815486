import { faults, type Fault } from '../model';
import type { ConnectorSummary } from '../report/query';
import type { Translate } from '../text/translate';
import type { FiguresInWords, Finding } from './rule';
import { shareFinding } from './shares';

/**
 * The finding of the share that a fault has of all messages and attempts, whatever became of them: mail that was held
 * back for want of TLS is no volume, but it is the point.
 */
export function faultFinding(
  connector: ConnectorSummary,
  fault: Exclude<Fault, ''>,
  threshold: number,
): Finding | undefined {
  const { deferred, bounced, rejected } = connector.failed;
  const code = faults.indexOf(fault);
  const of = connector.messages + deferred + bounced + rejected;
  return shareFinding(connector.faults[code], of, threshold, connector.faultPlaces[code]);
}

/** The figures of such a finding. */
export function attemptFigures(t: Translate, { messages, of, share }: FiguresInWords): string {
  return t('{0} of {1} messages and attempts ({2})', messages, of, share);
}
