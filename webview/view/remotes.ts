import type { Figure } from '../../src/core/drilldown/figure';
import { remotesOf, type RemoteSummary } from '../../src/core/report/remotes';
import { tlsVersions, type Direction } from '../../src/core/model';
import { tlsLabel } from '../../src/core/report/sentences';
import { displayText } from '../../src/core/text/display';
import { domainOf } from '../../src/core/text/domain';
import { byDomain } from '../../src/presentation/domains';
import { partnerNote } from '../../src/presentation/note';
import { h, show } from '../dom';
import { select } from '../fields';
import type { Text } from '../../src/presentation/text';
import { mix } from './mix';
import { Drawn, figure, linkButton, name, ofSelection, type Actions, type Page } from './part';

const few = 10,
  many = 100;

/** The name of a remote host for display; the sum of all others and hosts without a name have words. */
export function hostLabel(text: Text, host: string): string {
  return host === '' ? text.t('(not logged)') : host === '(other)' ? text.t('(other)') : displayText(host);
}

/**
 * The remote hosts or domains behind what the connector report shows, largest first: the next step is to write to one
 * of them.
 */
export class RemoteHosts {
  readonly element = h('section', { class: 'card' });

  private readonly drawn = new Drawn();

  constructor(private readonly actions: Actions) {}

  update(page: Page): void {
    const { text, report, state } = page,
      { t } = text,
      { cube } = report,
      { group, version, selection } = state;
    if (!this.drawn.outdated(report, selection, state.open, group, version)) return;
    const limit = state.open.includes('remotes') ? many : few;
    const filter = report.filter(selection),
      tls = version < 0 ? undefined : version;
    const all =
      group === 'domain'
        ? byDomain(remotesOf(cube, filter, Infinity, report.unit, tls))
        : remotesOf(cube, filter, limit, report.unit, tls);
    const hosts = all.slice(0, limit + 1),
      shown = group === 'domain' ? hosts.slice(0, limit) : hosts,
      more = all.length > limit;
    const versions = [
      { value: '-1', label: t('Any TLS version') },
      ...tlsVersions.map((one, v) => ({ value: String(v), label: tlsLabel(t, one) })),
    ];
    show(
      this.element,
      h(
        'div',
        { class: 'bar-line' },
        h('h3', {}, group === 'domain' ? t('Top remote domains') : t('Top remote hosts')),
        h(
          'div',
          { class: 'controls' },
          select(t('TLS version'), 'remote version', versions, String(version), (value) =>
            this.actions.change({ version: Number(value) }),
          ),
          select(
            t('Group by'),
            'remote group',
            [
              { value: 'host', label: t('Hosts') },
              { value: 'domain', label: t('Domains') },
            ],
            group,
            (value) => this.actions.change({ group: value === 'domain' ? 'domain' : 'host' }),
          ),
        ),
      ),
      shown.length === 0
        ? h('p', {}, t('No mail in this period.'))
        : h(
            'div',
            {
              class: 'scroll',
              'data-scroll': 'remotes',
              tabindex: 0,
              role: 'region',
              'aria-label': t('Top remote hosts'),
            },
            this.table(page, shown),
          ),
      cube.remoteMinutes > cube.cellMinutes &&
        h(
          'p',
          { class: 'quiet' },
          t(
            'The log is very large, so the times of remote hosts are kept in steps of {0} minutes.',
            text.number(cube.remoteMinutes),
          ),
          ' ',
          t('At the edges of the period their sums can differ from those above.'),
        ),
      (more || limit === many) &&
        h(
          'p',
          {},
          linkButton(limit === many ? t('Show fewer') : t('Show more'), 'more remotes', () =>
            this.actions.toggle('remotes', limit !== many),
          ),
        ),
    );
  }

  private table(page: Page, hosts: readonly RemoteSummary[]): HTMLElement {
    const { text, report, state } = page,
      { t } = text;
    return h(
      'table',
      { class: 'figures wide' },
      h('caption', { class: 'hidden' }, t('Top remote hosts')),
      h(
        'thead',
        {},
        h(
          'tr',
          {},
          h('th', { scope: 'col' }, t('Remote host')),
          h('th', { scope: 'col', class: 'number' }, report.unit ? t('Sessions') : t('Messages')),
          h('th', { scope: 'col', class: 'number optional' }, t('Recipients')),
          h('th', { scope: 'col' }, t('TLS used')),
          h('th', { scope: 'col', class: 'optional' }, t('First seen')),
          h('th', { scope: 'col', class: 'optional' }, t('Last seen')),
          h('th', { scope: 'col' }, h('span', { class: 'hidden' }, t('Actions'))),
        ),
      ),
      h(
        'tbody',
        {},
        hosts.map((host, i) =>
          h(
            'tr',
            {},
            h('th', { scope: 'row' }, name(hostLabel(text, host.host))),
            h(
              'td',
              { class: 'number' },
              figure(
                page,
                this.actions,
                text.number(host.messages),
                host.place,
                `remote ${i}`,
                this.lines(page, host.host),
              ),
            ),
            h('td', { class: 'number optional' }, text.number(host.recipients)),
            h('td', {}, mix(text, host.tls)),
            h('td', { class: 'optional' }, text.moment(host.first)),
            h('td', { class: 'optional' }, text.moment(host.last)),
            h(
              'td',
              {},
              host.host !== '' &&
                host.host !== '(other)' &&
                linkButton(t('Copy a note to the partner'), `note ${i}`, () =>
                  this.actions.post({
                    type: 'copy',
                    text: partnerNote(
                      text,
                      host,
                      state.selection?.direction ?? this.direction(page, host),
                      report.snapshot.timeZone,
                      report.unit,
                    ),
                  }),
                ),
            ),
          ),
        ),
      ),
    );
  }

  /** What the row of a host or domain counts; the rest of all others is no figure of its own. */
  private lines({ state: { selection, version, group } }: Page, host: string): Figure | undefined {
    if (host === '(other)') return undefined;
    return {
      ...ofSelection(selection),
      ...(version >= 0 && { tls: [tlsVersions[version]] }),
      ...(group === 'domain' ? { domains: [host] } : { hosts: [host] }),
    };
  }

  /** The direction of most of a host's mail, where the report shows both. */
  private direction({ report, state }: Page, { host }: RemoteSummary): Direction {
    const { cube } = report,
      own = (direction: Direction) =>
        remotesOf(cube, { ...report.filter(undefined), directions: [direction] }, Infinity, report.unit)
          .filter((one) => (state.group === 'domain' ? domainOf(one.host) : one.host) === host)
          .reduce((sum, one) => sum + one.messages, 0);
    return own('outbound') >= own('inbound') ? 'outbound' : 'inbound';
  }
}
