/** Runs some work in a page and prints the functions in which it spent its time, with and without what they called. */
export async function profiled(page, work) {
  const session = await page.context().newCDPSession(page);
  await session.send('Profiler.enable');
  await session.send('Profiler.setSamplingInterval', { interval: 500 });
  await session.send('Profiler.start');
  const result = await work();
  const {
    profile: { nodes, samples, timeDeltas },
  } = await session.send('Profiler.stop');
  const parents = new Map(nodes.flatMap(({ id, children = [] }) => children.map((child) => [child, id])));
  const names = new Map(
      nodes.map(({ id, callFrame }) => [id, `${callFrame.functionName || '(anonymous)'}:${callFrame.lineNumber + 1}`]),
    ),
    own = new Map(),
    all = new Map();
  samples.forEach((id, i) => {
    const time = timeDeltas[i] / 1000,
      seen = new Set();
    own.set(names.get(id), (own.get(names.get(id)) ?? 0) + time);
    for (let at = id; at !== undefined; at = parents.get(at)) seen.add(names.get(at));
    for (const name of seen) all.set(name, (all.get(name) ?? 0) + time);
  });
  for (const [name, time] of [...all].sort((a, b) => b[1] - a[1]).slice(0, 70))
    console.log(`${time.toFixed(0).padStart(8)} ms ${(own.get(name) ?? 0).toFixed(0).padStart(8)} ms  ${name}`);
  return result;
}
