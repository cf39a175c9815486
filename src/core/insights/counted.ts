import type { Cube } from '../cube/cube';
import type { Figure } from '../drilldown/figure';
import { fileOf, lineOf } from '../cube/placecode';
import { tlsVersions, TlsCode } from '../model';
import type { Place } from '../report/order';
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

/**
 * The line that proves an insight: where it counts a TLS version, the one that shows that version, else the line that was
 * counted first.
 */
export function proofOf(insight: Pick<Insight, 'id' | 'version' | 'place'>): Place {
  const { file, line, tlsAt = 0 } = insight.place,
    versions = versionsOf(insight);
  const isShown = versions !== undefined && !versions.includes(TlsCode.none) && !versions.includes(TlsCode.unknown);
  return isShown && tlsAt !== 0 ? { file: fileOf(tlsAt), line: lineOf(tlsAt) } : { file, line };
}
