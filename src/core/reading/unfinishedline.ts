import { Carry, longestLine } from './carry';
import { LongLine } from './longline';

/** A line whose end has not been read yet: as a whole, or where it is a long one of JSON a record at a time. */
export class UnfinishedLine {
  readonly carry = new Carry();
  /** Lines are in boxes, in which records can't be told apart. */
  whole = false;

  constructor(readonly long: LongLine) {}

  get empty(): boolean {
    return this.carry.empty && !this.long.open;
  }

  /** Adds a part of the line. */
  keep(bytes: Uint8Array, start: number, end: number): void {
    const { carry, long } = this,
      tooLong = carry.length + end - start > longestLine && !carry.tooLong;
    if (tooLong && !this.whole && this.begins(bytes, start, end)) {
      long.push(carry.bytes, 0, carry.length);
      carry.length = 0;
    }
    if (long.open) long.push(bytes, start, end);
    else carry.add(bytes, start, end);
  }

  private begins(bytes: Uint8Array, start: number, end: number): boolean {
    const { carry } = this;
    return carry.length > 0 ? LongLine.begins(carry.bytes, 0, carry.length) : LongLine.begins(bytes, start, end);
  }
}
