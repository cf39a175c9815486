import { TlsCode, tlsVersions } from '../../src/core/model';
import { tlsLabel } from '../../src/core/report/sentences';
import { displayText } from '../../src/core/text/display';
import { h, show } from '../dom';
import { counted, keyExchangeSentence, unknownSentence, others } from '../../src/presentation/wording';
import { Breakdown } from './breakdown';
import { disclosure, figure, linkButton, name, type Actions, type Page, type Part } from './part';

/** Most cipher suites listed; there are some three hundred in the registry. */
const mostCiphers = 100;

/**
 * "Messages protected in transit (by TLS)": each direction as a ring and a table, with the cipher suites one level
 * down.
 */
export class TlsOverview implements Part {
  readonly element = h('section', { class: 'surface' });
  private readonly intro = h('div', { class: 'intro' });
  private readonly parts: DirectionPart[];

  constructor(private readonly actions: Actions) {
    this.parts = (['outbound', 'inbound'] as const).map((direction) => new DirectionPart(direction, actions));
    this.element.append(
      this.intro,
      h(
        'div',
        { class: 'pair' },
        this.parts.map((part) => part.element),
      ),
    );
  }

  async update(page: Page): Promise<void> {
    const { t } = page.text;
    show(
      this.intro,
      h('h2', {}, t('Messages protected in transit (by TLS)')),
      h(
        'p',
        {},
        t('TLS protects messages on their way, and needs both ends.'),
        ' ',
        t('The sending and the receiving server agree on the newest version that both support.'),
        ' ',
        t('Without a common one many send the message in clear text.'),
      ),
      h(
        'p',
        {},
        t('Outbound includes messages to the internet and to on-premises and partner organizations.'),
        ' ',
        t('Inbound includes messages from them. Messages between own servers are not counted.'),
      ),
      h(
        'p',
        {},
        t('The connector report shows where messages are not protected or the TLS version is too old.'),
        ' ',
        t('Then work with your partners, or update your own servers.'),
        ' ',
        linkButton(t('Connector report'), 'to connectors', () => this.actions.change({ surface: 'connectors' })),
      ),
    );
    await Promise.all(this.parts.map((part) => part.update(page)));
  }
}

class DirectionPart {
  readonly element = h('section', { class: 'card' });
  private readonly title = h('h3');
  private readonly breakdown: Breakdown;
  private readonly below = h('div');

  constructor(
    private readonly direction: 'inbound' | 'outbound',
    private readonly actions: Actions,
  ) {
    this.breakdown = new Breakdown(actions, direction);
    this.element.append(this.title, this.breakdown.element, this.below);
  }

  async update(page: Page): Promise<void> {
    const { text, report } = page,
      { t } = text;
    const title =
      this.direction === 'outbound' ? t('Outbound (from your organization)') : t('Inbound (to your organization)');
    const figures = report.ofDirection(this.direction);
    const all = figures.tls.reduce((sum, n) => sum + n, 0);
    const note = unknownSentence(text, figures.tls.at(-1)!, all, report.unit);
    this.title.textContent = title;
    show(
      this.below,
      note !== '' && h('p', { class: 'quiet' }, note),
      all > 0 &&
        disclosure(page, this.actions, `ciphers ${this.direction}`, [t('Cipher suites')], () =>
          this.ciphers(page, title, all),
        ),
      all > 0 &&
        disclosure(page, this.actions, `key exchange ${this.direction}`, [t('Key exchange')], () =>
          this.keyExchanges(page, title, all - figures.tls[TlsCode.none]),
        ),
    );
    await this.breakdown.update(page, title, figures, { directions: [this.direction] });
  }

  /**
   * The key exchanges, and how many of them a quantum computer could not undo. @param secured messages that may have
   * had one.
   */
  private keyExchanges(page: Page, title: string, secured: number): HTMLElement[] {
    const { text, report } = page,
      { t } = text,
      found = report.keyExchanges(this.direction);
    const rest = secured - found.reduce((all, one) => all + one.messages, 0);
    return [
      ...(found.length > 0
        ? [
            h(
              'table',
              { class: 'figures' },
              h('caption', { class: 'hidden' }, t('{0}: {1}', t('Key exchange'), title)),
              h(
                'thead',
                {},
                h(
                  'tr',
                  {},
                  h('th', { scope: 'col' }, t('Key exchange')),
                  h('th', { scope: 'col' }, t('Post-quantum')),
                  h('th', { scope: 'col', class: 'number' }, report.unit ? t('Sessions') : t('Messages')),
                ),
              ),
              h(
                'tbody',
                {},
                found
                  .slice(0, mostCiphers)
                  .map((one, i) =>
                    h(
                      'tr',
                      {},
                      h('th', { scope: 'row' }, name(displayText(one.name))),
                      h(
                        'td',
                        {},
                        one.postQuantum === undefined ? t('Not known') : one.postQuantum ? t('Yes') : t('No'),
                      ),
                      h(
                        'td',
                        { class: 'number' },
                        figure(
                          page,
                          this.actions,
                          text.number(one.messages),
                          one.place,
                          `key exchange ${this.direction} ${i}`,
                        ),
                      ),
                    ),
                  ),
              ),
            ),
          ]
        : []),
      h('p', {}, keyExchangeSentence(text, found, report.unit)),
      ...(rest > 0
        ? [
            h(
              'p',
              { class: 'quiet' },
              t('The log does not tell the key exchange of {0}.', counted(text, rest, report.unit)),
            ),
          ]
        : []),
    ];
  }

  private ciphers(page: Page, title: string, all: number): HTMLElement[] {
    const { text, report } = page,
      { t } = text;
    const ciphers = report.ciphers(this.direction);
    const logged = ciphers.reduce((sum, cipher) => sum + cipher.messages, 0);
    const rest = h(
      'p',
      { class: 'quiet' },
      t('No cipher suite is logged for {0}.', counted(text, all - logged, report.unit)),
    );
    if (ciphers.length === 0) return [rest];
    const table = h(
      'table',
      { class: 'figures' },
      h('caption', { class: 'hidden' }, t('{0}: {1}', t('Cipher suites'), title)),
      h(
        'thead',
        {},
        h(
          'tr',
          {},
          h('th', { scope: 'col' }, t('Cipher suite')),
          h('th', { scope: 'col' }, t('TLS version')),
          h('th', { scope: 'col', class: 'number' }, page.report.unit ? t('Sessions') : t('Messages')),
          h('th', { scope: 'col', class: 'number' }, t('Share of those logged')),
        ),
      ),
      h(
        'tbody',
        {},
        ciphers
          .slice(0, mostCiphers)
          .map((cipher, i) =>
            h(
              'tr',
              {},
              h('th', { scope: 'row' }, name(displayText(cipher.name))),
              h('td', {}, tlsLabel(t, tlsVersions[cipher.tls])),
              h(
                'td',
                { class: 'number' },
                figure(
                  page,
                  this.actions,
                  text.number(cipher.messages),
                  cipher.place,
                  `cipher ${this.direction} ${i}`,
                  { directions: [this.direction], tls: [tlsVersions[cipher.tls]], ciphers: [cipher.name] },
                ),
              ),
              h('td', { class: 'number' }, text.percent(cipher.messages, logged)),
            ),
          ),
      ),
    );
    const more =
      ciphers.length > mostCiphers ? [h('p', { class: 'quiet' }, others(text, ciphers.length - mostCiphers))] : [];
    return all > logged ? [table, ...more, rest] : [table, ...more];
  }
}
