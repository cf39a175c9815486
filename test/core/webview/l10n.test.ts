/** Every sentence of the page and of the core is a literal, and Italian has each of them with the same gaps. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../root';
import { gapsOf, sentencesOf, sources } from '../house/sentences';

const bundle = JSON.parse(readFileSync(join(root, 'l10n/bundle.l10n.it.json'), 'utf8')) as Record<string, string>;
const page = sources(['src/core', 'src/presentation', 'src/export', 'webview']);

describe('sentences of the page', () => {
  it('are literals, so that none can be missed', () => {
    for (const { file, source } of page)
      assert.deepEqual(
        [...source.matchAll(/(?<![\w.])(?:text\.|page\.text\.)?t\(\s*(?!['\s])[^)]*\)/g)].map(String),
        [],
        file,
      );
  });
  it('are all there in Italian, with the same gaps', () => {
    const sentences = new Set(page.flatMap(({ source }) => sentencesOf(source)));
    assert.ok(sentences.size > 100);
    assert.deepEqual(
      [...sentences].filter((sentence) => !bundle[sentence]),
      [],
    );
    assert.deepEqual(
      Object.keys(bundle).filter((sentence) => gapsOf(sentence).join() !== gapsOf(bundle[sentence]).join()),
      [],
    );
  });
  it('keep the words of the original', () => {
    assert.equal(bundle['No TLS is over {0}%'], 'No TLS è superiore al {0}%');
    assert.equal(bundle['TLS 1.0 is above {0}%'], 'TLS 1.0 è superiore al {0}%');
    assert.equal(bundle['All mail flow'], 'Tutto il flusso di posta');
    assert.equal(bundle['TLS usage'], 'Utilizzo TLS');
    assert.equal(bundle['Messages protected in transit (by TLS)'], 'Messaggi protetti in transito (da TLS)');
  });
  it('stand in order, so that two people can add to them', () => {
    assert.deepEqual(Object.keys(bundle), Object.keys(bundle).sort());
  });
});
