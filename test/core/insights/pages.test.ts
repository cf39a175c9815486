/** Each rule is explained, in both languages, for every server that the logs come from. */
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { insightTitle } from '../../../src/core/insights/insightsentences';
import { rules } from '../../../src/core/insights/index';
import { root } from '../../root';

const folder = join(root, 'media/insights');
const bundle = JSON.parse(readFileSync(join(root, 'l10n/bundle.l10n.it.json'), 'utf8')) as Record<string, string>;
const servers = ['Exchange Server', 'Exchange Online', 'Postfix', 'Exim', 'Sendmail'];
const languages = {
  en: { ending: '.md', parts: ['What it means', 'Why it matters', 'How to fix it'], title: (text: string) => text },
  it: {
    ending: '.it.md',
    parts: ['Che cosa significa', 'Perché è importante', 'Come correggere'],
    title: (text: string) => bundle[text],
  },
};

describe('the pages of the insights', () => {
  it('are there for every rule, and for nothing else', () => {
    assert.deepEqual(
      readdirSync(folder).sort(),
      rules.flatMap(({ id }) => Object.values(languages).map(({ ending }) => `${id}${ending}`)).sort(),
    );
  });
  for (const { id } of rules) {
    it(`${id} says what it means, why it matters and how to fix it on each server`, () => {
      const commands: string[][] = [];
      for (const { ending, parts, title } of Object.values(languages)) {
        // The Italian of the rule's sentences stands at the head of the Italian page.
        const text = readFileSync(join(folder, `${id}${ending}`), 'utf8').replace(/^---\n[^]*?\n---\n\n/, '');
        assert.equal(
          text.split('\n')[0],
          `# ${insightTitle((sentence) => title(sentence).replace('{0}', '…'), { id, threshold: 0 })}`,
        );
        assert.deepEqual(
          [...text.matchAll(/^##+ (.*)$/gm)].map(([, heading]) => heading),
          [...parts, ...servers],
        );
        for (const section of text.split(/^##+ .*$/m).slice(1))
          assert.ok(section.trim().length > 0, `${id}${ending}: an empty section`);
        assert.equal(text.match(/^```/gm)!.length % 2, 0);
        commands.push([...text.matchAll(/^```\w+\n([\s\S]*?)^```/gm)].map(([, code]) => code));
      }
      assert.deepEqual(commands[0], commands[1], 'the commands are the same in both languages');
    });
  }
});
