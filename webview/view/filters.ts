import {
  clauseFields,
  mostClauses,
  mostFilters,
  operatorsOf,
  type Clause,
  type ClauseField,
} from '../../src/core/report/clauses';
import { connectorTypes, type TlsVersion } from '../../src/core/model';
import { directionLabel, tlsLabel, typeLabel } from '../../src/core/report/sentences';
import { displayText } from '../../src/core/text/display';
import type { Text } from '../../src/presentation/text';
import { h, show } from '../dom';
import { input, select, type Choice } from '../fields';
import { Drawn, disclosure, linkButton, type Actions, type Page } from './part';

/** Conditions on the rows of the details table, which the reader can keep under a name. */
export class Filters {
  readonly element = h('div', { class: 'filters' });
  private readonly drawn = new Drawn();
  private name = '';
  /** The control that the keyboard goes to when the filters are drawn again: a new condition is to be filled in. */
  private next: string | undefined;

  constructor(private readonly actions: Actions) {}

  update(page: Page): void {
    const { state, text, report } = page,
      { t } = text,
      { filters = [] } = report.snapshot;
    if (!this.drawn.outdated(state.clauses, state.open, JSON.stringify(filters), text.language)) return;
    const label = state.clauses.length === 0 ? t('Filter') : t('Filter ({0})', text.number(state.clauses.length));
    show(
      this.element,
      disclosure(page, this.actions, 'filters', [label], () => [
        filters.length > 0
          ? h(
              'p',
              {},
              select(
                t('Saved filters'),
                'saved filters',
                [
                  { value: '', label: t('Saved filters') },
                  ...filters.map((filter, i) => ({ value: String(i), label: displayText(filter.name) })),
                ],
                String(filters.findIndex((filter) => sameClauses(filter.clauses, state.clauses))),
                (value) => {
                  const filter = filters[Number(value)];
                  if (value !== '' && filter) {
                    this.name = filter.name;
                    this.set([...filter.clauses]);
                  }
                },
              ),
            )
          : '',
        h(
          'ul',
          { class: 'plain clauses' },
          state.clauses.map((clause, i) => this.row(page, clause, i)),
        ),
        h(
          'p',
          { class: 'actions' },
          state.clauses.length < mostClauses
            ? linkButton(t('Add a condition'), 'add clause', () => {
                this.next = `field ${state.clauses.length}`;
                this.set([...state.clauses, { field: 'name', operator: 'starts-with', value: '' }]);
              })
            : '',
          state.clauses.length > 0 ? linkButton(t('Remove all conditions'), 'clear clauses', () => this.set([])) : '',
        ),
        state.clauses.length > 0 ? this.keeping(page) : '',
      ]),
    );
    if (this.next !== undefined)
      (this.element.querySelector(`[data-key="${this.next}"]`) as HTMLElement | null)?.focus();
    this.next = undefined;
  }

  private row({ state, text }: Page, clause: Clause, i: number): HTMLElement {
    const { t } = text,
      put = (change: Partial<Clause>) =>
        this.set(state.clauses.map((one, k) => (k === i ? { ...one, ...change } : one)));
    const fields = clauseFields.map((field) => ({ value: field, label: fieldLabel(text, field) }));
    const operators = operatorsOf(clause.field).map((operator) => ({
      value: operator,
      label: { is: t('is'), 'starts-with': t('starts with'), over: '>', under: '<' }[operator],
    }));
    const choices = choicesOf(text, clause.field);
    return h(
      'li',
      {},
      select(t('Field'), `field ${i}`, fields, clause.field, (value) => {
        const field = value as ClauseField;
        put({ field, operator: operatorsOf(field)[0], value: choicesOf(text, field)?.[0].value ?? '' });
      }),
      select(t('Comparison'), `operator ${i}`, operators, clause.operator, (value) =>
        put({ operator: value as Clause['operator'] }),
      ),
      choices
        ? select(t('Value'), `value ${i}`, choices, clause.value, (value) => put({ value }))
        : input(
            t('Value'),
            `value ${i}`,
            clause.field === 'date' ? 'date' : clause.field === 'name' ? 'text' : 'number',
            clause.value,
            (value) => put({ value }),
          ),
      h(
        'button',
        {
          class: 'link',
          'data-key': `remove ${i}`,
          'aria-label': t('Remove this condition'),
          title: t('Remove this condition'),
          onclick: () => this.set(state.clauses.filter((_, k) => k !== i)),
        },
        '✕',
      ),
    );
  }

  private keeping({ report, state, text }: Page): HTMLElement {
    const { t } = text,
      { filters = [] } = report.snapshot,
      saved = filters.find((filter) => filter.name === this.name);
    return h(
      'p',
      { class: 'actions' },
      input(t('Name of the filter'), 'filter name', 'text', this.name, (value) => {
        this.name = value.trim();
      }),
      linkButton(t('Save filter'), 'save filter', () => {
        if (this.name !== '')
          this.keep(
            [
              ...filters.filter((filter) => filter.name !== this.name),
              { name: this.name, clauses: state.clauses },
            ].slice(-mostFilters),
          );
      }),
      saved
        ? linkButton(t('Delete filter'), 'delete filter', () => {
            this.keep(filters.filter((filter) => filter !== saved));
            this.name = '';
          })
        : '',
    );
  }

  private keep(filters: { name: string; clauses: Clause[] }[]): void {
    this.actions.post({ type: 'filters', filters });
  }
  private set(clauses: Clause[]): void {
    this.actions.change({ clauses });
  }
}

function sameClauses(a: readonly Clause[], b: readonly Clause[]): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

function fieldLabel(text: Text, field: ClauseField): string {
  const { t } = text;
  switch (field) {
    case 'date':
      return t('Date');
    case 'direction':
      return t('Connector direction');
    case 'name':
      return t('Connector name');
    case 'type':
      return t('Connector type');
    case 'forced':
      return t('Forced TLS?');
    case 'volume':
      return t('Volume');
    case 'unknown':
      return tlsLabel(t, field);
    default:
      return `${tlsLabel(t, field as TlsVersion)} %`;
  }
}

/** The values that a field can have, where they are few. */
function choicesOf(text: Text, field: ClauseField): Choice[] | undefined {
  const { t } = text;
  switch (field) {
    case 'direction':
      return (['inbound', 'outbound'] as const).map((value) => ({ value, label: directionLabel(t, value) }));
    case 'type':
      return connectorTypes.map((value) => ({ value, label: typeLabel(t, value) }));
    case 'forced':
      return [
        { value: 'true', label: t('True') },
        { value: 'some', label: t('For some hosts') },
        { value: 'false', label: t('False') },
        { value: 'unknown', label: t('Not known') },
      ];
    default:
      return undefined;
  }
}
