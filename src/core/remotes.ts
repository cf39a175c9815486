import type { Cube } from './cube';
import { OutcomeCode, UnitCode, tlsVersions, type Milliseconds, type TlsCode } from './model';
import { compare, earlier, matcher, minutesOf, noTls, type Filter, type Place, type TlsCounts } from './query';

/** The first minute of a host without mail. */
const unseen = 0x7fffffff;

/** One remote host behind a connector. */
export interface RemoteSummary { host: string; messages: number; recipients: number; tls: TlsCounts; place: Place; first: Milliseconds; last: Milliseconds }

/**
 * The remote hosts behind a connector and direction, largest first: at most `most`, then one `(other)` for the rest.
 * @param tls only messages with this version.
 */
export function remotesOf(cube: Cube, filter: Filter, most = 100, unit: UnitCode = UnitCode.message, tls?: TlsCode): RemoteSummary[] {
  const { remotes } = cube, sums = sumRemotes(cube, filter, unit, tls), { messages, seen } = sums;
  const counts = Float64Array.from(seen, (r) => messages[r]).sort();
  // Only those that can be among the first are put in order of their names too; there may be 200,000.
  const least = seen.length > most + 1 ? counts[seen.length - most - 1] : -Infinity;
  const shown = seen.filter((r) => messages[r] >= least).sort((a, b) => messages[b] - messages[a] || compare(remotes[a], remotes[b]));
  const named = shown.filter((r) => remotes[r] !== '(other)').slice(0, most), own = new Set(named);
  const rest = seen.filter((r) => !own.has(r));
  return [...named.map((r) => remoteSummary(cube, sums, [r])), ...(rest.length > 0 ? [{ ...remoteSummary(cube, sums, rest), host: '(other)' }] : [])];
}

/** Sums by remote host; `seen` are the hosts with any mail. Numbers only, since a cube may have millions of cells. */
interface RemoteSums { seen: number[]; messages: Float64Array; recipients: Float64Array; tls: Float64Array; file: Int32Array; line: Float64Array; first: Int32Array; last: Int32Array }

function sumRemotes(cube: Cube, filter: Filter, unit: UnitCode, tls: TlsCode | undefined): RemoteSums {
  const { series, remoteCells: cells } = cube, n = cube.remotes.length, versions = tlsVersions.length, accept = matcher(cube, filter), [from, to] = minutesOf(filter);
  const sums: RemoteSums = {
    seen: [], messages: new Float64Array(n), recipients: new Float64Array(n), tls: new Float64Array(n * versions), file: new Int32Array(n), line: new Float64Array(n), first: new Int32Array(n).fill(unseen), last: new Int32Array(n),
  };
  const pass = Uint8Array.from(series.tls, (version, s) => (series.unit[s] === unit && series.outcome[s] === OutcomeCode.accepted && accept(s) && (tls === undefined || version === tls) ? 1 : 0));
  const { messages, recipients, file, line, first, last } = sums;
  for (let i = 0; i < cells.length; i++) {
    const s = cells.series[i], minute = cells.minute[i];
    if (pass[s] === 0 || minute < from || minute >= to) continue;
    const r = cells.remote[i];
    messages[r] += cells.messages[i]; recipients[r] += cells.recipients[i]; sums.tls[r * versions + series.tls[s]] += cells.messages[i];
    if (first[r] === unseen) { sums.seen.push(r); file[r] = cells.file[i]; line[r] = cells.line[i]; first[r] = last[r] = minute; continue; }
    if (cells.file[i] < file[r] || (cells.file[i] === file[r] && cells.line[i] < line[r])) { file[r] = cells.file[i]; line[r] = cells.line[i]; }
    if (minute < first[r]) first[r] = minute;
    if (minute > last[r]) last[r] = minute;
  }
  return sums;
}

/** Some hosts together; named after the first of them. */
function remoteSummary(cube: Cube, sums: RemoteSums, hosts: readonly number[]): RemoteSummary {
  const all: RemoteSummary = { host: cube.remotes[hosts[0]], messages: 0, recipients: 0, tls: noTls(), place: { file: sums.file[hosts[0]], line: sums.line[hosts[0]] }, first: Infinity, last: -Infinity };
  for (const r of hosts) {
    all.messages += sums.messages[r]; all.recipients += sums.recipients[r];
    for (let v = 0; v < all.tls.length; v++) all.tls[v] += sums.tls[r * all.tls.length + v];
    all.place = earlier(all.place, sums.file[r], sums.line[r]);
    all.first = Math.min(all.first, sums.first[r] * 60_000); all.last = Math.max(all.last, (sums.last[r] + cube.remoteMinutes) * 60_000);
  }
  return all;
}
