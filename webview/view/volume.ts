import { dashOf, shapes, volumeChart, volumeLines, type Line } from '../../src/presentation/charts-time';
import { h, svg } from '../dom';
import { name, type Page } from './part';
import type { Selected, TimeContent } from './timeview';

/** The view of the volume: a line for each of the largest connectors, with their legend. */
export function volume(page: Page, selected: Selected): TimeContent {
  const { text, theme } = page,
    { connectors } = selected,
    lines = volumeLines(selected, connectors, text);
  return {
    courses: lines,
    words: legend(page, lines),
    chart: (width) => volumeChart(lines, selected, width, text, theme),
  };
}

/** What each line looks like and stands for. The words need the line: shape and dash say the same as the colour. */
function legend(page: Page, lines: readonly Line[]): HTMLElement {
  return h(
    'ul',
    { class: 'plain legend' },
    lines.map((line, s) =>
      h(
        'li',
        {},
        key(line, s, line.connector ? page.theme.lines[s % page.theme.lines.length] : page.theme.others),
        name(line.name),
        ' ',
        h('span', { class: 'quiet number' }, page.text.number(line.total)),
      ),
    ),
  );
}

const outlines: Record<(typeof shapes)[number], string> = {
  circle: 'M11 6a3 3 0 1 0 6 0a3 3 0 1 0 -6 0Z',
  square: 'M11.3 3.3h5.4v5.4h-5.4Z',
  'triangle-up': 'M14 2.6 17.4 8.8H10.6Z',
  diamond: 'M14 2 17.2 6 14 10 10.8 6Z',
  cross: 'M12.8 2.6h2.4v2.2h2.2v2.4h-2.2v2.2h-2.4v-2.2h-2.2v-2.4h2.2Z',
  'triangle-down': 'M14 9.4 17.4 3.2H10.6Z',
  'triangle-right': 'M17.4 6 11.2 9.4V2.6Z',
  'triangle-left': 'M10.6 6 16.8 9.4V2.6Z',
};

function key(line: Line, s: number, colour: string): SVGSVGElement {
  return svg(
    'svg',
    { class: 'key', width: 28, height: 12, 'aria-hidden': 'true' },
    svg('path', { d: 'M0 6H28', stroke: colour, 'stroke-width': 2, 'stroke-dasharray': dashOf(line).join(' ') }),
    svg('path', { d: outlines[shapes[s % shapes.length]], fill: colour }),
  );
}
