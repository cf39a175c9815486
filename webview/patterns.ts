import { tlsVersions, type TlsCode } from '../src/core/model';
import { patternId } from '../src/presentation/charts';
import { textures } from '../src/presentation/textures';
import { svg } from './dom';

/**
 * The fills of all TLS versions as SVG patterns, to be put into the page once. Their colours are in the style sheet, so
 * they follow the theme
 * by themselves.
 */
export function patterns(): SVGSVGElement {
  return svg(
    'svg',
    { class: 'patterns', 'aria-hidden': 'true', width: 0, height: 0 },
    svg(
      'defs',
      {},
      tlsVersions.map((_, version) =>
        svg(
          'pattern',
          { id: patternId(version), width: 8, height: 8, patternUnits: 'userSpaceOnUse' },
          svg('rect', { width: 8, height: 8, class: `tls-${version}` }),
          textures[version as TlsCode] !== undefined &&
            svg('path', { d: textures[version as TlsCode], class: 'texture' }),
        ),
      ),
    ),
  );
}

/** A small square in the colour and pattern of a TLS version, for tables and legends. */
export function swatch(version: TlsCode): SVGSVGElement {
  return svg(
    'svg',
    { class: 'swatch', width: 12, height: 12, 'aria-hidden': 'true' },
    svg('rect', { width: 12, height: 12, rx: 2, fill: `url(#${patternId(version)})` }),
  );
}
