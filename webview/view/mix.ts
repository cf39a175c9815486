import type { TlsCounts } from '../../src/core/report/query';
import { patternId } from '../../src/presentation/charts';
import { h, svg } from '../dom';
import type { Text } from '../../src/presentation/text';
import { mixText } from '../../src/presentation/wording';

/** A small bar of TLS versions with its words, for a row of a table. */
export function mix(text: Text, tls: TlsCounts): HTMLElement {
  return h('div', { class: 'mix' }, bar(tls), h('span', { title: mixText(text, tls) }, mixText(text, tls, 3)));
}

function bar(tls: TlsCounts): SVGSVGElement {
  const width = 96,
    all = tls.reduce((sum, n) => sum + n, 0);
  let x = 0;
  return svg(
    'svg',
    { class: 'bar', width, height: 10, 'aria-hidden': 'true' },
    tls.map((n, version) => {
      const part = (n / Math.max(1, all)) * width;
      const rect =
        n > 0 && svg('rect', { x, width: Math.max(1, part), height: 10, fill: `url(#${patternId(version)})` });
      x += part;
      return rect;
    }),
  );
}
