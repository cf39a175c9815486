import { blockSize } from '../kernel';
import { margin } from '../carry';
import type { BoxedLine } from './box';

/** Lines that were in boxes, each with its end, to be read together. */
export class InnerLines {
  bytes: Uint8Array = new Uint8Array(0);
  length = 0;
  /** How many there are. */
  lines = 0;
  /** The host that their boxes name; empty where they name none. */
  host = '';

  /** Where the only line begins in the file, if it has several lines there; else 0. */
  first = 0;

  /** Whether a line fits in beside those that are there. */
  fits({ start, end, host }: BoxedLine, first: number): boolean {
    if (this.lines > 0 && (first > 0 || this.first > 0)) return false;
    return this.lines === 0 || (host === this.host && this.length + end - start + 2 * margin <= this.bytes.length);
  }

  add({ bytes, start, end, host }: BoxedLine, first: number): void {
    const least = this.length + end - start + 2 * margin;
    if (least > this.bytes.length) this.bytes = new Uint8Array(Math.max(blockSize, least));
    this.bytes.set(bytes.subarray(start, end), this.length);
    this.length += end - start;
    this.bytes[this.length++] = 10;
    this.host = host;
    this.first = first;
    this.lines++;
  }

  clear(): void {
    this.length = this.lines = 0;
  }
}
