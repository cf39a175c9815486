import type { Cube } from '../cube/cube';
import type { Figure } from '../drilldown/figure';
import { FaultCode, faults, tlsVersions, type TlsVersion } from '../model';
import type { Filter } from '../report/query';
import { versionsOf } from './index';
import type { Insight } from './insight';
import { previousPeriod } from './judge';
import { suiteOf } from '../text/keyexchange';
import { isWeakCipher } from './weakciphers';

/** The figure that an insight is about: the messages that are over the limit, or of a connector whose volume has changed, all of them. @param filter that of the report. */
export function figureOfInsight(cube: Cube, filter: Filter, insight: Insight): Figure {
  const own: Figure = { ...filter, connectors: [insight.connector], directions: [insight.direction] };
  switch (insight.id) {
    case 'weak-ciphers':
      return { ...own, ciphers: cube.ciphers.map(suiteOf).filter(isWeakCipher) };
    case 'required-tls-not-met':
      return { ...own, fault: faults[FaultCode.requiredTlsNotMet] };
    case 'clear-after-failed-handshake':
      return { ...own, fault: faults[FaultCode.clearAfterFailedHandshake] };
    // What has fallen silent has lines only before.
    case 'connector-silent':
      return { ...own, ...previousPeriod(cube, filter), connectors: own.connectors, directions: own.directions };
    default:
      return { ...own, tls: versionsOf(insight)?.map((version) => (tlsVersions as readonly TlsVersion[])[version]) };
  }
}
