import { TlsCode, tlsVersions } from '../../src/core/model';
import type { Figure } from '../../src/core/drilldown/figure';
import { knownTls } from '../../src/core/report/query';
import type { Place } from '../../src/core/report/order';
import { tlsLabel, typeLabel } from '../../src/core/report/sentences';
import { DropDown, SearchField } from '../controls';
import { h } from '../dom';
import { filterRows } from '../../src/presentation/filter-rows';
import { firstPlace } from '../../src/presentation/places';
import { nameWithCoverage } from '../../src/presentation/coverage';
import type { DetailRow, DetailTable } from '../../src/presentation/details';
import {
  allRows,
  connectorText,
  dayText,
  forcedState,
  forcedText,
  searchRows,
  sortRows,
  tlsColumns,
} from '../../src/presentation/rows';
import { Filters } from './filters';
import { Grid, type GridContent } from './grid';
import type { GridCell } from './gridrow';
import { Drawn, figure, figureCell, ofSelection, type Actions, type Page } from './part';

/** What a row of figures shows. */
type Figures = Pick<DetailRow, 'tls' | 'places' | 'volume'>;

/**
 * The details table of the connector report: one row per day, connector and direction, with a total of all that the
 * search leaves.
 */
export class Details {
  readonly element = h('section', { class: 'card' });
  private readonly title = h('h3');
  private readonly search: SearchField;
  private readonly figures: DropDown;
  private readonly filters: Filters;
  private readonly grid = new Grid('details');
  private readonly status = h('p', { role: 'status', class: 'quiet' });
  private readonly headed = new Drawn();
  private asked: string | undefined;

  private base: { table?: DetailTable; language: string; rows: Uint32Array } = {
    language: '',
    rows: new Uint32Array(),
  };
  private kept: { rows?: Uint32Array; wish: string; found: Uint32Array } = { wish: '', found: new Uint32Array() };

  constructor(private readonly actions: Actions) {
    this.filters = new Filters(actions);
    this.search = new SearchField((search) => actions.change({ search }));
    this.figures = new DropDown((value) => actions.change({ figures: value === 'share' ? 'share' : 'messages' }));
    this.element.append(
      h(
        'div',
        { class: 'bar-line' },
        this.title,
        h('div', { class: 'controls' }, this.figures.element, this.search.element),
      ),
      this.filters.element,
      this.status,
      this.grid.element,
    );
  }

  update(page: Page): void {
    const { text, report, state } = page,
      { t } = text;
    this.title.textContent = t('Details');
    this.search.update(t('Search by date, connector or type'), state.search);
    this.figures.update(
      t('TLS columns'),
      [
        { value: 'messages', label: report.unit ? t('Sessions') : t('Messages') },
        { value: 'share', label: t('Share') },
      ],
      state.figures,
    );
    this.filters.update(page);
    const all = report.rows(state.selection),
      found = this.ordered(all, page);
    this.grid.element.hidden = found.length === 0;
    // While a log grows the reader stays at the row he looks at; who asks for other rows gets to see the first ones.
    const { search, sort, clauses, selection } = state,
      asked = JSON.stringify([search, sort, clauses, selection, report.snapshot.period]);
    if (found.length > 0) this.grid.update(this.content(page, all, found), asked !== this.asked);
    this.asked = asked;
    const counted =
      found.length === 1
        ? t('1 row')
        : found.length > 0
          ? t('{0} rows', text.number(found.length))
          : all.length === 0
            ? t('No mail in this period.')
            : state.clauses.length > 0
              ? t('No row matches the filter and the search.')
              : t('No row matches the search.');
    const words = [counted, report.uncovered(text)].filter(Boolean).join('. ');
    // The same element stays in the page, so that a screen reader tells of its new words.
    if (this.status.textContent !== words) this.status.textContent = words;
  }

  /** The rows as searched and sorted; kept as long as neither they nor the wish change, since there can be many. */
  private ordered(table: DetailTable, { state, text }: Page): Uint32Array {
    const { search, sort, figures, clauses } = state,
      wish = JSON.stringify([search, sort, figures, clauses]);
    if (this.base.table !== table || this.base.language !== text.language)
      this.base = { table, language: text.language, rows: allRows(table, text) };
    if (this.kept.rows !== this.base.rows || this.kept.wish !== wish)
      this.kept = {
        rows: this.base.rows,
        wish,
        found: sortRows(
          table,
          searchRows(table, filterRows(table, this.base.rows, clauses), search, text),
          sort.column,
          sort.descending,
          figures,
          text,
        ),
      };
    return this.kept.found;
  }

  private content(page: Page, all: DetailTable, found: Uint32Array): GridContent {
    const { text, state } = page,
      { t } = text,
      versions = tlsColumns(all);
    const columns = [
      ['date', t('Date')],
      ['connector', t('Connector direction and name')],
      ['type', t('Connector type')],
      ['forced', t('Forced TLS?')],
      ...versions.map((v) => [tlsVersions[v], tlsLabel(t, tlsVersions[v])]),
      ['volume', t('Volume')],
    ];
    const classes = columns.map(([id], i) => (i > 3 ? 'count' : id)),
      outdated = this.headed.outdated(state.sort.column, state.sort.descending, text, versions.join());
    return {
      label: t('Details'),
      rows: found.length,
      columns: classes,
      head: outdated ? columns.map(([id, label], i) => this.header(page, id, label, i > 3)) : undefined,
      cells: (i) => {
        const row = all.row(found[i]),
          selection = { connector: row.connector, direction: row.direction as 'inbound' | 'outbound' },
          own = ofRow(page, row);
        return [
          { words: nameWithCoverage(text, dayText(text, row.day), page.report.coveredOn(row.day)) },
          {
            head: true,
            words: connectorText(text, row.connector, row.direction),
            named: true,
            look: 'link',
            title: t('Show this connector'),
            click: () => this.actions.change({ selection }),
          },
          row.type === 'unknown' ? dash(typeLabel(t, row.type)) : { words: typeLabel(t, row.type) },
          forcedState(row) === 'unknown' ? dash(t('Not known')) : { words: forcedText(text, row) },
          ...this.figuresOf(page, row, versions).map(({ label, place, lines }) =>
            figureCell(page, this.actions, label, place, { ...own, ...lines }),
          ),
        ];
      },
      foot: [h('th', { scope: 'row', colspan: 4 }, t('Total')), ...this.totals(page, all, found, versions)],
    };
  }

  private header(page: Page, id: string, label: string, number: boolean): HTMLElement {
    const { sort } = page.state,
      sorted = sort.column === id;
    return h(
      'th',
      {
        scope: 'col',
        class: number ? 'number' : undefined,
        'aria-sort': sorted ? (sort.descending ? 'descending' : 'ascending') : undefined,
      },
      h(
        'button',
        {
          class: 'sort',
          'data-key': `sort ${id}`,
          title: page.text.t('Sort by this column'),
          onclick: () =>
            this.actions.change({
              sort: { column: id, descending: sorted ? !sort.descending : number || id === 'date' },
            }),
        },
        label,
        sorted && h('span', { class: 'arrow', 'aria-hidden': 'true' }, sort.descending ? '▼' : '▲'),
      ),
    );
  }

  private totals(page: Page, all: DetailTable, found: Uint32Array, versions: readonly number[]): HTMLElement[] {
    const whole = found.length === all.length ? ofSelection(page.state.selection) : undefined;
    return this.figuresOf(page, total(all, found), versions).map(({ id, label, place, lines }) =>
      h(
        'td',
        { class: 'number' },
        figure(page, this.actions, label, place, `total ${id}`, whole && { ...whole, ...lines }),
      ),
    );
  }

  /** The figures of a row, by TLS version and together. */
  private figuresOf(
    { text, state }: Page,
    row: Figures,
    versions: readonly number[],
  ): { id: string; label: string; place: Place | undefined; lines: Figure }[] {
    const known = knownTls(row.tls);
    return [
      ...versions.map((v) => ({
        // Unknown is no part of a share, so it stays a count.
        id: String(v),
        label:
          state.figures === 'messages' || v === TlsCode.unknown
            ? text.number(row.tls[v])
            : text.percent(row.tls[v], known),
        place: row.tls[v] > 0 ? row.places[v] : undefined,
        lines: { tls: [tlsVersions[v]] },
      })),
      { id: 'volume', label: text.number(row.volume), place: firstPlace(row.places), lines: {} },
    ];
  }
}

/** What a row counts: a connector on a day of the report's zone, as far as it is in the period. */
function ofRow(
  {
    report: {
      snapshot: { from, to },
      zone,
    },
  }: Page,
  { day, connector, direction }: DetailRow,
): Figure {
  return {
    connectors: [connector],
    directions: [direction],
    from: Math.max(from ?? -Infinity, zone.toUtc(day)),
    to: Math.min(to ?? Infinity, zone.toUtc(day + 86_400_000)),
  };
}

/** A dash where the log does not tell, so that what it tells stands out. */
function dash(meaning: string): GridCell {
  return { words: '–', meaning };
}

function total(table: DetailTable, rows: Uint32Array): Figures {
  const tls = tlsVersions.map(() => 0),
    places: DetailRow['places'] = [];
  let volume = 0;
  for (const row of rows) {
    volume += table.volume[row];
    for (let v = 0; v < tls.length; v++) {
      const i = row * tls.length + v;
      if (table.tls[i] === 0) continue;
      tls[v] += table.tls[i];
      const before = places[v];
      if (!before || table.file[i] < before.file || (table.file[i] === before.file && table.line[i] < before.line))
        places[v] = table.place(row, v);
    }
  }
  return { tls, places, volume };
}
