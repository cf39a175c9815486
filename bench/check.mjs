import { spawnSync } from 'node:child_process';

/** Where our figures differ from what the log contains; empty when all are equal. A connector or relay is compared by direction and TLS version. */
export function check({ command, args }, truth) {
  const { stdout, stderr, status } = spawnSync(command, [...args, '--format', 'json'], { encoding: 'utf8', maxBuffer: 1 << 30 });
  if (status !== 0) return [`exit ${status}: ${stderr}`];
  const report = JSON.parse(stdout), ours = {};
  const add = (key, n) => { if (n > 0) ours[key] = (ours[key] ?? 0) + n; };
  const prefixes = Object.fromEntries(Object.keys(truth.counts).map((key) => [key.slice(0, key.lastIndexOf('\t') + 1), true]));
  for (const { name, direction, tls, remotes } of report.connectors) {
    // Inbound truth is by connector; outbound truth is by relay, or of one sum where the log names no relay.
    const byRelay = direction === 'outbound' && !(`outbound\t\t` in prefixes);
    const named = direction === 'inbound' ? [{ host: name ?? '', tls }] : byRelay ? remotes : [{ host: '', tls }];
    for (const { host, tls: counts } of named) for (const [version, n] of Object.entries(counts)) add(`${direction}\t${host}\t${version}`, n);
  }
  const shown = new Set(report.connectors.filter((c) => c.direction === 'outbound').flatMap((c) => c.remotes.map((r) => r.host)));
  const expected = {};
  for (const [key, n] of Object.entries(truth.counts)) {
    const [direction, host, version] = key.split('\t');
    const other = direction === 'outbound' && host !== '' && !shown.has(host) ? `${direction}\t(other)\t${version}` : key;
    expected[other] = (expected[other] ?? 0) + n;
  }
  const keys = new Set([...Object.keys(ours), ...Object.keys(expected)]);
  const wrong = [...keys].filter((key) => ours[key] !== expected[key]).map((key) => `${key.replaceAll('\t', ' ')}: ${ours[key] ?? 0} instead of ${expected[key] ?? 0}`);
  for (const { path, lines } of report.inputs) if (lines.read !== lines.used + lines.context + lines.skipped) wrong.push(`${path}: lines do not add up`);
  return wrong;
}
