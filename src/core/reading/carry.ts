/** A line longer than this is skipped, so that a file without line ends can't fill the memory. */
export const longestLine = 1 << 20;
/** Bytes of an array that stay free behind a line, for comparing several at a time. */
export const margin = 256;

/** A line whose end has not been read yet. */
export class Carry {
  bytes: Uint8Array = new Uint8Array(4096);
  /** How many of them there are. */
  length = 0;
  /** The line is too long, and nothing of it is kept. */
  tooLong = false;

  get empty(): boolean {
    return this.length === 0 && !this.tooLong;
  }

  add(bytes: Uint8Array, start: number, end = bytes.length): void {
    if (this.tooLong) return;
    const length = this.length + end - start;
    if (length > longestLine) {
      this.tooLong = true;
      this.length = 0;
      return;
    }
    if (length + margin > this.bytes.length) {
      const grown = new Uint8Array(length * 2 + margin);
      grown.set(this.bytes.subarray(0, this.length));
      this.bytes = grown;
    }
    this.bytes.set(bytes.subarray(start, end), this.length);
    this.length = length;
  }

  /** Ends the bytes as a line; returns its length. */
  take(): number {
    const end = this.length;
    this.length = 0;
    this.bytes[end] = 10;
    return end;
  }
}
