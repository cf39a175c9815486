import { remotesOf, type RemoteSummary } from '../../src/core/query';
import { displayText } from '../../src/core/text/display';
import { h, show } from '../dom';
import type { Text } from '../../src/presentation/text';
import { mix } from './mix';
import { Drawn, figure, linkButton, name, type Actions, type Page } from './part';

const few = 10, many = 100;

/** The name of a remote host for display; the sum of all others and hosts without a name have words. */
export function hostLabel(text: Text, host: string): string {
  return host === '' ? text.t('(not logged)') : host === '(other)' ? text.t('(other)') : displayText(host);
}

/** The remote hosts behind what the connector report shows, largest first. */
export class RemoteHosts {
  readonly element = h('section', { class: 'card' });

  private readonly drawn = new Drawn();

  constructor(private readonly actions: Actions) {}

  update(page: Page): void {
    if (!this.drawn.outdated(page.report, page.state.selection, page.state.open)) return;
    const { text, report, state } = page, { t } = text, { cube } = report.snapshot.analysis;
    const all = state.open.includes('remotes');
    const hosts = remotesOf(cube, report.filter(state.selection), all ? many : few, report.unit);
    const more = hosts.length > (all ? many : few);
    show(this.element, h('h3', {}, t('Top remote hosts')),
      hosts.length === 0 ? h('p', {}, t('No mail in this period.')) : h('div', { class: 'scroll', 'data-scroll': 'remotes', tabindex: 0, role: 'region', 'aria-label': t('Top remote hosts') }, this.table(page, hosts)),
      cube.remoteMinutes > cube.cellMinutes && h('p', { class: 'quiet' }, t('The log is very large, so the times of remote hosts are kept in steps of {0} minutes; at the edges of the period their sums can differ from those above.', text.number(cube.remoteMinutes))),
      (more || all) && h('p', {}, linkButton(all ? t('Show fewer') : t('Show more'), 'more remotes', () => this.actions.toggle('remotes', !all))));
  }

  private table(page: Page, hosts: readonly RemoteSummary[]): HTMLElement {
    const { text } = page, { t } = text;
    return h('table', { class: 'figures wide' }, h('caption', { class: 'hidden' }, t('Top remote hosts')),
      h('thead', {}, h('tr', {}, h('th', { scope: 'col' }, t('Remote host')), h('th', { scope: 'col', class: 'number' }, page.report.unit ? t('Sessions') : t('Messages')), h('th', { scope: 'col', class: 'number optional' }, t('Recipients')), h('th', { scope: 'col' }, t('TLS used')))),
      h('tbody', {}, hosts.map((host, i) => h('tr', {}, h('th', { scope: 'row' }, name(hostLabel(text, host.host))),
        h('td', { class: 'number' }, figure(page, this.actions, text.number(host.messages), host.place, `remote ${i}`)), h('td', { class: 'number optional' }, text.number(host.recipients)),
        h('td', {}, mix(text, host.tls))))));
  }
}
