import { TlsCode, tlsVersions } from '../../src/core/model';
import { knownTls, type TlsCounts } from '../../src/core/query';
import { tlsLabel } from '../../src/core/sentences';
import { patternId } from '../charts';
import { h, svg } from '../dom';
import type { Text } from '../text';

/** A small bar of TLS versions with its words, for a row of a table. */
export function mix(text: Text, tls: TlsCounts): HTMLElement {
  return h('div', { class: 'mix' }, bar(tls), h('span', { title: mixText(text, tls) }, mixText(text, tls, 3)));
}

/**
 * "No TLS 3%, TLS 1.2 97%": what is not protected first, then the largest share first; unknown is a count, since it is no part of a share.
 * @param most shares named before the rest becomes "…".
 */
export function mixText(text: Text, tls: TlsCounts, most = Infinity): string {
  const known = knownTls(tls);
  const shares = tlsVersions.map((version, v) => ({ v, n: tls[v], words: `${tlsLabel(text.t, version)} ${text.percent(tls[v], known)}` })).filter(({ v, n }) => n > 0 && v !== TlsCode.unknown)
    .sort((a, b) => Number(b.v === TlsCode.none) - Number(a.v === TlsCode.none) || b.n - a.n).map(({ words }) => words);
  const shown = shares.length > most ? [...shares.slice(0, most), '…'] : shares;
  if (tls[TlsCode.unknown] > 0) shown.push(text.t('{0} unknown', text.number(tls[TlsCode.unknown])));
  return shown.join(', ');
}

function bar(tls: TlsCounts): SVGSVGElement {
  const width = 96, all = tls.reduce((sum, n) => sum + n, 0);
  let x = 0;
  return svg('svg', { class: 'bar', width, height: 10, 'aria-hidden': 'true' }, tls.map((n, version) => {
    const part = n / Math.max(1, all) * width;
    const rect = n > 0 && svg('rect', { x, width: Math.max(1, part), height: 10, fill: `url(#${patternId(version)})` });
    x += part;
    return rect;
  }));
}
