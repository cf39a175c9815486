import { h } from './dom';

export interface Choice {
  value: string;
  label: string;
}

/** A plain drop-down inside a row of controls; its label is read out, not shown. */
export function select(
  label: string,
  key: string,
  choices: readonly Choice[],
  value: string,
  changed: (value: string) => void,
): HTMLElement {
  return h(
    'select',
    { 'aria-label': label, 'data-key': key, onchange: (event) => changed((event.target as HTMLSelectElement).value) },
    choices.map((choice) => h('option', { value: choice.value, selected: choice.value === value }, choice.label)),
  );
}

/** A plain field; `changed` is told when the reader has finished with it. */
export function input(
  label: string,
  key: string,
  type: 'text' | 'date' | 'number',
  value: string,
  changed: (value: string) => void,
): HTMLInputElement {
  const field = h('input', {
    type,
    'aria-label': label,
    placeholder: type === 'text' ? label : undefined,
    'data-key': key,
    maxlength: 256,
    step: type === 'number' ? 'any' : undefined,
    onchange: (event) => changed((event.target as HTMLInputElement).value),
  });
  field.value = value;
  return field;
}

/** A small set of actions that opens below a button; it closes with Escape and when one is chosen. */
export class Menu {
  readonly element: HTMLDetailsElement;
  private readonly summary = h('summary', { class: 'menu-button' });
  private readonly list = h('div', { class: 'menu-list', role: 'group' });

  constructor() {
    this.element = h(
      'details',
      {
        class: 'menu',
        onkeydown: (event) => {
          if ((event as KeyboardEvent).key === 'Escape' && this.element.open) {
            this.close();
            event.stopPropagation();
          }
        },
      },
      this.summary,
      this.list,
    );
    addEventListener('pointerdown', (event) => {
      if (this.element.open && !this.element.contains(event.target as Node)) this.element.open = false;
    });
  }

  update(label: string, ...content: (Node | false)[]): void {
    this.summary.textContent = label;
    this.list.setAttribute('aria-label', label);
    const active = document.activeElement?.getAttribute('data-key');
    this.list.replaceChildren(...content.filter((node) => node !== false));
    if (active) (this.list.querySelector(`[data-key="${CSS.escape(active)}"]`) as HTMLElement | null)?.focus();
  }

  close(): void {
    this.element.open = false;
    this.summary.focus();
  }
}
