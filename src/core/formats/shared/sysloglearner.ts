import type { Kernel } from '../../reading/kernel';
import type { Milliseconds } from '../../model';
import type { SyslogReader } from '../../text/syslog';

/**
 * Tells the kernel which minute and which hosts and programs the lines of syslog have, from lines that were read without
 * it.
 */
export class SyslogLearner<Source> {
  /** The time of the minute that the kernel knows. */
  minute: Milliseconds = NaN;
  /** What was told with each origin, by the number that the kernel gives. */
  readonly sources: Source[] = [];

  constructor(private readonly kernel: Kernel) {}

  /** The kernel has forgotten all. */
  forget(): void {
    this.minute = NaN;
    this.sources.length = 0;
  }

  /**
   * The line `[s, e)` in the kernel's memory has been read, its prefix with `prefix`. Only the forms `Nov 24 08:29:06 `
   * and `2026-11-24T08:29:06.123+00:00 ` before `host program[pid]: ` are learned. @param kind what the kernel tells programs apart by.
   */
  learn(
    b: Uint8Array,
    s: number,
    e: number,
    { time, pid, structured }: SyslogReader,
    kind: number,
    source: Source,
  ): void {
    if (pid < 0 || structured) return;
    const iso = b[s] >= 48 && b[s] <= 57,
      stamp = iso ? isoStamp(b, s, e) : traditionalStamp(b, s);
    if (!stamp) return;
    const { seconds, zone, end: p } = stamp;
    const second = (b[seconds] - 48) * 10 + b[seconds + 1] - 48;
    if (!(second < 60)) return;
    this.minute = time - second * 1000;
    this.kernel.functions.learnStamp(s, seconds - s, zone, p - zone, iso);
    this.origin(b, p, e, kind, source);
  }

  private origin(b: Uint8Array, p: number, e: number, kind: number, source: Source): void {
    let q = p;
    while (q < e && b[q] !== 32 && b[q] !== 91) q++;
    if (q === p || b[q] !== 32 || b[q - 1] === 58) return;
    const program = ++q;
    while (q < e && b[q] !== 32 && b[q] !== 91 && b[q] !== 58) q++;
    if (q === program || q >= e || b[q] !== 91) return;
    if (this.kernel.functions.learnOrigin(p, q + 1, kind, this.sources.length) !== 0) this.sources.push(source);
  }
}

/** Where the parts of a stamp stand: its seconds, what follows on them and their fraction, and what follows on it all. */
interface StampParts {
  seconds: number;
  zone: number;
  end: number;
}

function isoStamp(b: Uint8Array, s: number, e: number): StampParts | undefined {
  if (b[s + 4] !== 45 || b[s + 13] !== 58 || b[s + 16] !== 58) return undefined;
  let zone = s + 19;
  if (b[zone] === 46 || b[zone] === 44) for (zone++; b[zone] >= 48 && b[zone] <= 57; zone++);
  let p = zone;
  while (p < e && b[p] !== 32) p++;
  return { seconds: s + 17, zone, end: p + 1 };
}

function traditionalStamp(b: Uint8Array, s: number): StampParts | undefined {
  const clock = b[s + 9] === 58 ? s + 7 : s + 6;
  if (b[s] < 65 || b[s] > 90 || b[clock + 2] !== 58 || b[clock + 5] !== 58 || b[clock + 8] !== 32) return undefined;
  return { seconds: clock + 6, zone: clock + 8, end: clock + 9 };
}
