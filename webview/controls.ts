/** The only file that knows the webview toolkit, which is no longer maintained: to replace it, replace this. */
import {
  provideVSCodeDesignSystem,
  vsCodeButton,
  vsCodeDropdown,
  vsCodeOption,
  vsCodeProgressRing,
  vsCodeTextField,
  type Dropdown,
  type TextField,
} from '@vscode/webview-ui-toolkit';
import { h } from './dom';

/** Makes the toolkit's elements known to the page; call it before the first control. */
export function registerControls(): void {
  provideVSCodeDesignSystem().register(
    vsCodeButton(),
    vsCodeDropdown(),
    vsCodeOption(),
    vsCodeProgressRing(),
    vsCodeTextField(),
  );
}

const make = (tag: string) => document.createElement(tag);

/** A button of VS Code. */
export function button(
  label: string,
  click: () => void,
  appearance: 'primary' | 'secondary' = 'secondary',
  key?: string,
): HTMLElement {
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

export interface Option {
  value: string;
  label: string;
}

/** A drop-down with a visible label. It stays in the page, so that an open list is not closed when new figures come. */
export class DropDown {
  readonly element: HTMLElement;
  private readonly label = h('span', { class: 'label', 'aria-hidden': 'true' });
  private readonly control = make('vscode-dropdown') as Dropdown;
  private readonly options: HTMLElement[] = [];
  private shown: readonly Option[] = [];

  constructor(changed: (value: string) => void) {
    this.element = h('div', { class: 'field' }, this.label, this.control);
    this.control.addEventListener('change', () => changed(this.control.value));
  }

  update(label: string, options: readonly Option[], value: string): void {
    this.label.textContent = label;
    this.control.setAttribute('aria-label', label);
    this.put(options, value);
    this.control.title = options.find((option) => option.value === value)?.label ?? '';
  }

  /**
   * Shows these options. To make an element of the toolkit takes ten times as long as to give one that there is other
   * words, and there can be hundreds.
   */
  private put(options: readonly Option[], value: string): void {
    const { shown, control } = this,
      before = shown.find((option) => option.value === control.value);
    this.shown = options;
    options.slice(0, shown.length).forEach((option, i) => {
      const element = this.options[i];
      if (option.value !== shown[i].value) element.setAttribute('value', option.value);
      // The text itself, since the element looks at itself again when it gets another one.
      if (option.label !== shown[i].label) {
        (element.firstChild as Text).data = element.title = option.label;
      }
    });
    for (const element of this.options.splice(options.length)) element.remove();
    // While the control has not seen its new options, the attribute tells it which one is chosen.
    for (const element of this.options) element.removeAttribute('selected');
    if (this.options.length > 0 && control.value !== value) control.value = value;
    for (const option of options.slice(this.options.length)) {
      const element = make('vscode-option');
      element.setAttribute('value', option.value);
      element.title = option.label;
      element.append(option.label);
      if (option.value === value) element.setAttribute('selected', '');
      this.options.push(element);
      control.append(element);
    }
    // It shows the words of the chosen option, and has not been told that they are others now.
    if (before && before.value === value && before.label !== options.find((option) => option.value === value)?.label)
      control.dispatchEvent(new Event('contentchange'));
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
