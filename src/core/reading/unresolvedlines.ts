/** How much a line was looked at before it was left. */
export const enum Left {
  read,
  /** It belongs to what began before. */
  unread,
  /** The same, and it may be in a box. */
  boxed,
}

/** Lines that wait for the segment before, in one array: they cost no objects and travel to another thread at once. */
export class UnresolvedLines {
  length = 0;
  private bytes = new Uint8Array(4096);
  /** Where each line ends in `bytes`, and in which file at which number it stands. */
  private ends = new Int32Array(16);
  private files = new Int32Array(16);
  private lines = new Float64Array(16);
  /** How much each was looked at. */
  private left = new Uint8Array(16);
  /** The hosts of their boxes: the first line of each run of one host, and that host. */
  private hosts: [from: number, host: string][] = [];

  /** Bytes of all lines. */
  get size(): number {
    return this.length === 0 ? 0 : this.ends[this.length - 1];
  }

  push(file: number, line: number, bytes: Uint8Array, start: number, end: number, left: Left, host: string): void {
    const from = this.size,
      to = from + end - start;
    if (to > this.bytes.length) this.bytes = grown(this.bytes, to);
    if (this.length === this.ends.length) {
      this.ends = grown(this.ends, 0);
      this.files = grown(this.files, 0);
      this.lines = grown(this.lines, 0);
      this.left = grown(this.left, 0);
    }
    if (host !== (this.hosts.at(-1)?.[1] ?? '')) this.hosts.push([this.length, host]);
    this.bytes.set(bytes.subarray(start, end), from);
    this.ends[this.length] = to;
    this.files[this.length] = file;
    this.lines[this.length] = line;
    this.left[this.length] = left;
    this.length++;
  }

  /** Calls back for every line in order; its bytes must not be kept. */
  each(call: (file: number, line: number, bytes: Uint8Array, left: Left, host: string) => void): void {
    let host = '',
      run = 0;
    for (let i = 0; i < this.length; i++) {
      if (this.hosts[run]?.[0] === i) host = this.hosts[run++][1];
      const bytes = this.bytes.subarray(i === 0 ? 0 : this.ends[i - 1], this.ends[i]);
      call(this.files[i], this.lines[i], bytes, this.left[i], host);
    }
  }

  save() {
    const { length, bytes, ends, files, lines, left, hosts } = this;
    return { length, bytes, ends, files, lines, left, hosts };
  }

  static load(saved: ReturnType<UnresolvedLines['save']>): UnresolvedLines {
    return Object.assign(new UnresolvedLines(), saved);
  }
}

/** The same numbers in an array at least twice as long. */
function grown<T extends Uint8Array | Int32Array | Float64Array>(old: T, least: number): T {
  const next = new (old.constructor as new (length: number) => T)(Math.max(old.length * 2, least));
  next.set(old);
  return next;
}
