import { afterPaint, h, show } from '../dom';
import { GridRow, type GridCell } from './gridrow';

/** What a grid shows. Rows count from 0, and are made only while they are in sight. */
export interface GridContent {
  label: string;
  /** Cells of the head, one for each column; undefined where they are as before. */
  head: readonly HTMLElement[] | undefined;
  /** The class of each column, which gives it its width. */
  columns: readonly string[];
  rows: number;
  cells(row: number): GridCell[];
  foot: readonly HTMLElement[];
}

/** Rows above and below those in sight that are in the page too, so that scrolling does not show blanks. */
const spare = 8;
/** Paper can't be scrolled, but nobody prints more than this. */
const mostPrinted = 1000;

/**
 * A table of any number of rows of which only those in sight are in the page. To the keyboard it is one stop: arrows,
 * Page Up and Down,
 * Home and End move between cells (ARIA Authoring Practices, grid). Screen readers are told where in the whole table a
 * row stands.
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
  /** The rows that are in the page, by their numbers. */
  private readonly rows = new Map<number, GridRow>();
  /** Rows that were in the page, to be used again. */
  private unused: GridRow[] = [];
  private readonly above = gap();
  private readonly below = gap();
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
    this.element = h(
      'div',
      { class: 'scroll', 'data-scroll': name, tabindex: 0, role: 'region', onscroll: () => this.scrolled() },
      this.table,
    );
    this.body.addEventListener('keydown', (event) => this.key(event));
    this.body.addEventListener('focusin', (event) => this.focused(event.target as Element));
    this.body.addEventListener('click', (event) => {
      const row = (event.target as Element).closest('[data-row]');
      if (row) this.rows.get(Number(row.getAttribute('data-row')))?.click(event);
    });
    const measured = new ResizeObserver(() => this.measure());
    measured.observe(this.element);
    measured.observe(this.body);
    // Paper shows every row. The events come in time for it; the medium also changes where a page is shown as it would
    // be printed.
    const print = (printing: boolean) => {
      if (printing === this.printing) return;
      this.printing = printing;
      this.draw();
    };
    for (const [event, printing] of [
      ['beforeprint', true],
      ['afterprint', false],
    ] as const)
      addEventListener(event, () => print(printing));
    this.paper.addEventListener('change', ({ matches }) => print(matches));
  }

  /** @param fresh other rows than before: the reader starts again at the first one. */
  update(content: GridContent, fresh: boolean): void {
    this.content = content;
    this.element.setAttribute('aria-label', content.label);
    this.caption.textContent = content.label;
    // The head and the totals are rows too.
    this.table.setAttribute('aria-rowcount', String(content.rows + 2));
    if (content.head) {
      this.columns.replaceChildren(...content.columns.map((name) => h('col', { class: name })));
      show(this.head, h('tr', { 'aria-rowindex': 1 }, content.head));
    }
    show(this.foot, h('tr', { 'aria-rowindex': content.rows + 2 }, content.foot));
    if (fresh) {
      if (this.top !== 0) this.element.scrollTop = this.top = 0;
      this.active.row = 0;
    }
    this.active.row = Math.max(0, Math.min(this.active.row, content.rows - 1));
    // Only what is in sight is drawn at once.
    this.draw(0, true);
    void afterPaint().then(() => {
      if (this.content === content) this.draw();
    });
  }

  /**
   * Puts the rows in sight into the page, and some more. @param anew whether those that are there already have other
   * cells now.
   */
  private draw(more = spare, anew = false): void {
    if (!this.content) return;
    const { from, to } = (this.shown = this.rowsInSight(this.content.rows, more));
    const focus = document.activeElement;
    const lost = focus !== null && this.body.contains(focus);
    const gone = this.fill(from, to, anew, focus);
    if (!lost) return;
    // Who scrolls away from the focused cell stays in the table.
    if (gone || !this.body.contains(focus)) this.element.focus({ preventScroll: true });
    else this.focused(focus);
  }

  /**
   * Puts the rows `[from, to)` into the page. Returns whether the focused element was in a row that is no longer one of
   * them.
   */
  private fill(from: number, to: number, anew: boolean, focus: Element | null): boolean {
    const { rows, cells } = this.content!;
    const kept = new Map([...this.rows].filter(([number]) => number >= from && number < to)),
      free = [...this.unused, ...[...this.rows].flatMap(([number, row]) => (kept.has(number) ? [] : [row]))];
    const gone = focus !== null && free.some(({ element }) => element.contains(focus));
    this.rows.clear();
    this.spread(this.above, from);
    this.spread(this.below, rows - to);
    const put = this.putter();
    if (from > 0) put(this.above);
    for (let number = from; number < to; number++) {
      const old = kept.get(number),
        row = old ?? free.pop() ?? new GridRow();
      if (!old || anew) row.update(number, cells(number));
      row.stop(number === this.active.row ? this.active.column : undefined);
      this.rows.set(number, row);
      put(row.element);
    }
    for (const row of free) row.element.remove();
    this.unused = free.slice(0, 4 * spare);
    if (to < rows) put(this.below);
    return gone;
  }

  /** The rows to draw: those in sight and `more` on either side; on paper all. */
  private rowsInSight(rows: number, more: number): { from: number; to: number } {
    if (this.printing) return { from: 0, to: Math.min(rows, mostPrinted) };
    const inSight = Math.ceil(this.height / this.rowHeight);
    const from = Math.max(0, Math.min(Math.floor(this.top / this.rowHeight), rows - inSight) - more);
    return { from, to: Math.min(rows, from + inSight + 2 * more) };
  }

  /** Takes the room of rows that are not drawn. */
  private spread(element: HTMLElement, hidden: number): void {
    if (hidden > 0) element.style.height = `${hidden * this.rowHeight}px`;
    else element.remove();
  }

  /** Puts one element behind the other, and moves none that is in its place already. */
  private putter(): (element: Element) => void {
    let before: Element | null = null;
    return (element) => {
      const next: Element | null = before ? before.nextElementSibling : this.body.firstElementChild;
      if (next !== element) this.body.insertBefore(element, next);
      before = element;
    };
  }

  private scrolled(): void {
    this.top = this.element.scrollTop;
    const first = Math.floor(this.top / this.rowHeight),
      last = first + Math.ceil(this.height / this.rowHeight),
      { from, to } = this.shown;
    if ((first < from + spare / 2 && from > 0) || (last > to - spare / 2 && to < (this.content?.rows ?? 0)))
      this.draw();
  }

  private measure(): void {
    const rows = [...this.body.children].filter((row) => row.hasAttribute('data-row')),
      { clientHeight } = this.element;
    // On paper nothing scrolls, so there is no window of rows to be measured.
    if (rows.length === 0 || clientHeight === 0 || this.printing || this.paper.matches) return;
    const height = (rows.at(-1)!.getBoundingClientRect().bottom - rows[0].getBoundingClientRect().top) / rows.length;
    if (Math.abs(height - this.rowHeight) < 0.01 && clientHeight <= this.height) return;
    this.rowHeight = height;
    this.height = Math.max(this.height, clientHeight);
    this.draw();
  }

  private focused(element: Element): void {
    const number = element.closest('[data-row]')?.getAttribute('data-row'),
      row = this.rows.get(Number(number ?? NaN));
    if (row) this.activate(Number(number), row.columnOf(element));
  }

  private activate(row: number, column: number): void {
    this.rows.get(this.active.row)?.stop(undefined);
    this.active = { row, column };
    this.rows.get(row)?.stop(column);
  }

  private key(event: KeyboardEvent): void {
    const { rows, columns } = this.content!,
      { row, column } = this.active,
      page = Math.max(1, Math.floor(this.height / this.rowHeight) - 3);
    const all = event.ctrlKey || event.metaKey;
    const moves: Record<string, [number, number]> = {
      ArrowDown: [row + 1, column],
      ArrowUp: [row - 1, column],
      ArrowLeft: [row, column - 1],
      ArrowRight: [row, column + 1],
      PageDown: [row + page, column],
      PageUp: [row - page, column],
      Home: [all ? 0 : row, 0],
      End: [all ? rows - 1 : row, columns.length - 1],
    };
    if (!(event.key in moves) || event.altKey || event.shiftKey) return;
    event.preventDefault();
    const [to, over] = moves[event.key];
    this.goTo(Math.max(0, Math.min(rows - 1, to)), Math.max(0, Math.min(columns.length - 1, over)));
  }

  /** Moves the focus to a cell and brings it between the head and the totals. */
  private goTo(row: number, column: number): void {
    const head = this.head.offsetHeight,
      at = row * this.rowHeight,
      room = this.element.clientHeight - head - this.foot.offsetHeight - this.rowHeight;
    if (at < this.top) this.top = at;
    else if (at > this.top + room) this.top = at - room;
    this.activate(row, column);
    this.draw();
    this.element.scrollTop = this.top;
    const target = this.rows.get(row)?.target(column);
    target?.focus({ preventScroll: true });
    target?.closest('td, th')?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }
}

/** Rows that are not in the page, as empty space. */
function gap(): HTMLElement {
  return h('tr', { class: 'gap', role: 'presentation' }, h('td', { role: 'presentation' }));
}
