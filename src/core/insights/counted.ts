import type { Cube } from '../cube/cube';
import type { Figure } from '../drilldown/figure';
import { tlsVersions, type TlsCode } from '../model';
import type { Filter } from '../report/query';
import { suiteOf } from '../text/keyexchange';
import { ruleOf } from './index';
import type { Insight } from './insight';
import { previousPeriod } from './judge';

/**
 * The figure that an insight is about: the messages that are over the limit, or of a connector whose volume has
 * changed, all of them. What has fallen silent has lines only before.
 * @param filter that of the report.
 */
export function figureOfInsight(cube: Cube, filter: Filter, insight: Insight): Figure {
  const { cipher, ...counted } = ruleOf(insight.id).counts(insight.version);
  return {
    ...filter,
    ...(insight.messages === 0 ? previousPeriod(cube, filter) : undefined),
    connectors: [insight.connector],
    directions: [insight.direction],
    ...counted,
    ...(cipher && { ciphers: cube.ciphers.map(suiteOf).filter(cipher) }),
  };
}

/** The TLS versions that an insight counts; undefined where it doesn't go by them. */
export function versionsOf({ id, version }: Pick<Insight, 'id' | 'version'>): TlsCode[] | undefined {
  return ruleOf(id)
    .counts(version)
    .tls?.map((one) => tlsVersions.indexOf(one));
}
