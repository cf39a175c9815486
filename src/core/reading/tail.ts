import type { Milliseconds } from '../model';
import { printOf } from '../text/fingerprint';
import { firstTime, TimeReader, yearAnchor } from '../text/time';
import type { FileAccount, ReadOptions } from './sink';
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

  keep(chunk: Uint8Array): void {
    if (chunk.length >= size) {
      this.bytes.set(chunk.subarray(chunk.length - size));
      this.length = size;
      return;
    }
    const added = Math.min(chunk.length, size),
      kept = Math.min(this.length, size - added);
    this.bytes.copyWithin(0, this.length - kept, this.length);
    this.bytes.set(chunk.subarray(chunk.length - added), kept);
    this.length = kept + added;
  }

  /** Notes how a file ends whose last bytes these are. They are forgotten. */
  end(account: FileAccount, options: ReadOptions): void {
    if (this.length === 0) return;
    const { head, modified } = account.file,
      time = new TimeReader(options.zone, yearAnchor(head, modified, options)),
      lines = decode(this.bytes.subarray(0, this.length)).split('\n').reverse();
    this.length = 0;
    const found = firstTime(lines, time);
    if (found === undefined) return;
    account.ends = { time: found, line: printOf(lines.find((line) => line.trim() !== '') ?? '') };
  }
}
