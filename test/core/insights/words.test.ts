/** Insights in words, in the reader's notation. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Insight } from '../../../src/core/insights/insight';
import { insightWords } from '../../../src/presentation/insight-words';
import { Text } from '../../../src/presentation/text';
import { root } from '../../root';

const italian = JSON.parse(readFileSync(join(root, 'l10n/bundle.l10n.it.json'), 'utf8')) as Record<string, string>;
const insight: Insight = {
  id: 'no-tls-over-25',
  connector: 'partner',
  direction: 'outbound',
  messages: 1250,
  of: 10_000,
  share: 0.125,
  threshold: 12.25,
  severity: 'warning',
  place: { file: 0, line: 1 },
};

/** Dates have narrow spaces in them. */
const plain = (text: string) => text.replace(/[\u2009\u202f]/g, ' ');

describe('an insight in words', () => {
  const days = { from: Date.UTC(2026, 10, 4), to: Date.UTC(2026, 10, 11) };
  it('has threshold, counts, share and period in the notation of the reader', () => {
    assert.equal(
      plain(insightWords(new Text('en', {}, 'UTC'), insight, days)),
      'No TLS is over 12.25%: partner (Outbound), 1,250 of 10,000 messages (12.5%), Nov 4 – 10, 2026.',
    );
    assert.equal(
      insightWords(new Text('it', italian, 'UTC'), insight, days),
      'No TLS è superiore al 12,25%: partner (In uscita), 1.250 di 10.000 messaggi (12,5%), 04–10 nov 2026.',
    );
  });
  it('says the hours of a single day, and that few messages are few', () => {
    const morning = { from: Date.UTC(2026, 10, 10, 6, 1), to: Date.UTC(2026, 10, 10, 9, 30) };
    const words = (messages: number, of: number) =>
      plain(insightWords(new Text('en', {}, 'UTC'), { ...insight, messages, of }, morning));
    assert.equal(
      words(3, 9),
      'No TLS is over 12.25%: partner (Outbound), 3 of 9 messages (33.3%); few messages, Nov 10, 2026, 6:01 – 9:29 AM.',
    );
    assert.ok(!words(3, 10).includes('few'));
  });
});
