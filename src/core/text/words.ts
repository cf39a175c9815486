import type { WordId } from '../model';
import { ViewOf } from './ascii';

const utf8 = new TextDecoder('utf-8', { fatal: true });
const windows1252 = new TextDecoder('windows-1252');

/** Text from a log: UTF-8 where it is valid, else Windows-1252, the encoding of older Windows and mail software. */
export function decode(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes);
  } catch {
    return windows1252.decode(bytes);
  }
}

/** Of what is being read: words of all lists come from the same bytes. */
const views = new ViewOf();

/** Words that are decoded as one text. */
const together = 1024;

/** Numbers of a place in the table of words. */
const enum Slot {
  id,
  hash,
  start,
  end,
  width,
}

/**
 * A growing list of distinct words, interned from bytes: the same bytes give the same id, and a word is decoded
 * only when somebody reads it. Id 0 is the empty word, id 1 is `(other)`, which stands for all words past the limit,
 * so that hostile logs with millions of names cannot fill the memory.
 */
export class Words {
  length = 2;
  /** How many look-ups ended in `(other)` since the limit was reached. */
  evicted = 0;
  /**
   * Open addressing. What a comparison needs is side by side, since memory is slow: id (0: free), hash, place in
   * `arena`.
   */
  private slots = new Int32Array(128 * Slot.width);
  private starts = new Int32Array(129);
  private arena = new Uint8Array(4096);
  private arenaView = new DataView(this.arena.buffer);
  private texts: (string | undefined)[] = ['', '(other)'];

  /** @param limit most words kept. @param fold fold A–Z to lower case, as host names are compared (RFC 4343). */
  constructor(
    readonly limit: number,
    readonly fold = false,
  ) {}

  /** The id of the word in `bytes[start, end)`. */
  intern(bytes: Uint8Array, start: number, end: number): WordId {
    return start >= end ? 0 : this.internHashed(bytes, start, end, hashOf(views.of(bytes), start, end));
  }

  /** The same for a word whose hash is known, as `hashOf` returns it. */
  internHashed(bytes: Uint8Array, start: number, end: number, hash: number): WordId {
    const { slots, arenaView } = this,
      view = views.of(bytes),
      mask = slots.length - 1,
      length = end - start;
    for (let slot = Math.imul(hash, Slot.width) & mask; ; slot = (slot + Slot.width) & mask) {
      const id = slots[slot];
      if (id === 0) return this.insert(bytes, start, end, hash, slot);
      if (slots[slot + Slot.hash] !== hash || slots[slot + Slot.end] - slots[slot + Slot.start] !== length) continue;
      // Nearly always it is written the same way, and four bytes can be compared at a time.
      const at = slots[slot + Slot.start];
      let i = 0;
      while (i + 4 <= length && arenaView.getInt32(at + i, true) === view.getInt32(start + i, true)) i += 4;
      if (this.same(at + i, bytes, start + i, end)) return id;
    }
  }

  /** A number from where a word with this hash would stand, so that it is fetched into the processor's cache. */
  near(hash: number): number {
    const { slots } = this;
    return this.arena[slots[(Math.imul(hash, Slot.width) & (slots.length - 1)) + Slot.start]];
  }

  /** The id of a word given as text. */
  internText(text: string): WordId {
    const bytes = new TextEncoder().encode(text);
    return this.intern(bytes, 0, bytes.length);
  }

  /** The word itself. */
  text(id: WordId): string {
    return (this.texts[id] ??= decode(this.arena.subarray(this.starts[id], this.starts[id + 1])));
  }

  /** All words in the order of their ids. @param isWanted whether a word is asked for; the others are left empty. */
  list(isWanted = (id: WordId) => id >= 0): string[] {
    const { length, starts, arena } = this,
      words = ['', isWanted(1) ? '(other)' : ''];
    // Decoding words one by one is slow, so they are cut out of longer texts; each may keep all of its text alive, so
    // that is not too long.
    for (let from = 2; from < length; from += together) {
      const to = Math.min(from + together, length),
        begin = starts[from],
        bytes = arena.subarray(begin, starts[to]);
      const text = bytes.every((byte) => byte < 128) ? decode(bytes) : undefined;
      for (let id = from; id < to; id++)
        words.push(
          !isWanted(id)
            ? ''
            : text === undefined
              ? this.text(id)
              : text.slice(starts[id] - begin, starts[id + 1] - begin),
        );
    }
    return words;
  }

  /** Takes over all words of `other`; returns, for each of its ids, the id here. */
  merge(other: Words): Int32Array {
    const ids = new Int32Array(other.length);
    ids[1] = 1;
    for (let id = 2; id < other.length; id++)
      ids[id] = this.intern(other.arena, other.starts[id], other.starts[id + 1]);
    return ids;
  }

  private same(at: number, bytes: Uint8Array, start: number, end: number): boolean {
    const { arena, fold } = this;
    for (let i = start; i < end; i++, at++) {
      const c = bytes[i];
      if (arena[at] !== c && !(fold && (c - 65) >>> 0 < 26 && arena[at] === c + 32)) return false;
    }
    return true;
  }

  private insert(bytes: Uint8Array, start: number, end: number, hash: number, slot: number): WordId {
    if (this.length >= this.limit) {
      this.evicted++;
      return 1;
    }
    const id = this.length++;
    if (id + 1 >= this.starts.length) this.starts = grown(this.starts);
    let at = this.starts[id];
    while (at + end - start > this.arena.length) this.grow();
    for (let i = start; i < end; i++) {
      const c = bytes[i];
      this.arena[at++] = this.fold && (c - 65) >>> 0 < 26 ? c + 32 : c;
    }
    this.starts[id + 1] = at;
    this.slots[slot] = id;
    this.slots[slot + Slot.hash] = hash;
    this.slots[slot + Slot.start] = this.starts[id];
    this.slots[slot + Slot.end] = at;
    if (this.length * 2 * Slot.width > this.slots.length) this.rehash();
    return id;
  }

  private grow(): void {
    const arena = new Uint8Array(this.arena.length * 2);
    arena.set(this.arena);
    this.arena = arena;
    this.arenaView = new DataView(arena.buffer);
  }

  private rehash(): void {
    const { slots } = this;
    const wider = new Int32Array(slots.length * 2),
      mask = wider.length - 1;
    for (let from = 0; from < slots.length; from += Slot.width) {
      if (slots[from] === 0) continue;
      let slot = Math.imul(slots[from + Slot.hash], Slot.width) & mask;
      while (wider[slot] !== 0) slot = (slot + Slot.width) & mask;
      for (let i = 0; i < Slot.width; i++) wider[slot + i] = slots[from + i];
    }
    this.slots = wider;
  }
}

/** A hash that is the same for upper and lower case, four bytes at a time. */
function hashOf(view: DataView, start: number, end: number): number {
  let hash = end - start,
    i = start;
  for (; i + 4 <= end; i += 4)
    hash = Math.imul((hash ^ (view.getInt32(i, true) | 0x20202020)) + (hash >>> 15), 0x2c1b3c6d);
  for (; i < end; i++) hash = Math.imul(hash ^ (view.getUint8(i) | 32), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 15), 0x85ebca6b);
  return hash ^ (hash >>> 13);
}

function grown(old: Int32Array): Int32Array<ArrayBuffer> {
  const next = new Int32Array(old.length * 2);
  next.set(old);
  return next;
}
