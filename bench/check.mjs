import { spawnSync } from 'node:child_process';

/**
 * Where our figures differ from what the log contains; empty when all are equal. The truth says for each direction
 * whether it is by connector or by relay.
 */
export function check({ command, args }, truth) {
  const { stdout, stderr, status } = spawnSync(command, [...args, '--format', 'json'], {
    encoding: 'utf8',
    maxBuffer: 1 << 30,
  });
  if (status !== 0) return [`exit ${status}: ${stderr}`];
  const report = JSON.parse(stdout),
    ours = {},
    expected = {};
  const add = (sums, key, n) => {
    if (n > 0) sums[key] = (sums[key] ?? 0) + n;
  };
  const kinds = new Set(Object.keys(truth.counts).map((key) => key.split('\t').slice(0, 2).join('\t')));
  // A report names the hundred largest relays of a connector; the truth of the others is summed as the report sums them.
  const named = new Set(
    report.connectors.flatMap(({ direction, remotes }) => remotes.map(({ host }) => `${direction}\trelay\t${host}`)),
  );
  for (const { name, direction, tls, remotes } of report.connectors) {
    for (const [version, n] of Object.entries(tls)) add(ours, `${direction}\tconnector\t${name ?? ''}\t${version}`, n);
    for (const { host, tls: counts } of remotes)
      for (const [version, n] of Object.entries(counts)) add(ours, `${direction}\trelay\t${host}\t${version}`, n);
  }
  for (const [key, n] of Object.entries(truth.counts)) {
    const [direction, by, name, version] = key.split('\t');
    add(
      expected,
      by === 'connector' || named.has(`${direction}\trelay\t${name}`)
        ? key
        : `${direction}\trelay\t(other)\t${version}`,
      n,
    );
  }
  const keys = [...new Set([...Object.keys(ours), ...Object.keys(expected)])].filter((key) =>
    kinds.has(key.split('\t').slice(0, 2).join('\t')),
  );
  const wrong = keys
    .filter((key) => ours[key] !== expected[key])
    .map((key) => `${key.replaceAll('\t', ' ')}: ${ours[key] ?? 0} instead of ${expected[key] ?? 0}`);
  for (const { path, lines } of report.inputs)
    if (lines.read !== lines.used + lines.context + lines.skipped) wrong.push(`${path}: lines do not add up`);
  return wrong;
}
