import { TlsCode, type Milliseconds, type WordId } from '../model';
import {
  EvidenceKey,
  EvidenceSource,
  lineOf,
  now,
  placeOf,
  rankOf,
  revoked,
  unknownStart,
  type LinePlace,
} from './evidencekey';
import { packable } from './pack';
import { neverShown, shown, Silences } from './silences';

/**
 * Most sources, keys, and silences of a data set that are kept apart, and most spans and restarts. What is more proves
 * nothing.
 */
const mostEvidence = 100_000;

/**
 * What silent mail is taken for as long as nothing proves that it was in clear; added to what `Evidence.absent` gives.
 */
export const enum Silence {
  unknown,
  /** Something else says that TLS was used. */
  tls,
  /** The counters of the session show no STARTTLS. */
  counted,
  /** The same, and only that can prove it: the TLS line may stand before the log. */
  countedOnly,
  width,
}

/** Where the logs show TLS, as data: whoever reads them again judges the silence of each message as the report does. */
export interface ShownTls {
  /** Names of the files in the order in which they were read. */
  files: readonly string[];
  sources: readonly EvidenceSource[];
  keys: readonly EvidenceKey[];
}

/** How the ids of evidence that was taken over are called here. */
export interface EvidenceMap {
  /** By what `Evidence.absent` gave, with its `Silence`. */
  silences: Int32Array;
  /** By source: how many epochs it had here before. */
  epochs: Int32Array;
}

/**
 * What is taken over, and where it goes. `ends`: by source, its last restart here before; `gaps`: by key, its spans
 * here before.
 */
interface Joint {
  right: Evidence;
  place(of: LinePlace): LinePlace;
  sources: number[];
  epochs: number[];
  ends: Milliseconds[];
  keys: number[];
  gaps: number[];
}

/** Nothing was read. */
export const noShownTls: ShownTls = { files: [], sources: [], keys: [] };

/**
 * What the silence of logs means. A message without a sign of TLS came in clear only where and while its log shows TLS:
 * for each *key* (a direction or service of a *source*, a host), each day, and each *epoch*, which lasts from one start
 * or reload of the server to the next.
 *
 * Silent mail is given the number of its *silence*: its key, epoch and day, and how many spans of TLS lines stand
 * before it. What a silence means is decided once the log has been read, by `EvidenceKey.proves`.
 */
export class Evidence {
  private names: string[] = [];
  private ranks = new Map<number, number>();
  private sources: EvidenceSource[] = [new EvidenceSource('', now)];
  private keys: EvidenceKey[] = [new EvidenceKey('', 0, true)];
  private sourceIds = new Map<string, number>();
  private keyIds = new Map<string, number>();
  private silences = new Silences(mostEvidence);
  /** Restarts and spans. */
  private size = 0;
  /** Lines are read once more, and all that their log shows is here: from this data set, or from a report of it. */
  private again = false;
  private known = false;

  /** The evidence of a report: the same logs are read once more. */
  static of({ files, sources, keys }: ShownTls): Evidence {
    const evidence = new Evidence();
    evidence.names = [...files];
    evidence.sources = sources.map((source) => Object.setPrototypeOf({ ...source }, EvidenceSource.prototype));
    evidence.keys = keys.map((key) => Object.setPrototypeOf({ ...key }, EvidenceKey.prototype));
    if (sources.length === 0) evidence.sources.push(new EvidenceSource('', now));
    if (keys.length === 0) evidence.keys.push(new EvidenceKey('', 0, true));
    evidence.sources.forEach(({ name }, id) => evidence.sourceIds.set(name, id));
    evidence.keys.forEach(({ name }, id) => evidence.keyIds.set(name, id));
    evidence.known = evidence.again = true;
    return evidence;
  }

  /** All that `Evidence.of` needs. */
  shownTls(): ShownTls {
    return { files: this.names, sources: this.sources, keys: this.keys };
  }

  /** Lines that were left to this segment are read; the evidence of the one that left them is here. */
  readAgain(again: boolean): void {
    this.again = again || this.known;
  }

  /** The place of a file's lines, less their numbers. @param file its position in the data set. */
  placeOfFile(file: number, name: string): LinePlace {
    let rank = this.ranks.get(file);
    if (rank === undefined) {
      const found = this.known ? this.names.indexOf(name) : -1;
      rank = found < 0 ? this.names.push(name) - 1 : found;
      this.ranks.set(file, rank);
    }
    return placeOf(rank, 0);
  }

  /** The id of a host, the same for the same name. @param start the time of the first line that it has here. */
  source(name: string, start: Milliseconds): number {
    let id = this.sourceIds.get(name);
    if (id !== undefined) return id;
    if (this.known || this.sources.length >= mostEvidence) return 0;
    id = this.sources.push(new EvidenceSource(name, start)) - 1;
    this.sourceIds.set(name, id);
    return id;
  }

  /**
   * The id of a key, the same for the same name. @param ordered whether its lines stand in the order of time, as those
   * of a log.
   */
  key(name: string, source: number, ordered: boolean): number {
    let id = this.keyIds.get(name);
    if (id !== undefined) return id;
    if (this.known || this.keys.length >= mostEvidence) return 0;
    id = this.keys.push(new EvidenceKey(name, source, ordered)) - 1;
    this.keyIds.set(name, id);
    return id;
  }

  /** How often the source was restarted before the line that is read. */
  epoch(source: number, place: LinePlace): number {
    const of = this.sources[source];
    return this.again ? of.epochAt(place) : of.epoch;
  }

  /** The source was started, or has read its settings anew. */
  restarted(source: number, place: LinePlace, time: Milliseconds): void {
    if (this.known || source === 0) return;
    const { places, times } = this.sources[source];
    if (this.again) {
      // It is told too late for what was read behind it, so nothing can be proved there.
      if (!places.includes(place)) this.sources[source].isFull = true;
      return;
    }
    if (++this.size >= mostEvidence) this.sources[source].isFull = true;
    else {
      places.push(place);
      times.push(time);
    }
  }

  /** A line shows TLS. @param began see `absent`. */
  showsTls(id: number, place: LinePlace, day: number, began: Milliseconds): void {
    const key = this.keys[id],
      source = this.sources[key.source];
    if (id === 0) return;
    if (this.known) return;
    if (!key.ordered) {
      key.showDay(day);
      return;
    }
    if (this.again) {
      this.showsTlsBefore(id, place, day, began);
      return;
    }
    const { epoch } = source;
    if (source.isFull || (began !== unknownStart && source.isOlder(began, epoch))) return;
    const start = began === unknownStart && epoch > 0 ? began : source.startOf(began, epoch);
    if (key.extends(epoch, day, start)) key.last[key.length - 1] = place;
    else if (this.size < mostEvidence) {
      this.size++;
      key.push(epoch, day, place, place, start);
    }
  }

  /**
   * The same for a line among others of which the evidence is here; it may have been left to this segment before it was
   * understood.
   */
  private showsTlsBefore(id: number, place: LinePlace, day: number, began: Milliseconds): void {
    const key = this.keys[id],
      source = this.sources[key.source],
      epoch = source.epochAt(place),
      at = key.before(place);
    if (key.covers(place, at)) {
      key.settle(place, began, source);
      return;
    }
    if (source.isFull || source.isOlder(began, epoch) || this.size >= mostEvidence) return;
    const start = source.startOf(began, epoch),
      isInterrupted = at === key.length ? key.interrupted : this.silences.hasBehind(id, at);
    if (!isInterrupted && start === now && key.isAlike(at - 1, epoch, day, now)) key.last[at - 1] = place;
    else {
      this.size++;
      key.insert(at, epoch, day, place, start);
      this.silences.moveBehind(id, at);
    }
  }

  /** Whether silent mail of this day that comes next is proved to be in clear already. */
  isShown(id: number, day: number): boolean {
    const key = this.keys[id];
    return key.isShown(this.sources[key.source].epoch, day);
  }

  /** When the process began that wrote the TLS line at a place is known by now. */
  settle(id: number, place: LinePlace, began: Milliseconds): void {
    const key = this.keys[id];
    if (!this.known) key.settle(place, began, this.sources[key.source]);
  }

  /** Something says that sessions of the key begin with TLS (`implicit`), or that they do STARTTLS. */
  showsWay(id: number, implicit: boolean): void {
    if (id === 0 || this.known) return;
    if (implicit) this.keys[id].implicitTls = true;
    else this.keys[id].startTls = true;
  }

  /** The format itself says when silence means that there was no TLS, and does so throughout this log. */
  showsThroughout(id: number): void {
    if (id !== 0 && !this.known) this.keys[id].throughout = true;
  }

  /**
   * A line shows no TLS: the number of its silence, to which a `Silence` may be added.
   * @param began when the process that wrote it may have read its settings: at this time or later.
   */
  absent(id: number, place: LinePlace, day: number, began: Milliseconds): WordId {
    const key = this.keys[id],
      source = this.sources[key.source];
    if (id === 0) return 0;
    if (!key.ordered) return this.silence(id, 0, day, 0, now);
    const epoch = this.again ? source.epochAt(place) : source.epoch;
    if (source.isFull || source.isOlder(began, epoch)) return 0;
    const start = source.startOf(began, epoch);
    if (this.again) return this.absentBefore(id, place, epoch, day, start);
    if (start === now && key.isShown(epoch, day)) return this.silence(id, 0, 0, shown, now);
    key.interrupted = true;
    return this.silence(id, epoch, day, key.length, start);
  }

  /**
   * Takes over what `right` knows, which goes on where this ends; returns for each of its silences the one here.
   * @param shift lines of each file before those that `right` has counted.
   */
  merge(right: Evidence, shift: readonly number[]): EvidenceMap {
    const files = new Map<number, LinePlace>(),
      shifts: number[] = [];
    for (const [file, rank] of right.ranks) {
      files.set(rank, this.placeOfFile(file, right.names[rank]));
      shifts[rank] = shift[file] ?? 0;
    }
    const place = (p: LinePlace) => files.get(rankOf(p))! + lineOf(p) + shifts[rankOf(p)];
    const joint: Joint = { right, place, sources: [], epochs: [], ends: [], keys: [], gaps: [] };
    for (const source of right.sources) this.mergeSource(source, joint);
    for (const key of right.keys) this.mergeKey(key, joint);
    const silences = new Int32Array(right.silences.length * Silence.width);
    for (let id = 0; id < silences.length; id++)
      silences[id] = this.mergeSilence(Math.floor(id / Silence.width), joint) + (id % Silence.width);
    return { silences, epochs: Int32Array.from(joint.epochs) };
  }

  /** What a silence means. */
  meaning(id: WordId): TlsCode {
    const silence = Math.floor(id / Silence.width),
      kind: Silence = id % Silence.width,
      key = this.keys[this.silences.keys[silence]];
    if (key.throughout) return TlsCode.none;
    const inTime = kind !== Silence.countedOnly && !key.alwaysTls && this.isProved(silence);
    const byCounters = kind >= Silence.counted && key.countersProve;
    if (inTime || byCounters) return TlsCode.none;
    return kind === Silence.tls ? TlsCode.tls : TlsCode.unknown;
  }

  private mergeSource(source: EvidenceSource, joint: Joint): void {
    const id = this.source(source.name, source.start),
      own = this.sources[id];
    joint.sources.push(id);
    joint.epochs.push(own.epoch);
    joint.ends.push(own.times[own.epoch - 1] ?? -Infinity);
    source.places.forEach((place, i) => this.restarted(id, joint.place(place), source.times[i]));
    own.isFull ||= source.isFull;
  }

  private mergeKey(key: EvidenceKey, joint: Joint): void {
    const source = joint.sources[key.source],
      id = this.key(key.name, source, key.ordered),
      own = this.keys[id];
    joint.keys.push(id);
    joint.gaps.push(own.length);
    if (id === 0) return;
    const interrupted = key.interrupted || (key.length === 0 && own.interrupted);
    own.implicitTls ||= key.implicitTls;
    own.startTls ||= key.startTls;
    own.throughout ||= key.throughout;
    own.firstDay = Math.min(own.firstDay, key.firstDay);
    own.lastDay = Math.max(own.lastDay, key.lastDay);
    for (let span = 0; span < key.length; span++) {
      if (++this.size >= mostEvidence) break;
      own.push(
        joint.epochs[key.source] + key.epochs[span],
        key.days[span],
        joint.place(key.first[span]),
        joint.place(key.last[span]),
        startAfter(joint.ends[key.source], key.began[span]),
      );
    }
    own.interrupted = interrupted;
  }

  private mergeSilence(silence: number, { right, keys, sources, epochs, ends, gaps }: Joint): WordId {
    const theirs = right.silences.keys[silence],
      id = keys[theirs],
      gap = right.silences.gaps[silence];
    if (id === 0) return 0;
    const { source, ordered } = right.keys[theirs];
    if (gap < 0 || !ordered) return this.silence(id, 0, right.silences.days[silence], gap, now);
    const began = startAfter(ends[source], right.silences.began[silence]);
    if (Number.isNaN(began) || this.sources[sources[source]].isFull) return 0;
    return this.silence(
      id,
      epochs[source] + right.silences.epochs[silence],
      right.silences.days[silence],
      gaps[theirs] + gap,
      began,
    );
  }

  private isProved(silence: number): boolean {
    const { keys, epochs, days, gaps } = this.silences,
      gap = gaps[silence];
    if (gap < 0) return gap === shown;
    return this.keys[keys[silence]].proves(epochs[silence], days[silence], gap);
  }

  /** A silence among lines of which all evidence is here. */
  private absentBefore(id: number, place: LinePlace, epoch: number, day: number, began: Milliseconds): WordId {
    const key = this.keys[id],
      gap = key.before(place);
    const inside = key.isInside(epoch, place, gap);
    if (this.known) return this.silence(id, 0, 0, inside || key.proves(epoch, day, gap) ? shown : neverShown, now);
    if (inside) return this.silence(id, 0, 0, shown, now);
    if (gap === key.length) key.interrupted = true;
    return this.silence(id, epoch, day, gap, began);
  }

  /** The number of a silence, with room for a `Silence`. */
  private silence(key: number, epoch: number, day: number, gap: number, began: Milliseconds): WordId {
    return this.silences.of(key, epoch, day, gap, began) * Silence.width;
  }
}

/**
 * The start of a process in the first epoch of a segment, as known once the last restart before it is: `now`, or
 * revoked.
 */
function startAfter(restart: Milliseconds, began: Milliseconds): Milliseconds {
  if (restart === -Infinity || !Number.isFinite(began)) return began;
  return began <= restart ? revoked : now;
}

packable('Evidence', Evidence);
