import { TlsCode, tlsVersions, type UnitCode } from '../core/model';
import { knownTls, protectedByTls, type Summary, type TlsCounts } from '../core/report/query';
import { directionLabel, tlsLabel } from '../core/report/sentences';
import { fillOf, patternId, ring, type Slice, type Theme } from '../presentation/charts';
import { dashOf, type Line } from '../presentation/charts-time';
import type { Text } from '../presentation/text';
import { textures } from '../presentation/textures';
import { flowSentence, unknownSentence } from '../presentation/wording';
import type { Draw } from './html';
import { picture, tag, type Markup } from './markup';

const lineColours = ['blue', 'green', 'orange', 'purple', 'yellow', 'red', 'cyan', 'magenta'].map(
  (name) => `var(--${name})`,
);

/** The colours of the page's style sheet, so that a chart follows light, dark and paper too. */
export const theme: Theme = {
  foreground: 'var(--fg)',
  muted: 'var(--quiet)',
  grid: 'var(--line)',
  background: 'var(--card)',
  font: 'system-ui, sans-serif',
  fontSize: 13,
  lines: lineColours,
  others: 'var(--quiet)',
  fills: tlsVersions.map((_, version) => fillOf(version)),
};

/** The fills of the TLS versions, once for the whole page. */
export function patterns(): Markup {
  return tag(
    'svg',
    { class: 'patterns', width: 0, height: 0, 'aria-hidden': 'true' },
    tag(
      'defs',
      {},
      tlsVersions.map((_, version) =>
        tag(
          'pattern',
          { id: patternId(version), width: 8, height: 8, patternUnits: 'userSpaceOnUse' },
          tag('rect', { width: 8, height: 8, class: `tls-${version}` }),
          textures[version as TlsCode] !== undefined &&
            tag('path', { d: textures[version as TlsCode], class: 'texture' }),
        ),
      ),
    ),
  );
}

/** Both directions of the widget: ring, sentence and the table of TLS versions. */
export async function flows(
  summary: Summary,
  unit: UnitCode,
  phrase: string | undefined,
  text: Text,
  draw: Draw,
): Promise<Markup[]> {
  const { t } = text,
    cards: Markup[] = [];
  for (const direction of ['outbound', 'inbound'] as const) {
    const { tls, messages } = summary[direction],
      known = knownTls(tls),
      safe = protectedByTls(tls);
    const slices = tlsVersions.map((version, v): Slice => ({
      count: tls[v],
      fill: theme.fills[v],
      label: '',
      tip: `${tlsLabel(t, version)}: ${text.number(tls[v])}`,
      place: null,
    }));
    const label = directionLabel(t, direction),
      share = known === 0 ? '?' : text.percent(safe, known);
    const chart = ring(
      slices,
      share,
      t(
        '{0}, ring chart: {1}.',
        label,
        slices
          .filter(({ count }) => count > 0)
          .map(({ tip }) => tip)
          .join('; '),
      ),
      120,
      theme,
    );
    cards.push(
      tag(
        'section',
        { class: 'card' },
        tag('h3', {}, `${label}: ${text.number(messages)}`),
        tag(
          'div',
          { class: 'flow' },
          messages > 0 && picture(await draw(chart, text), chart.label),
          tag(
            'div',
            {},
            tag('p', {}, flowSentence(text, direction, phrase, tls, unit)),
            tag('p', { class: 'quiet' }, unknownSentence(text, tls[TlsCode.unknown], messages, unit)),
          ),
        ),
        versions(text, tls),
      ),
    );
  }
  return [
    tag('h2', {}, unit ? t('Sessions in TLS reports') : t('Outbound and inbound mail flow')),
    tag('div', { class: 'pair' }, cards),
  ];
}

function versions(text: Text, tls: TlsCounts): Markup {
  const { t } = text,
    known = knownTls(tls);
  return tag(
    'table',
    {},
    tag(
      'thead',
      {},
      tag(
        'tr',
        {},
        tag('th', { scope: 'col' }, t('TLS version')),
        tag('th', { scope: 'col', class: 'number' }, t('Count')),
        tag('th', { scope: 'col', class: 'number' }, t('Share')),
      ),
    ),
    tag(
      'tbody',
      {},
      tlsVersions.map((version, v) =>
        tag(
          'tr',
          {},
          tag('th', { scope: 'row' }, swatch(v), tlsLabel(t, version)),
          tag('td', { class: 'number' }, text.number(tls[v])),
          tag('td', { class: 'number' }, v === TlsCode.unknown ? '–' : text.percent(tls[v], known)),
        ),
      ),
    ),
  );
}

function swatch(version: TlsCode): Markup {
  return tag(
    'svg',
    { class: 'swatch', width: 12, height: 12, 'aria-hidden': 'true' },
    tag('rect', { width: 12, height: 12, rx: 2, fill: fillOf(version) }),
  );
}

/** What a line of the volume chart looks like. */
export function lineKey(line: Line, s: number): Markup {
  return tag(
    'svg',
    { class: 'swatch', width: 28, height: 8, 'aria-hidden': 'true' },
    tag('path', {
      d: 'M0 4H28',
      'stroke-width': 2,
      stroke: line.connector ? lineColours[s % lineColours.length] : 'var(--quiet)',
      'stroke-dasharray': dashOf(line).join(' '),
    }),
  );
}

/** Counts of the TLS versions with their share of those known. */
export function figures(text: Text, tls: TlsCounts): string[] {
  const known = knownTls(tls);
  return tls.map((n, v) =>
    v === TlsCode.unknown || n === 0 ? text.number(n) : `${text.number(n)} (${text.percent(n, known)})`,
  );
}
