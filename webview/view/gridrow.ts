import { h } from '../dom';

/** What a cell of a grid shows: words, and where it does something, a button. */
export interface GridCell {
  words: string;
  /** It names its row. */
  head?: boolean;
  /** The classes of what it shows; a `number` stands at the right. */
  look?: string;
  /** The words are from the log: of a long name not all may be seen, so the tool tip has it too. */
  named?: boolean;
  /** What the words mean where they are but a sign. */
  meaning?: string;
  title?: string;
  /** The context menu of VS Code that it has. */
  context?: string;
  click?: (event: MouseEvent) => void;
}

/**
 * A row of a grid. It stays in the page and is given other words, since to lay out a table of new elements takes
 * several times as long as
 * to lay out one in which some words have changed.
 */
export class GridRow {
  readonly element = h('tr');
  private cells: Cell[] = [];

  /** @param number from 0. */
  update(number: number, cells: readonly GridCell[]): void {
    set(this.element, 'aria-rowindex', String(number + 2));
    set(this.element, 'data-row', String(number));
    if (this.cells.length !== cells.length || cells.some(({ head }, i) => this.cells[i].head !== (head === true))) {
      this.cells = cells.map((cell) => new Cell(cell.head === true));
      this.element.replaceChildren(...this.cells.map(({ element }) => element));
    }
    cells.forEach((cell, column) => this.cells[column].update(cell));
  }

  /** Which of its cells the keyboard comes to; undefined for none. */
  stop(column: number | undefined): void {
    this.cells.forEach(({ target }, i) => set(target, 'tabindex', i === column ? '0' : '-1'));
  }

  /** What takes the focus in a cell: its button where it has one. */
  target(column: number): HTMLElement | undefined {
    return this.cells[column]?.target;
  }

  columnOf(node: Node): number {
    return this.cells.findIndex(({ element }) => element.contains(node));
  }

  click(event: MouseEvent): void {
    this.cells
      .find(({ element, target }) => target !== element && target.contains(event.target as Node))
      ?.click?.(event);
  }
}

class Cell {
  readonly element: HTMLElement;
  click: GridCell['click'];
  private kind = '';
  private button: HTMLElement | undefined;
  /** What the words stand in. */
  private holder: HTMLElement;
  private readonly words = document.createTextNode('');

  constructor(readonly head: boolean) {
    this.element = this.holder = head ? h('th', { scope: 'row' }) : h('td');
  }

  get target(): HTMLElement {
    return this.button ?? this.element;
  }

  update(cell: GridCell): void {
    const kind = `${cell.click ? 'button' : cell.meaning === undefined ? '' : 'sign'} ${cell.named ? 'name' : ''}`;
    if (kind !== this.kind) this.build(cell);
    this.kind = kind;
    this.click = cell.click;
    if (this.words.data !== cell.words) this.words.data = cell.words;
    set(this.element, 'class', cell.look?.includes('number') ? 'number' : undefined);
    if (this.button) {
      set(this.button, 'class', cell.look);
      set(this.button, 'title', cell.title);
      set(this.button, 'data-vscode-context', cell.context);
    }
    if (cell.named) set(this.holder, 'title', cell.words);
    if (cell.meaning !== undefined) {
      set(this.holder, 'aria-label', cell.meaning);
      set(this.holder, 'title', cell.meaning);
    }
  }

  private build({ click, meaning, named }: GridCell): void {
    this.button = click && h('button');
    this.holder = meaning === undefined ? (this.button ?? this.element) : h('span', { class: 'quiet', role: 'img' });
    if (named) this.holder = h('bdi', { class: 'name' });
    this.element.removeAttribute('tabindex');
    this.holder.replaceChildren(this.words);
    if (this.button && this.holder !== this.button) this.button.replaceChildren(this.holder);
    if (this.holder !== this.element) this.element.replaceChildren(this.button ?? this.holder);
  }
}

/** Gives an element an attribute, or takes it away, if that changes anything. */
function set(element: Element, name: string, value: string | undefined): void {
  if (value === undefined) {
    if (element.hasAttribute(name)) element.removeAttribute(name);
  } else if (element.getAttribute(name) !== value) element.setAttribute(name, value);
}
