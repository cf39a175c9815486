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

describe('an insight in words', () => {
  it('has threshold, counts and share in the notation of the reader', () => {
    assert.equal(
      insightWords(new Text('en', {}, 'UTC'), insight),
      'No TLS is over 12.25%: partner (Outbound), 1,250 of 10,000 messages (12.5%).',
    );
    assert.equal(
      insightWords(new Text('it', italian, 'UTC'), insight),
      'No TLS è superiore al 12,25%: partner (In uscita), 1.250 di 10.000 messaggi (12,5%).',
    );
  });
});
