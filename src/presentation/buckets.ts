import type { Milliseconds } from '../core/model';
import type { Zone } from '../core/text/zone';
import type { Text } from './text';

const hour = 3_600_000,
  day = 24 * hour;
/** More than this and a chart draws only the buckets that hold something. */
const most = 2000;

type Step = 'hour' | 'day' | 'month' | 'year';

/**
 * Ranges of clock time in the report's zone, each named by its start, given as if it were UTC: so every day is one
 * day, also when clocks change.
 */
export class Buckets {
  constructor(
    readonly step: Step,
    private readonly zone: Zone,
  ) {}

  /**
   * The step in which a period is drawn: short ones by the hour, years by the month. `cellMinutes` is how finely the
   * cube knows time.
   */
  static fitting(from: Milliseconds, to: Milliseconds, cellMinutes: number, zone: Zone): Buckets {
    const days = (to - from) / day;
    const step =
      days <= 3 && cellMinutes <= 60
        ? 'hour'
        : days <= 370 && cellMinutes <= 1440
          ? 'day'
          : days <= 40 * 366
            ? 'month'
            : 'year';
    return new Buckets(step, zone);
  }

  /** The bucket of a moment. */
  of(moment: Milliseconds): Milliseconds {
    const wall = moment + this.zone.offsetAt(moment);
    if (this.step === 'hour') return Math.floor(wall / hour) * hour;
    if (this.step === 'day') return Math.floor(wall / day) * day;
    const date = new Date(wall);
    return Date.UTC(date.getUTCFullYear(), this.step === 'month' ? date.getUTCMonth() : 0);
  }

  /**
   * All buckets of a period in order, the empty ones too; where these are too many to draw, those that `filled` finds.
   */
  list(from: Milliseconds, to: Milliseconds, filled: () => Iterable<Milliseconds>): Milliseconds[] {
    const all: Milliseconds[] = [],
      last = this.of(Math.max(from, to - 1));
    for (let wall = this.of(from); wall <= last; wall = this.next(wall)) {
      if (all.length === most) return [...filled()].sort((a, b) => a - b);
      all.push(wall);
    }
    return all;
  }

  /** Short, for an axis. */
  label(text: Text, wall: Milliseconds): string {
    switch (this.step) {
      case 'hour':
        return text.wall(wall, { weekday: 'short', hour: 'numeric' });
      case 'day':
        return text.wall(wall, { day: 'numeric', month: 'short' });
      case 'month':
        return text.wall(wall, { month: 'short', year: 'numeric' });
      default:
        return text.wall(wall, { year: 'numeric' });
    }
  }

  /** In full, for tables and tool tips. */
  name(text: Text, wall: Milliseconds): string {
    switch (this.step) {
      case 'hour':
        return text.wall(wall, { dateStyle: 'medium', timeStyle: 'short' });
      case 'day':
        return text.wall(wall, { dateStyle: 'medium' });
      default:
        return this.label(text, wall);
    }
  }

  /** The start of the bucket after that which starts at `wall`. */
  after(wall: Milliseconds): Milliseconds {
    return this.next(wall);
  }

  private next(wall: Milliseconds): Milliseconds {
    if (this.step === 'hour') return wall + hour;
    if (this.step === 'day') return wall + day;
    const date = new Date(wall);
    return this.step === 'month'
      ? Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1)
      : Date.UTC(date.getUTCFullYear() + 1, 0);
  }
}
