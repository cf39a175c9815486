import { connectorTypes, type ConnectorType } from '../../src/core/model';
import { typeLabel } from '../../src/core/report/sentences';
import { Buckets } from '../../src/presentation/buckets';
import { bandsOf, domainFlows, flowDays, typeFlows, type Band, type Flow } from '../../src/presentation/flowmap';
import { dayText } from '../../src/presentation/rows';
import type { Text } from '../../src/presentation/text';
import { counted } from '../../src/presentation/wording';
import { button } from '../controls';
import { h, show, svg } from '../dom';
import { hideTip, showTipAt } from '../draw';
import { select } from '../fields';
import { disclosure, Drawn, figure, name, pictureButtons, type Actions, type Page, type Part } from './part';
import { hostLabel } from './remotes';

const height = 340,
  gap = 14,
  bar = 14,
  labels = 190;

/**
 * The mail flow map: on one day, from where mail came into the organization and where it went, by types of connectors
 * or by domains.
 */
export class FlowMap implements Part {
  readonly element = h('section', { class: 'surface' });
  private readonly title = h('h2');
  private readonly intro = h('p', { class: 'quiet' });
  private readonly days = h('div', { class: 'controls' });
  private readonly chart = h('div', { class: 'chart flow-map', role: 'img' });
  private readonly table = h('div');
  private readonly drawn = new Drawn();

  constructor(private readonly actions: Actions) {
    new ResizeObserver(() => {
      if (this.chart.clientWidth > 0) actions.redraw();
    }).observe(this.chart);
    this.element.append(this.title, this.intro, this.days, h('section', { class: 'card' }, this.chart, this.table));
  }

  update(page: Page): void {
    const { report, state, text } = page,
      { t } = text,
      { cube } = report;
    if (!this.drawn.outdated(report, state.map, state.mapDay, state.open, page.theme, this.chart.clientWidth)) return;
    hideTip();
    this.title.textContent = t('Mail flow map');
    this.intro.textContent = t(
      'From where mail came into your organization and where it went, day by day. Messages between own servers are not counted.',
    );
    const filter = report.filter(undefined),
      buckets = new Buckets('day', report.zone),
      days = flowDays(cube, filter, report.unit, (moment) => buckets.of(moment));
    const at = Math.max(
        0,
        state.mapDay === undefined || !days.includes(state.mapDay) ? days.length - 1 : days.indexOf(state.mapDay),
      ),
      day = days[at];
    const step = (label: string, symbol: string, to: number) => {
      const control = button(
        symbol,
        () => {
          if (days[to] !== undefined) this.actions.change({ mapDay: days[to] });
        },
        'secondary',
        label,
      );
      control.setAttribute('aria-label', label);
      control.title = label;
      if (days[to] === undefined) control.setAttribute('disabled', '');
      return control;
    };
    show(
      this.days,
      h(
        'div',
        { class: 'field' },
        select(
          t('Show data for'),
          'map by',
          [
            { value: 'overview', label: t('Overview') },
            { value: 'domains', label: t('By domain') },
          ],
          state.map,
          (value) => this.actions.change({ map: value === 'domains' ? 'domains' : 'overview' }),
        ),
      ),
      days.length > 0 &&
        h(
          'div',
          { class: 'days' },
          step(t('Previous day'), '◀', at - 1),
          h('strong', { role: 'status' }, dayText(text, day)),
          step(t('Next day'), '▶', at + 1),
        ),
    );
    if (days.length === 0) {
      this.chart.removeAttribute('aria-label');
      show(this.chart, h('p', {}, t('No mail in this period.')));
      show(this.table);
      return;
    }
    const one = {
      ...filter,
      from: Math.max(filter.from ?? -Infinity, report.zone.toUtc(day)),
      to: Math.min(filter.to ?? Infinity, report.zone.toUtc(day + 86_400_000)),
    };
    const flows = state.map === 'domains' ? domainFlows(cube, one, report.unit) : typeFlows(cube, one, report.unit);
    this.chart.setAttribute(
      'aria-label',
      t('Flow chart: {0}.', flows.map((flow) => `${wayText(text, flow)} ${text.number(flow.messages)}`).join('; ')),
    );
    show(this.chart, this.picture(page, flows));
    show(
      this.table,
      disclosure(page, this.actions, 'map table', [t('Show as a table')], () => [this.rows(page, flows)]),
      pictureButtons(page, this.actions, 'map', () => this.chart.querySelector('svg') ?? undefined),
    );
  }

  private picture(page: Page, flows: readonly Flow[]): SVGSVGElement {
    const { text } = page,
      width = Math.max(420, this.chart.clientWidth),
      side = Math.min(labels, width * 0.28),
      middle = width / 2 - bar / 2;
    const sides = (['inbound', 'outbound'] as const).map((direction) =>
      flows.filter((flow) => flow.direction === direction),
    );
    // One scale for both sides, so that a band twice as thick is twice the mail.
    const scale = Math.min(
      ...sides.map(
        (own) =>
          (height - gap * Math.max(0, own.length - 1)) /
          Math.max(
            1,
            own.reduce((sum, { messages }) => sum + messages, 0),
          ),
      ),
    );
    const [left, right] = sides.map((own) => bandsOf(own, height, gap, scale)),
      tallest = Math.max(...[left, right].map((bands) => bands.reduce((sum, { thickness }) => sum + thickness, 0)));
    return svg(
      'svg',
      { width, height: height + 28, 'aria-hidden': 'true' },
      left.map((band, i) => this.band(page, band, i, side + bar, middle, side)),
      right.map((band, i) => this.band(page, band, i, width - side - bar, middle + bar, width - side - bar)),
      svg('rect', {
        class: 'organization',
        x: middle,
        y: 20 + (height - tallest) / 2,
        width: bar,
        height: Math.max(2, tallest),
      }),
      svg('text', { class: 'map-title', x: width / 2, y: 12, 'text-anchor': 'middle' }, text.t('This organization')),
    );
  }

  private band(
    page: Page,
    { flow, party, organization, thickness }: Band,
    i: number,
    from: number,
    to: number,
    barAt: number,
  ): SVGGElement {
    const { text, theme, report } = page,
      top = 20,
      a = party + top,
      b = organization + top,
      half = (from + to) / 2,
      thick = Math.max(1, thickness);
    const label = partyText(text, flow),
      out = flow.direction === 'outbound',
      tip = `${wayText(text, flow)}\n${counted(text, flow.messages, report.unit)}`;
    const colour =
      theme.lines[
        (flow.kind === 'type' ? connectorTypes.indexOf(flow.party as ConnectorType) : i) % theme.lines.length
      ];
    return svg(
      'g',
      {
        class: 'band',
        onclick: () => this.actions.reveal(flow.place),
        onpointermove: (event) => showTipAt(event as PointerEvent, tip),
        onpointerleave: () => hideTip(),
      },
      svg('path', {
        d: [
          `M${from},${a}C${half},${a} ${half},${b} ${to},${b}`,
          `V${b + thick}C${half},${b + thick} ${half},${a + thick} ${from},${a + thick}Z`,
        ].join(''),
        fill: colour,
      }),
      svg('rect', { x: barAt, y: a, width: bar, height: thick, fill: colour }),
      svg(
        'text',
        { x: out ? barAt + bar + 6 : barAt - 6, y: a + thick / 2 + 4, 'text-anchor': out ? 'start' : 'end' },
        `${label.length > 24 ? `${label.slice(0, 23)}…` : label} ${text.number(flow.messages)}`,
      ),
    );
  }

  private rows(page: Page, flows: readonly Flow[]): HTMLElement {
    const { text, report } = page,
      { t } = text,
      all = flows.reduce((sum, { messages }) => sum + messages, 0);
    return h(
      'table',
      { class: 'figures' },
      h('caption', { class: 'hidden' }, t('Mail flow map')),
      h(
        'thead',
        {},
        h(
          'tr',
          {},
          h('th', { scope: 'col' }, t('From')),
          h('th', { scope: 'col' }, t('To')),
          h('th', { scope: 'col', class: 'number' }, report.unit ? t('Sessions') : t('Messages')),
        ),
      ),
      h(
        'tbody',
        {},
        flows.map((flow, i) => {
          const [from, to] = ends(text, flow);
          return h(
            'tr',
            {},
            h('td', {}, name(from)),
            h('td', {}, name(to)),
            h(
              'td',
              { class: 'number' },
              figure(page, this.actions, text.number(flow.messages), flow.place, `map ${i}`),
            ),
          );
        }),
      ),
      h(
        'tfoot',
        {},
        h('tr', {}, h('th', { scope: 'row', colspan: 2 }, t('Total')), h('td', { class: 'number' }, text.number(all))),
      ),
    );
  }
}

function partyText(text: Text, { kind, party }: Flow): string {
  if (kind === 'others') return text.t('Others');
  if (kind === 'domain') return hostLabel(text, party);
  return party === 'unknown' ? text.t('Other connectors') : typeLabel(text.t, party as ConnectorType);
}

function ends(text: Text, flow: Flow): [from: string, to: string] {
  const own = text.t('This organization'),
    other = partyText(text, flow);
  return flow.direction === 'inbound' ? [other, own] : [own, other];
}

function wayText(text: Text, flow: Flow): string {
  return ends(text, flow).join(' → ');
}
