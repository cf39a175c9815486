import { equal, match } from 'node:assert/strict';
import { Analyser, type Outcome } from '../../src/host/reading/analyser';
import { useFolder } from './window';

const request = { files: [], timeZone: 'UTC', rules: [], hash: false };

describe('A worker that reads logs', () => {
  const file = useFolder();
  const read = (script: string) => new Analyser(file('worker.cjs', script), 64).read(request, () => undefined);
  const detail = (outcome: Outcome) => (outcome.type === 'failed' ? outcome.detail : outcome.type);

  it('that throws, exits or runs out of memory ends the reading and nothing else', async () => {
    match(detail(await read('throw new RangeError("too deep")')), /too deep/);
    match(detail(await read('process.exit(3)')), /code 3/);
    match(
      detail(
        await read(
          'require("node:worker_threads").parentPort.on("message", () => setImmediate(() => { throw new Error("in the midst") }))',
        ),
      ),
      /in the midst/,
    );
    match(detail(await read('const all = []; for (;;) all.push(new Array(1e6).fill({}))')), /memory/i);
  });

  it('that is replaced or cancelled is ended at once, even in an endless loop', async () => {
    const analyser = new Analyser(file('loop.cjs', 'for (;;);'));
    const first = analyser.read(request, () => undefined),
      second = analyser.read(request, () => undefined);
    equal((await first).type, 'replaced');
    analyser.cancel();
    equal((await second).type, 'cancelled');
    const third = analyser.read(request, () => undefined);
    analyser.dispose();
    equal((await third).type, 'replaced');
  });
});
