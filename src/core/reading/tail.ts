import type { Milliseconds } from '../model';
import { printOf } from '../text/fingerprint';
import { firstTime, type TimeReader } from '../text/time';
import { decode } from '../text/words';

/** Bytes in which the last time stamp is looked for. */
const size = 2048;

/** How a file ends. */
export interface End {
  /** The last time stamp, wherever it stands in its line. */
  time: Milliseconds;
  /** Print of the last line, see `printOf`. */
  line: number;
}

/** The last bytes that were read of a file. */
export class Tail {
  private readonly bytes = new Uint8Array(size);
  private length = 0;

  get isEmpty(): boolean {
    return this.length === 0;
  }

  keep(chunk: Uint8Array): void {
    const added = Math.min(chunk.length, size),
      kept = Math.min(this.length, size - added);
    this.bytes.copyWithin(0, this.length - kept, this.length);
    this.bytes.set(chunk.subarray(chunk.length - added), kept);
    this.length = kept + added;
  }

  /** How the file ends; undefined where there is no time. The bytes are forgotten. */
  read(time: TimeReader): End | undefined {
    const lines = decode(this.bytes.subarray(0, this.length)).split('\n').reverse();
    this.length = 0;
    const found = firstTime(lines, time);
    return found === undefined
      ? undefined
      : { time: found, line: printOf(lines.find((line) => line.trim() !== '') ?? '') };
  }
}
