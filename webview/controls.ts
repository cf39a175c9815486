/** The only file that knows the webview toolkit, which is no longer maintained: to replace it, replace this. */
import { provideVSCodeDesignSystem, vsCodeButton, vsCodeDropdown, vsCodeOption, vsCodeProgressRing, vsCodeTextField, type Dropdown, type TextField } from '@vscode/webview-ui-toolkit';
import { h } from './dom';

/** Makes the toolkit's elements known to the page; call it before the first control. */
export function registerControls(): void {
  provideVSCodeDesignSystem().register(vsCodeButton(), vsCodeDropdown(), vsCodeOption(), vsCodeProgressRing(), vsCodeTextField());
}

const make = (tag: string) => document.createElement(tag);

/** A button of VS Code. */
export function button(label: string, click: () => void, appearance: 'primary' | 'secondary' = 'secondary', key?: string): HTMLElement {
  const element = make('vscode-button');
  element.setAttribute('appearance', appearance);
  if (key !== undefined) element.setAttribute('data-key', key);
  element.textContent = label;
  element.addEventListener('click', click);
  return element;
}

/** A ring that turns while something is under way. */
export function progressRing(label: string): HTMLElement {
  const element = make('vscode-progress-ring');
  element.setAttribute('aria-label', label);
  return element;
}

export interface Option { value: string; label: string }

/** A drop-down with a visible label. It stays in the page, so that an open list is not closed when new figures come. */
export class DropDown {
  readonly element: HTMLElement;
  private readonly label = h('span', { class: 'label', 'aria-hidden': 'true' });
  private readonly control = make('vscode-dropdown') as Dropdown;
  private shown = '';

  constructor(changed: (value: string) => void) {
    this.element = h('div', { class: 'field' }, this.label, this.control);
    this.control.addEventListener('change', () => changed(this.control.value));
  }

  update(label: string, options: readonly Option[], value: string): void {
    this.label.textContent = label;
    this.control.setAttribute('aria-label', label);
    const content = JSON.stringify(options);
    if (content !== this.shown) {
      this.shown = content;
      this.control.replaceChildren(...options.map((option) => {
        const element = make('vscode-option');
        element.setAttribute('value', option.value);
        element.title = element.textContent = option.label;
        if (option.value === value) element.setAttribute('selected', '');
        return element;
      }));
    } else if (this.control.value !== value) {
      this.control.value = value;
    }
    this.control.title = options.find((option) => option.value === value)?.label ?? '';
  }
}

/** A field for a search; it tells of every change. */
export class SearchField {
  readonly element = make('vscode-text-field') as TextField;

  constructor(changed: (value: string) => void) {
    this.element.className = 'search';
    this.element.addEventListener('input', () => changed(this.element.value));
  }

  update(label: string, value: string): void {
    this.element.setAttribute('aria-label', label);
    this.element.setAttribute('placeholder', label);
    if (this.element.value !== value) this.element.value = value;
  }
}
