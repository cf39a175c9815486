import type { Milliseconds } from '../model';
import { packable } from './pack';

/** Where a line stands in a log of several files: the rank of its file in the order of reading, and its line number. */
export type LinePlace = number;
/** More lines than any file has. */
const linesOfFile = 2 ** 36;

/** The place of a line, from 1, in the file that was read after `rank` others. */
export function placeOf(rank: number, line: number): LinePlace {
  return rank * linesOfFile + line;
}

/** The file of a place, as a rank. */
export function rankOf(place: LinePlace): number {
  return Math.floor(place / linesOfFile);
}

/** The line number of a place. */
export function lineOf(place: LinePlace): number {
  return place % linesOfFile;
}

/** The process that wrote the line has read its settings where the line stands. */
export const now: Milliseconds = Infinity;
/** When the process that wrote the line has read its settings is not known, or only to an earlier part of the log. */
export const unknownStart: Milliseconds = -Infinity;
/** Most TLS lines by processes of unknown start that are kept apart. */
const mostUnsettled = 1000;
/** In place of the start of a process: its TLS lines count no more, since the server was restarted after it. */
export const revoked: Milliseconds = NaN;

/**
 * What writes a log by settings of its own: a host. Each of its starts and reloads begins an epoch, in which the TLS
 * log level may be another.
 */
export class EvidenceSource {
  /** The restarts in their order: where each stands, and its time. */
  readonly places: LinePlace[] = [];
  readonly times: Milliseconds[] = [];
  /** It was restarted more often than can be kept: nothing is proved from there on. */
  isFull = false;

  /** @param start the time of its first line here; −∞ where nothing came before that. */
  constructor(
    readonly name: string,
    public start: Milliseconds,
  ) {}

  /** The epoch of lines that are read now. */
  get epoch(): number {
    return this.places.length;
  }

  /** The epoch of a line that was read before. */
  epochAt(place: LinePlace): number {
    return countBelow(this.places, place);
  }

  /** Whether a process of this start may still log by the settings of the epoch before. */
  isOlder(began: Milliseconds, epoch: number): boolean {
    return epoch > 0 && began <= this.times[epoch - 1];
  }

  /**
   * The start of a process that is not older, as far as it matters: not where the restart before is known here, or the
   * process began after it.
   */
  startOf(began: Milliseconds, epoch: number): Milliseconds {
    return epoch === 0 && began < this.start ? began : now;
  }
}

/**
 * One kind of mail of a source, such as what a host takes in by one service, and where the log shows TLS of it: spans
 * of TLS lines of one epoch and day, without silent mail in between that would have to be judged.
 */
export class EvidenceKey {
  /**
   * Spans in their order: epoch, day, places of the first and the last TLS line, and the start of the process that
   * wrote them.
   */
  readonly epochs: number[] = [];
  readonly days: number[] = [];
  readonly first: LinePlace[] = [];
  readonly last: LinePlace[] = [];
  readonly began: Milliseconds[] = [];
  /** For rows without order: the first and the last day with TLS. */
  firstDay = Infinity;
  lastDay = -Infinity;
  /** Signs that its sessions begin with TLS (wrapper mode), and that they do STARTTLS. */
  implicitTls = false;
  startTls = false;
  /** Silence always means that there was none. */
  throughout = false;
  /** Epoch and day of the last TLS line; silent mail of them that comes later is proved. */
  shownEpoch = -1;
  shownDay = NaN;
  /** Whether silent mail came after the last TLS line, so that the next one begins a span. */
  interrupted = false;
  private unsettled = 0;

  /** @param ordered whether the lines stand in the order of time. */
  constructor(
    readonly name: string,
    readonly source: number,
    readonly ordered: boolean,
  ) {}

  get length(): number {
    return this.epochs.length;
  }

  /** Whether silence can't be proved: every session begins with TLS, whether or not the log shows it. */
  get alwaysTls(): boolean {
    return this.implicitTls && !this.startTls;
  }

  /** Whether sessions whose counters show no STARTTLS are proved to have been in clear by that. */
  get countersProve(): boolean {
    return this.startTls && !this.implicitTls;
  }

  /** Whether a TLS line of this epoch and day only moves the end of the last span. */
  extends(epoch: number, day: number, began: Milliseconds): boolean {
    const last = this.length - 1;
    return (
      !this.interrupted && (began === now || this.unsettled > mostUnsettled) && this.isAlike(last, epoch, day, began)
    );
  }

  /** Whether this span is one of this epoch, day and start of its process. */
  isAlike(span: number, epoch: number, day: number, began: Milliseconds): boolean {
    return span >= 0 && this.days[span] === day && this.epochs[span] === epoch && this.began[span] === began;
  }

  /** Whether the TLS line at this place stands in a span; `at` of them begin before it. */
  covers(place: LinePlace, at: number): boolean {
    return this.first[at] === place || (at > 0 && this.last[at - 1] >= place);
  }

  /** Puts in a span of one line, as the one with this number. */
  insert(at: number, epoch: number, day: number, place: LinePlace, began: Milliseconds): void {
    this.epochs.splice(at, 0, epoch);
    this.days.splice(at, 0, day);
    this.first.splice(at, 0, place);
    this.last.splice(at, 0, place);
    this.began.splice(at, 0, began);
    if (at === this.length - 1) this.interrupted = false;
  }

  push(epoch: number, day: number, first: LinePlace, last: LinePlace, began: Milliseconds): void {
    this.epochs.push(epoch);
    this.days.push(day);
    this.first.push(first);
    this.last.push(last);
    this.began.push(began);
    if (began === now) this.shown(epoch, day);
    else if (began === unknownStart) this.unsettled++;
    this.interrupted = false;
  }

  private shown(epoch: number, day: number): void {
    this.shownEpoch = epoch;
    this.shownDay = day;
  }

  /** For rows without order. */
  showDay(day: number): void {
    this.firstDay = Math.min(this.firstDay, day);
    this.lastDay = Math.max(this.lastDay, day);
  }

  /** Whether TLS was shown before on this day of the epoch. */
  isShown(epoch: number, day: number): boolean {
    return this.shownDay === day && this.shownEpoch === epoch;
  }

  /** How many spans begin before a place. */
  before(place: LinePlace): number {
    return countBelow(this.first, place);
  }

  /** Whether the place lies within the last of the first `gap` spans. */
  isInside(epoch: number, place: LinePlace, gap: number): boolean {
    return gap > 0 && this.epochs[gap - 1] === epoch && this.last[gap - 1] > place;
  }

  /** The TLS line at this place was written by a process of this start, which was not known when it was read. */
  settle(place: LinePlace, began: Milliseconds, source: EvidenceSource): void {
    const span = this.before(place);
    if (this.first[span] !== place || this.began[span] !== unknownStart || began === unknownStart) return;
    const epoch = this.epochs[span];
    this.began[span] = source.isOlder(began, epoch) ? revoked : source.startOf(began, epoch);
    if (this.began[span] === now && span === this.length - 1) this.shown(epoch, this.days[span]);
  }

  /**
   * Whether mail without a sign of TLS had none: it came on this day of this epoch, behind so many spans.
   * (a) TLS stands before it on the same day of the epoch; (b) before and behind it in the epoch; (c) behind it on the
   * same day of the epoch, and before it anywhere.
   */
  proves(epoch: number, day: number, gap: number): boolean {
    if (!this.ordered) return this.firstDay <= day && day <= this.lastDay;
    const from = countBelow(this.epochs, epoch),
      to = countBelow(this.epochs, epoch + 1);
    let before = false,
      behind = false,
      behindSameDay = false;
    for (let span = from; span < to; span++) {
      if (!this.counts(span)) continue;
      const sameDay = this.days[span] === day;
      if (span < gap) {
        if (sameDay) return true;
        before = true;
      } else {
        behind = true;
        behindSameDay ||= sameDay;
      }
    }
    return (before && behind) || (behindSameDay && this.hasBefore(Math.min(gap, from)));
  }

  private hasBefore(gap: number): boolean {
    for (let span = gap - 1; span >= 0; span--) if (this.counts(span)) return true;
    return false;
  }

  private counts(span: number): boolean {
    const began = this.began[span];
    return !Number.isNaN(began) && (this.epochs[span] === 0 || began !== unknownStart);
  }
}

/** How many of the ascending numbers are less than one. */
function countBelow(ascending: readonly number[], limit: number): number {
  let low = 0,
    high = ascending.length;
  while (low < high) {
    const mid = (low + high) >> 1;
    if (ascending[mid] < limit) low = mid + 1;
    else high = mid;
  }
  return low;
}

packable('EvidenceSource', EvidenceSource);
packable('EvidenceKey', EvidenceKey);
