import { TlsCode } from '../../core/model';
import { knownTls, type ConnectorSummary, type TlsCounts } from '../../core/report/query';

/** How connectors are sorted: the largest first, or those with the largest share of mail that was not protected. */
export const orders = ['volume', 'share'] as const;
export type Order = (typeof orders)[number];

/**
 * Connectors in the user's order. Those of a summary come by volume already, which also decides between equal shares.
 */
export function inOrder(connectors: readonly ConnectorSummary[], order: Order): readonly ConnectorSummary[] {
  return order === 'volume' ? connectors : [...connectors].sort((a, b) => compareShares(a.tls, b.tls));
}

/** The connectors whose label contains a text, whatever its case. */
export function matching(
  connectors: readonly ConnectorSummary[],
  text: string,
  labelOf: (connector: ConnectorSummary) => string,
): readonly ConnectorSummary[] {
  const wanted = text.trim().toLowerCase();
  return wanted === ''
    ? connectors
    : connectors.filter((connector) => labelOf(connector).toLowerCase().includes(wanted));
}

/** The larger share without TLS first, then that of SSL 3.0 and TLS 1.0; where no TLS is known, last. */
function compareShares(a: TlsCounts, b: TlsCounts): number {
  const ofA = knownTls(a),
    ofB = knownTls(b);
  if (ofA === 0 || ofB === 0) return (ofA === 0 ? 1 : 0) - (ofB === 0 ? 1 : 0);
  const old = (tls: TlsCounts) => tls[TlsCode.ssl30] + tls[TlsCode.tls10];
  return b[TlsCode.none] / ofB - a[TlsCode.none] / ofA || old(b) / ofB - old(a) / ofA;
}
