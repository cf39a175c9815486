import { TlsCode, tlsVersions } from '../src/core/model';
import { patternId } from '../src/presentation/charts';
import { svg } from './dom';

/** What is drawn over the colour of a TLS version; the most secure versions are plain. */
const textures: Partial<Record<TlsCode, string>> = {
  [TlsCode.none]: 'M-2 2 L2 -2 M0 8 L8 0 M6 10 L10 6',
  [TlsCode.ssl30]: 'M0 8 L8 0 M0 0 L8 8',
  [TlsCode.tls10]: 'M4 2.5 V5.5 M2.5 4 H5.5',
  [TlsCode.tls11]: 'M0 2 H8 M0 6 H8',
  [TlsCode.tls]: 'M2 0 V8 M6 0 V8',
  [TlsCode.unknown]: 'M4 4 H4.01',
};

/**
 * The fills of all TLS versions as SVG patterns, to be put into the page once. Their colours are in the style sheet, so they follow the theme
 * by themselves.
 */
export function patterns(): SVGSVGElement {
  return svg('svg', { class: 'patterns', 'aria-hidden': 'true', width: 0, height: 0 }, svg('defs', {}, tlsVersions.map((_, version) => svg('pattern',
    { id: patternId(version), width: 8, height: 8, patternUnits: 'userSpaceOnUse' },
    svg('rect', { width: 8, height: 8, class: `tls-${version}` }),
    textures[version as TlsCode] !== undefined && svg('path', { d: textures[version as TlsCode], class: 'texture' }),
  ))));
}

/** A small square in the colour and pattern of a TLS version, for tables and legends. */
export function swatch(version: TlsCode): SVGSVGElement {
  return svg('svg', { class: 'swatch', width: 12, height: 12, 'aria-hidden': 'true' }, svg('rect', { width: 12, height: 12, rx: 2, fill: `url(#${patternId(version)})` }));
}
