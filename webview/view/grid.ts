import { h, show } from '../dom';

/** What a grid shows. Rows count from 0, and are made only while they are in sight. */
export interface GridContent {
  label: string;
  /** Cells of the head; there is a column for each. */
  head: readonly HTMLElement[];
  /** The class of each column, which gives it its width. */
  columns: readonly string[];
  rows: number;
  cells(row: number): HTMLElement[];
  foot: readonly HTMLElement[];
}

/** Rows above and below those in sight that are in the page too, so that scrolling does not show blanks. */
const spare = 8;
/** Paper can't be scrolled, but nobody prints more than this. */
const mostPrinted = 1000;

/**
 * A table of any number of rows of which only those in sight are in the page. To the keyboard it is one stop: arrows, Page Up and Down,
 * Home and End move between cells (ARIA Authoring Practices, grid). Screen readers are told where in the whole table a row stands.
 */
export class Grid {
  readonly element: HTMLElement;
  private readonly table = h('table', { class: 'figures grid', role: 'grid' });
  private readonly caption = h('caption', { class: 'hidden' });
  private readonly columns = h('colgroup');
  private readonly head = h('thead');
  private readonly body = h('tbody');
  private readonly foot = h('tfoot');
  private content: GridContent | undefined;
  /** In pixels; measured when the first rows have been laid out, since it depends on the reader's font. */
  private rowHeight = 27;
  private height = innerHeight * 0.7;
  private top = 0;
  private shown = { from: 0, to: 0 };
  /** The cell that Tab leads to. */
  private active = { row: 0, column: 1 };
  private printing = false;
  private readonly paper = matchMedia('print');

  constructor(name: string) {
    this.table.append(this.caption, this.columns, this.head, this.body, this.foot);
    this.element = h('div', { class: 'scroll', 'data-scroll': name, tabindex: 0, role: 'region', onscroll: () => this.scrolled() }, this.table);
    this.body.addEventListener('keydown', (event) => this.key(event));
    this.body.addEventListener('focusin', (event) => this.focused(event.target as Element));
    const measured = new ResizeObserver(() => this.measure());
    measured.observe(this.element);
    measured.observe(this.body);
    // Paper shows every row. The events come in time for it; the medium also changes where a page is shown as it would be printed.
    const print = (printing: boolean) => { if (printing === this.printing) return; this.printing = printing; this.draw(); };
    for (const [event, printing] of [['beforeprint', true], ['afterprint', false]] as const) addEventListener(event, () => print(printing));
    this.paper.addEventListener('change', ({ matches }) => print(matches));
  }

  /** @param fresh other rows than before: the reader starts again at the first one. */
  update(content: GridContent, fresh: boolean): void {
    this.content = content;
    this.element.setAttribute('aria-label', content.label);
    this.caption.textContent = content.label;
    // The head and the totals are rows too.
    this.table.setAttribute('aria-rowcount', String(content.rows + 2));
    this.columns.replaceChildren(...content.columns.map((name) => h('col', { class: name })));
    show(this.head, h('tr', { 'aria-rowindex': 1 }, content.head));
    show(this.foot, h('tr', { 'aria-rowindex': content.rows + 2 }, content.foot));
    if (fresh) { if (this.top !== 0) this.element.scrollTop = this.top = 0; this.active.row = 0; }
    this.active.row = Math.max(0, Math.min(this.active.row, content.rows - 1));
    this.draw();
  }

  private draw(): void {
    if (!this.content) return;
    const { rows, cells } = this.content, height = this.rowHeight;
    const from = this.printing ? 0 : Math.max(0, Math.min(Math.floor(this.top / height), rows - Math.ceil(this.height / height)) - spare);
    const to = Math.min(rows, this.printing ? mostPrinted : from + Math.ceil(this.height / height) + 2 * spare);
    this.shown = { from, to };
    const lost = this.body.contains(document.activeElement);
    show(this.body, gap(from * height), Array.from({ length: to - from }, (_, i) => {
      const row = from + i;
      return h('tr', { 'aria-rowindex': row + 2, 'data-row': row }, cells(row).map((cell, column) => this.stop(cell, row, column)));
    }), gap((rows - to) * height));
    // Who scrolls away from the focused cell stays in the table.
    if (lost && !this.body.contains(document.activeElement)) this.element.focus({ preventScroll: true });
  }

  /** Makes a cell, or the button in it, the place that the keyboard comes to. */
  private stop(cell: HTMLElement, row: number, column: number): HTMLElement {
    const target = targetOf(cell);
    target.tabIndex = row === this.active.row && column === this.active.column ? 0 : -1;
    if (!target.dataset.key) target.dataset.key = `cell ${row} ${column}`;
    return cell;
  }

  private scrolled(): void {
    this.top = this.element.scrollTop;
    const first = Math.floor(this.top / this.rowHeight), last = first + Math.ceil(this.height / this.rowHeight), { from, to } = this.shown;
    if ((first < from + spare / 2 && from > 0) || (last > to - spare / 2 && to < (this.content?.rows ?? 0))) this.draw();
  }

  private measure(): void {
    const rows = [...this.body.children].filter((row) => row.hasAttribute('data-row')), { clientHeight } = this.element;
    // On paper nothing scrolls, so there is no window of rows to be measured.
    if (rows.length === 0 || clientHeight === 0 || this.printing || this.paper.matches) return;
    const height = (rows.at(-1)!.getBoundingClientRect().bottom - rows[0].getBoundingClientRect().top) / rows.length;
    if (Math.abs(height - this.rowHeight) < 0.01 && clientHeight <= this.height) return;
    this.rowHeight = height;
    this.height = Math.max(this.height, clientHeight);
    this.draw();
  }

  private focused(element: Element): void {
    const cell = element.closest('td, th'), row = cell?.parentElement;
    if (!cell || !row?.hasAttribute('data-row')) return;
    this.activate(Number(row.getAttribute('data-row')), [...row.children].indexOf(cell));
  }

  private activate(row: number, column: number): void {
    const before = this.cellAt(this.active.row, this.active.column), after = this.cellAt(row, column);
    if (before) targetOf(before).tabIndex = -1;
    this.active = { row, column };
    if (after) targetOf(after).tabIndex = 0;
  }

  private cellAt(row: number, column: number): HTMLElement | undefined {
    return this.body.querySelector(`[data-row="${row}"]`)?.children[column] as HTMLElement | undefined;
  }

  private key(event: KeyboardEvent): void {
    const { rows, columns } = this.content!, { row, column } = this.active, page = Math.max(1, Math.floor(this.height / this.rowHeight) - 3);
    const all = event.ctrlKey || event.metaKey;
    const moves: Record<string, [number, number]> = {
      ArrowDown: [row + 1, column], ArrowUp: [row - 1, column], ArrowLeft: [row, column - 1], ArrowRight: [row, column + 1], PageDown: [row + page, column], PageUp: [row - page, column],
      Home: [all ? 0 : row, 0], End: [all ? rows - 1 : row, columns.length - 1],
    };
    if (!(event.key in moves) || event.altKey || event.shiftKey) return;
    event.preventDefault();
    const [to, over] = moves[event.key];
    this.goTo(Math.max(0, Math.min(rows - 1, to)), Math.max(0, Math.min(columns.length - 1, over)));
  }

  /** Moves the focus to a cell and brings it between the head and the totals. */
  private goTo(row: number, column: number): void {
    const head = this.head.offsetHeight, at = row * this.rowHeight, room = this.element.clientHeight - head - this.foot.offsetHeight - this.rowHeight;
    if (at < this.top) this.top = at;
    else if (at > this.top + room) this.top = at - room;
    this.activate(row, column);
    this.draw();
    this.element.scrollTop = this.top;
    const cell = this.cellAt(row, column);
    if (cell) targetOf(cell).focus({ preventScroll: true });
    cell?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }
}

/** What takes the focus in a cell: its button where it has one. */
function targetOf(cell: HTMLElement): HTMLElement { return cell.querySelector('button') ?? cell; }

/** The rows that are not in the page, as empty space. */
function gap(height: number): HTMLElement | false {
  if (height <= 0) return false;
  const row = h('tr', { class: 'gap', role: 'presentation' }, h('td', { role: 'presentation' }));
  row.style.height = `${height}px`;
  return row;
}
