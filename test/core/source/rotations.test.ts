/** What is followed is counted once, whatever happens to the files, or the report says from when to when lines may be missing. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { existsSync } from 'node:fs';
import { Scene, type Outcome, type Story } from './scene';
import { stories } from './scenes';

const table = process.env.ROTATIONS_TABLE !== undefined;

async function played({ run }: Story): Promise<Outcome> {
  const scene = new Scene();
  scene.put('mail.log', scene.text(1));
  try {
    await run(scene);
    return scene.outcome();
  } finally {
    await scene.end();
  }
}

describe('a log that is followed is counted once', () => {
  for (const story of stories)
    it(story.name, async () => {
      const { lost, doubled, told, others } = await played(story);
      if (table) {
        const fine = doubled.length === 0 && (lost.length === 0 || told);
        process.stdout.write(
          `| ${story.name} | ${lost.length} | ${doubled.length} | ${told} | ${fine ? '' : 'WRONG'} |\n`,
        );
      }
      assert.deepEqual(doubled, [], 'counted twice');
      if (!story.told) assert.deepEqual(lost, [], 'lost');
      assert.equal(told, story.told === true, 'told that lines may be missing');
      assert.deepEqual(others, story.others ?? []);
    });
});

/** Anything that writers and rotating programs do, in any order. */
const deeds: Record<string, (scene: Scene) => void | Promise<void>> = {
  look: (s) => s.look(),
  write: (s) => s.write(2),
  half: (s) => s.writeHalf(),
  old: (s) => s.writeOld(),
  rotate: (s) => s.rotate(30),
  'rotate, made anew with the next line': (s) => s.rotate(30, false),
  pack: (s) => s.packOldest(),
  'save again': (s) => s.saveAgain(),
  'save again by rename': (s) => s.saveAgain(true),
  wait: (s) => {
    s.endHalf();
    return s.wait(40);
  },
};
const cuts: Record<string, (scene: Scene) => void | Promise<void>> = {
  copyAndCut: (s) => s.whileSeen(() => s.copyAndCut()),
  cut: (s) => s.whileSeen(() => s.cut()),
};

describe('a log to which anything happens, in any order @slow', () => {
  for (const [name, all, told] of [
    ['is counted once', deeds, false],
    ['is counted once, or the report says that lines may be missing', { ...deeds, ...cuts }, true],
  ] as const)
    it(name, async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(fc.constantFrom(...Object.keys(all)), { maxLength: 30 }), async (names) => {
          const outcome = await played({
            name,
            async run(scene) {
              await scene.start();
              for (const one of names) await all[one](scene);
              if (!existsSync(scene.log)) scene.write();
              scene.endHalf();
              await scene.look(2);
            },
          });
          assert.deepEqual(outcome.doubled, []);
          if (!outcome.told) assert.deepEqual(outcome.lost, []);
          if (!told) assert.ok(!outcome.told);
        }),
        { numRuns: Number(process.env.ROTATIONS ?? 150) },
      );
    });
});
