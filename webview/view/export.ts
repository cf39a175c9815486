import { h } from '../dom';
import { Menu } from '../fields';
import type { FromReport } from '../../src/protocol';
import type { Actions, Page } from './part';

type Format = Extract<FromReport, { type: 'export' }>['format'];

/** Exports what is shown: the period, the server, and in the connector report the chosen connector. */
export class ExportMenu {
  private readonly menu = new Menu();
  readonly element = this.menu.element;

  constructor(private readonly actions: Actions) {}

  update(page: Page): void {
    const { t } = page.text,
      { state } = page;
    const formats: [Format, string][] = [
      ['html', t('Web page (HTML)')],
      ['csv', t('Table (CSV)')],
      ['remote-hosts', t('Messages by remote host (CSV)')],
      ['markdown', 'Markdown'],
      ['json', 'JSON'],
      ['sarif', t('Insights (SARIF)')],
    ];
    const pseudonyms = h('input', {
      type: 'checkbox',
      id: 'export-pseudonyms',
      'data-key': 'pseudonyms',
      checked: state.pseudonyms,
      onchange: (event) => this.actions.change({ pseudonyms: (event.target as HTMLInputElement).checked }),
    });
    this.menu.update(
      t('Export'),
      ...formats.map(([format, label]) =>
        h(
          'button',
          {
            class: 'link',
            'data-key': `export ${format}`,
            onclick: () => {
              this.menu.close();
              this.send(format, page);
            },
          },
          label,
        ),
      ),
      h(
        'div',
        { class: 'check' },
        pseudonyms,
        h('label', { for: 'export-pseudonyms' }, t('With pseudonyms for hosts, connectors and files')),
      ),
      h(
        'button',
        {
          class: 'link',
          'data-key': 'print',
          onclick: () => {
            this.menu.close();
            print();
          },
        },
        t('Print'),
      ),
    );
  }

  private send(format: Format, { state, report: { servers } }: Page): void {
    this.actions.post({
      type: 'export',
      format,
      pseudonyms: state.pseudonyms,
      ...(servers ? { servers: [...servers] } : {}),
      ...(state.surface === 'connectors' && state.selection ? { selection: state.selection } : {}),
    });
  }
}
