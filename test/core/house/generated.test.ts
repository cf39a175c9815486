/** What is generated from the rules of the insights is as `npm run generate` writes it. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ruleFiles, ruleList, ruleListText } from '../../generated/rulelist';
import { sentencesOf } from './sentences';
import { generatedTexts, italianOfPage } from '../../generated/texts';
import { root } from '../../root';

const read = (path: string) => readFileSync(join(root, path), 'utf8');

describe('what follows from the rules of the insights', () => {
  it('is the list of rules', () => assert.equal(read(ruleList), ruleListText(ruleFiles(root))));
  for (const path of ['package.json', 'package.nls.json', 'package.nls.it.json', 'l10n/bundle.l10n.it.json'])
    it(`is in ${path}`, () => assert.equal(read(path), generatedTexts(root).get(path)));
  for (const { id, text } of ruleFiles(root))
    it(`has the Italian of ${id} at the head of its page, and none besides`, () =>
      assert.deepEqual(
        Object.keys(italianOfPage(read(`media/insights/${id}.it.md`))).sort(),
        [...new Set(sentencesOf(text))].sort(),
      ));
});
