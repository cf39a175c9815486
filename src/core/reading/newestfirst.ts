import type { Milliseconds } from '../model';
import { firstTime, type TimeReader } from '../text/time';

/** Most lines of a head that are looked at. */
const mostLines = 1000;
/** A log whose last line is so much older than its first has its newest lines first, whatever stands between. */
const longestStepBack = 86_400_000;
const journal = /__REALTIME_TIMESTAMP"? ?[:=] ?"?(\d{15,17})/;
const unix = /^(\d{9,10}\.\d+) /;

/**
 * Whether lines go from the newest to the oldest, as `journalctl -r` and the exports of most log stores write them: most
 * changes of time among them go back. Lines of several servers are only roughly in order, so a few prove nothing.
 * @param exported whether they come from a store, which sorts: then one change back is enough where none goes on.
 */
export function isNewestFirst(lines: readonly string[], time: TimeReader, exported: boolean): boolean {
  const times = lines.slice(0, mostLines).flatMap((line) => timeOf(line, time) ?? []);
  let on = 0,
    back = 0;
  for (let i = 1; i < times.length; i++) {
    if (times[i] > times[i - 1]) on++;
    if (times[i] < times[i - 1]) back++;
  }
  return times.length > 1 && times[times.length - 1] < times[0] && back > 2 * on && (exported || back > 1);
}

/** Whether a log ends long before it begins. */
export function endsBeforeItBegins(begins: Milliseconds | undefined, ends: Milliseconds | undefined): boolean {
  return begins !== undefined && ends !== undefined && begins - ends > longestStepBack;
}

function timeOf(line: string, time: TimeReader): Milliseconds | undefined {
  const micros = journal.exec(line);
  if (micros) return Number(micros[1]) / 1000;
  const seconds = unix.exec(line);
  return seconds ? Number(seconds[1]) * 1000 : firstTime([line], time);
}
