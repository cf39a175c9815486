import { spawnSync } from 'node:child_process';

/** Median seconds and peak memory of each command. They run in turn, so that a slow moment of the machine hits all of them. */
export function measure(contenders, rounds) {
  const runs = contenders.map(() => []);
  for (let round = 0; round < rounds; round++) {
    for (const [i, { command, args, shell, slow }] of contenders.entries()) {
      if (slow && round > 0) continue;
      const start = process.hrtime.bigint();
      const { stderr, status } = spawnSync(
        '/usr/bin/time',
        ['-f', 'PEAK %M', ...(shell ? ['sh', '-c', shell] : [command, ...args])],
        { encoding: 'utf8', stdio: ['ignore', 'ignore', 'pipe'], maxBuffer: 1 << 28 },
      );
      const seconds = Number(process.hrtime.bigint() - start) / 1e9;
      const peak = /PEAK (\d+)/.exec(stderr ?? '');
      if (status !== 0 || !peak)
        throw new Error(`${contenders[i].name} failed (needs /usr/bin/time of GNU): ${stderr}`);
      runs[i].push({ seconds, mebibytes: Number(peak[1]) / 1024 });
    }
  }
  return contenders.map(({ name }, i) => {
    const sorted = runs[i].map((run) => run.seconds).sort((a, b) => a - b);
    return {
      name,
      seconds: sorted[Math.floor(sorted.length / 2)],
      mebibytes: Math.max(...runs[i].map((run) => run.mebibytes)),
    };
  });
}
