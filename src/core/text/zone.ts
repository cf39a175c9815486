import type { Milliseconds } from '../model';

/**
 * An IANA time zone such as `Europe/Rome`, or `UTC`. Offsets come from `Intl` and are kept per quarter of an hour,
 * the smallest step in which zones change.
 */
export class Zone {
  private readonly format: Intl.DateTimeFormat | undefined;
  private readonly offsets = new Map<number, Milliseconds>();
  private lastQuarter = NaN;
  private lastOffset = 0;

  /** @throws RangeError when the name is not a zone this system knows. */
  constructor(readonly name: string) {
    if (name === 'UTC') return;
    this.format = new Intl.DateTimeFormat('en-US', {
      timeZone: name,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
  }

  /** The zone of this machine. */
  static local(): Zone {
    return new Zone(Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC');
  }

  /** How far the zone's clocks are ahead of UTC at a moment. */
  offsetAt(utc: Milliseconds): Milliseconds {
    if (!this.format) return 0;
    const quarter = Math.floor(utc / 900_000);
    if (quarter === this.lastQuarter) return this.lastOffset;
    let offset = this.offsets.get(quarter);
    if (offset === undefined) {
      const moment = quarter * 900_000;
      const part: Record<string, number> = {};
      for (const { type, value } of this.format.formatToParts(moment)) part[type] = Number(value);
      offset = Date.UTC(part.year, part.month - 1, part.day, part.hour, part.minute, part.second) - moment;
      if (this.offsets.size > 100_000) this.offsets.clear();
      this.offsets.set(quarter, offset);
    }
    this.lastQuarter = quarter;
    this.lastOffset = offset;
    return offset;
  }

  /** The day that the zone's calendar shows at a moment, YYYY-MM-DD. */
  dayOf(utc: Milliseconds): string {
    return new Date(utc + this.offsetAt(utc)).toISOString().slice(0, 10);
  }

  /**
   * The moment at which the zone's clocks show `wall` (given as if it were UTC); NaN for NaN. A time that happens twice
   * is the first one; a time that summer time skips is read with the offset from before.
   */
  toUtc(wall: Milliseconds): Milliseconds {
    if (!this.format || Number.isNaN(wall)) return wall;
    const before = this.offsetAt(wall - 86_400_000);
    const early = wall - before;
    if (this.offsetAt(early) === before) return early;
    const after = this.offsetAt(wall + 86_400_000);
    return this.offsetAt(wall - after) === after ? wall - after : early;
  }
}
