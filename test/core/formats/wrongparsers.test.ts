/** The contract itself: a parser that is wrong gives other figures than those accepted, in every fixture where its bug shows. */
import assert from 'node:assert/strict';
import { formats } from '../../../src/core/formats/index';
import { fixtureCases } from '../reading/read';
import { differs, expectFigures, figuresIn } from './expectation';
import { bugs, everywhere, overlooking, wrongReader } from './wrongparsers';

describe('a wrong parser fails the contract @slow', () => {
  const cases = fixtureCases();
  const named = (wanted: string) => cases.find(({ id, name }) => `${id}/${name}` === wanted)!;

  for (const bug of bugs)
    it(`where ${bug}`, async () => {
      const shown = new Set<string>();
      const unseen: string[] = [];
      for (const fixture of cases) {
        const { readGroup, differences } = wrongReader(bug);
        const figures = await figuresIn(fixture, readGroup);
        if (differences() > 0) shown.add(fixture.id);
        if (differences() > 0 !== differs(figures, fixture)) unseen.push(`${fixture.id}/${fixture.name}`);
      }
      assert.deepEqual(unseen, []);
      assert.ok(shown.size > 3, `the bug shows only in ${[...shown].join(', ')}`);
      const hidden = formats.map(({ id }) => id).filter((id) => !shown.has(id));
      if (everywhere[bug]) assert.deepEqual(hidden.sort(), [...everywhere[bug]].sort());
    });

  for (const [fixture, lines] of [
    ['postfix/processes-interleaved', /: (?:dis)?connect from /],
    ['haraka/own-time', / disconnect ip=/],
  ] as const)
    it(`where the beginnings and ends of sessions are overlooked in ${fixture}`, async () => {
      assert.ok(differs(await figuresIn(named(fixture), overlooking(lines).readGroup), named(fixture)));
    });

  it('with words that say what is different', async () => {
    const fixture = named('postfix/tls-field');
    const figures = await figuresIn(fixture, wrongReader('recipients are always 7').readGroup);
    assert.throws(() => expectFigures(figures, fixture), /\+ +recipients: 70,\n- +recipients: 10,/);
    assert.throws(() => expectFigures(figures, { ...fixture, expected: undefined }), /npm run accept/);
  });

  it('and the reader that is right passes', async () => {
    for (const fixture of cases) assert.ok(!differs(await figuresIn(fixture, overlooking(/^\b$/).readGroup), fixture));
  });
});
