import type { Milliseconds } from '../model';
import { now } from './evidencekey';
import { packable } from './pack';

/** In place of a number of spans: TLS was shown before on the same day; and: that can never be. */
export const shown = -1,
  neverShown = -2;

/**
 * Silent mail by what decides whether it came in clear: its key, epoch and day, how many spans of TLS lines of the key
 * stand before it, and the start of the process that wrote it. The first one, 0, is that of mail of which nothing can
 * be proved.
 */
export class Silences {
  readonly keys: number[] = [0];
  readonly epochs: number[] = [0];
  readonly days: number[] = [0];
  readonly gaps: number[] = [neverShown];
  readonly began: Milliseconds[] = [now];
  private ids = new Map<string, number>();
  /** By key, its silence that was asked for last: mostly the one that is asked for next. */
  private lastOf: number[] = [];

  /** @param limit most that are kept apart; the others are 0. */
  constructor(private readonly limit: number) {}

  get length(): number {
    return this.keys.length;
  }

  /** The number of a silence, the same for the same. */
  of(key: number, epoch: number, day: number, gap: number, began: Milliseconds): number {
    const last = this.lastOf[key] ?? 0;
    if (
      last > 0 &&
      this.days[last] === day &&
      this.gaps[last] === gap &&
      this.epochs[last] === epoch &&
      this.began[last] === began
    )
      return last;
    const name = `${key} ${epoch} ${day} ${gap} ${began}`,
      id = this.ids.get(name) ?? this.add(name, key, epoch, day, gap, began);
    this.lastOf[key] = id;
    return id;
  }

  /** Whether a silence of a key stands right behind so many spans. */
  hasBehind(key: number, gap: number): boolean {
    for (let id = 1; id < this.length; id++) if (this.gaps[id] === gap && this.keys[id] === key) return true;
    return false;
  }

  /** A span was put in: the silences of its key behind it have one more before them. */
  moveBehind(key: number, span: number): void {
    const own = this.keys.flatMap((of, id) => (id > 0 && of === key ? [id] : []));
    for (const id of own) this.ids.delete(this.nameOf(id));
    for (const id of own) {
      if (this.gaps[id] > span) this.gaps[id]++;
      this.ids.set(this.nameOf(id), id);
    }
  }

  private add(name: string, key: number, epoch: number, day: number, gap: number, began: Milliseconds): number {
    if (this.length >= this.limit) return 0;
    const id = this.keys.push(key) - 1;
    this.epochs.push(epoch);
    this.days.push(day);
    this.gaps.push(gap);
    this.began.push(began);
    this.ids.set(name, id);
    return id;
  }

  private nameOf(id: number): string {
    return `${this.keys[id]} ${this.epochs[id]} ${this.days[id]} ${this.gaps[id]} ${this.began[id]}`;
  }
}

packable('Silences', Silences);
