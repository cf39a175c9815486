/** Figures and sentences of the page: shares never lie, and the words are those of the original. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import fc from 'fast-check';
import { TlsCode, UnitCode } from '../../../src/core/model';
import type { Period } from '../../../src/core/report/period';
import { Text } from '../../../src/presentation/text';
import { flowSentence, mixText, periodPhrase, sentenceStart, unknownSentence } from '../../../src/presentation/wording';
import { root } from '../../root';

const italianSentences = JSON.parse(readFileSync(resolve(root, 'l10n/bundle.l10n.it.json'), 'utf8')) as Record<
  string,
  string
>;
const en = new Text('en', {}, 'UTC'),
  it_ = new Text('it', italianSentences, 'Europe/Rome');

/** TLS counts by version code. */
const tls = (counts: Partial<Record<TlsCode, number>>) =>
  Array.from({ length: 8 }, (_, v) => counts[v as TlsCode] ?? 0);

describe('shares of the page', () => {
  it('say 100% and 0% only where they are exact', () => {
    assert.equal(en.percent(9996, 10_000), '>99.9%');
    assert.equal(en.percent(9_999_999, 10_000_000), '>99.9%');
    assert.equal(en.percent(4, 10_000), '<0.1%');
    assert.equal(en.percent(10_000, 10_000), '100%');
    assert.equal(en.percent(0, 10_000), '0%');
    assert.equal(en.percent(9994, 10_000), '99.9%');
    assert.equal(en.percent(0, 0), '–');
    assert.equal(it_.percent(1, 8), '12,5%');
  });
  it('hold for all counts', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2 ** 40 }), fc.double({ min: 0, max: 1, noNaN: true }), (of, at) => {
        const part = Math.floor(of * at),
          shown = en.percent(part, of);
        assert.equal(shown === '100%', part === of);
        assert.equal(shown === '0%', part === 0);
        const value = Number(shown.replace(/[<>%]/g, '')),
          exact = (part / of) * 100;
        if (shown.startsWith('>')) assert.ok(exact > value);
        else if (shown.startsWith('<')) assert.ok(exact < value);
        else assert.ok(Math.abs(exact - value) <= 0.05 + 1e-9, `${shown} for ${exact}`);
      }),
    );
  });
  it('over a limit look like it', () => {
    assert.equal(en.percentOver(2501, 10_000, 25), '25.01%');
    assert.equal(en.percentOver(1, 3, 25), '33.3%');
    assert.equal(en.percentOver(250_000_001, 1_000_000_000, 25), '>25%');
    assert.equal(en.percentOver(9999, 10_000, 50), '>99.9%');
    assert.equal(en.percentOver(4, 4, 50), '100%');
  });
  it("are set out in the reader's language", () => {
    assert.equal(en.number(8453), '8,453');
    assert.equal(it_.number(8453), '8.453');
    assert.equal(new Text('no such language', {}, 'UTC').number(8453), '8,453');
  });
});

/** A period that the logs cover wholly. */
const asked = (period: Period, from?: number, to?: number) =>
  ({ period, from, to, words: { covered: 'wholly' } }) as const;

describe('sentences of the widget', () => {
  const week = sentenceStart(en, asked('7d')),
    settimana = sentenceStart(it_, asked('7d'));
  it('say volume, share and what is unknown', () => {
    const counts = tls({ [TlsCode.none]: 252, [TlsCode.tls12]: 4000, [TlsCode.tls13]: 4148, [TlsCode.unknown]: 53 });
    assert.equal(
      flowSentence(en, 'outbound', week, counts, UnitCode.message),
      'In the last 7 days 8,453 messages were sent, of which 97% were protected in transit (by TLS).',
    );
    assert.equal(
      flowSentence(en, 'inbound', sentenceStart(en, asked('30d')), counts, UnitCode.message),
      'In the last 30 days 8,453 messages were received, of which 97% were protected in transit (by TLS).',
    );
    assert.equal(
      flowSentence(it_, 'outbound', settimana, counts, UnitCode.message),
      'Negli ultimi 7 giorni sono stati inviati 8.453 messaggi, di cui 97% protetti in transito (da TLS).',
    );
    assert.equal(
      unknownSentence(en, 53, 8453, UnitCode.message),
      'TLS of 53 messages is unknown; shares are of the other 8,400.',
    );
    assert.equal(unknownSentence(en, 0, 8453, UnitCode.message), '');
  });
  it('count a logged session without version as protected, and SSL 3.0 too', () => {
    assert.match(
      flowSentence(
        en,
        'inbound',
        week,
        tls({ [TlsCode.tls]: 1, [TlsCode.ssl30]: 1, [TlsCode.none]: 2 }),
        UnitCode.message,
      ),
      /4 messages .* 50% /,
    );
  });
  it('claim nothing where TLS is unknown, and nothing where there is no mail', () => {
    assert.equal(
      flowSentence(en, 'outbound', week, tls({ [TlsCode.unknown]: 9 }), UnitCode.message),
      'In the last 7 days 9 messages were sent.',
    );
    assert.equal(unknownSentence(en, 9, 9, UnitCode.message), 'TLS of 9 messages is unknown: the log does not tell.');
    assert.equal(
      flowSentence(en, 'inbound', week, tls({}), UnitCode.message),
      'In the last 7 days no messages were received.',
    );
    assert.equal(
      flowSentence(it_, 'inbound', settimana, tls({ [TlsCode.tls13]: 1 }), UnitCode.message),
      'Negli ultimi 7 giorni è stato ricevuto 1 messaggio, di cui 100% protetto in transito (da TLS).',
    );
    assert.equal(
      flowSentence(en, 'outbound', week, tls({ [TlsCode.tls]: 5326 }), UnitCode.session),
      'In the last 7 days 5,326 sessions were reported, of which 100% were protected in transit (by TLS).',
    );
  });
  it('name every period', () => {
    assert.deepEqual(
      ['90d', 'all'].map((period) => periodPhrase(en, asked(period as '90d'))),
      ['In the last 90 days', 'In the whole log'],
    );
    const from = Date.parse('2024-02-29T23:00Z'),
      to = Date.parse('2024-03-10T23:00Z');
    assert.equal(
      periodPhrase(it_, asked({ from: '2024-03-01', to: '2024-03-11' }, from, to)),
      'Dal 1 mar 2024 al 10 mar 2024',
      'midnights of Rome; the end is exclusive',
    );
    assert.equal(periodPhrase(en, asked({ from: '2024-03-01' }, Date.UTC(2024, 2, 1))), 'Since Mar 1, 2024');
    assert.equal(periodPhrase(en, asked({ to: '2024-03-01' }, undefined, Date.UTC(2024, 2, 1))), 'Until Feb 29, 2024');
  });
});

describe('the mix of TLS versions in words', () => {
  it('puts what is not protected first and keeps unknown out of the shares', () => {
    const counts = tls({ [TlsCode.none]: 1, [TlsCode.tls12]: 6, [TlsCode.tls13]: 3, [TlsCode.unknown]: 5 });
    assert.equal(mixText(en, counts), 'No TLS 10%, TLS 1.2 60%, TLS 1.3 30%, 5 unknown');
    assert.equal(mixText(en, counts, 2), 'No TLS 10%, TLS 1.2 60%, …, 5 unknown');
  });
});

describe('translations', () => {
  it('fill in arguments once, whatever a name contains', () => {
    assert.equal(en.t('{0}: {1}', '{1}', '$&'), '{1}: $&');
    assert.equal(new Text('it', { constructor: 'x' }, 'UTC').t('toString'), 'toString');
  });
});
