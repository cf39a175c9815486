import { indexOfByte } from '../text/bytes';
import type { Format } from './format';
import type { FileReport } from '../model';
import type { Source } from './source';

/** A log that may be a copy of another one. */
export interface Copyable {
  source: Source;
  head: Uint8Array;
  format: Format;
  report: FileReport;
}

/** How the contents of two logs stand to each other: the same, or one is the beginning of the other. */
const enum Relation {
  other,
  same,
  begins,
  goesOn,
}

/**
 * Marks logs whose content another one holds, whatever their names, containers and encodings: a copy, and an earlier
 * state of a log that has grown since. Contents are read only where the first 64 KiB agree, up to the first difference.
 * Of equal ones the log stays that is stored as it is read, else the first of the list.
 */
export async function markCopies(logs: readonly Copyable[]): Promise<void> {
  const sorted = logs
    .map((log) => ({ log, head: plainText(log.head, true) }))
    .filter(({ head }) => head.length > 0)
    .sort((a, b) => compareBytes(a.head, b.head));
  /** Logs whose heads begin the head at hand: in this order they stand right before it. */
  let before: typeof sorted = [];
  for (const one of sorted) {
    before = before.filter(({ head }) => beginsWith(one.head, head));
    for (const other of before) {
      if (one.log.report.state !== 'complete') break;
      if (other.log.report.state === 'complete' && other.log.format === one.log.format)
        await compare(other.log, one.log);
    }
    before.push(one);
  }
  for (const { report } of logs) if (report.state === 'duplicate') report.detail = holderOf(report, logs);
}

async function compare(a: Copyable, b: Copyable): Promise<void> {
  const { relation, length } = await relate(a, b);
  // Rows without an id or time of their own may begin two different tables.
  if (relation !== Relation.same && a.format.repeats === undefined) return;
  const copy =
    relation === Relation.begins || (relation === Relation.same && a.source.size !== length && b.source.size === length)
      ? [a, b]
      : relation === Relation.other
        ? undefined
        : [b, a];
  if (!copy) return;
  copy[0].report.state = 'duplicate';
  copy[0].report.detail = copy[1].report.path;
}

/** The log that is counted in place of a copy, which may be a copy of a copy. */
function holderOf(report: FileReport, logs: readonly Copyable[]): string | undefined {
  let holder = report;
  for (let i = 0; i < logs.length && holder.state === 'duplicate'; i++)
    holder = logs.find((log) => log.report.path === holder.detail)?.report ?? holder;
  return holder.path;
}

/** Compares two contents up to their first difference; `length` is that of the longer one in bytes where they agree. */
async function relate(a: Copyable, b: Copyable): Promise<{ relation: Relation; length: number }> {
  const left = new Reading(a.source),
    right = new Reading(b.source);
  try {
    for (;;) {
      const more = (await left.fill()) && (await right.fill());
      if (!more) break;
      const common = Math.min(left.rest.length, right.rest.length);
      if (compareBytes(left.rest.subarray(0, common), right.rest.subarray(0, common)) !== 0)
        return { relation: Relation.other, length: 0 };
      left.take(common);
      right.take(common);
    }
    const [goesOn, begins] = [await left.fill(), await right.fill()];
    return {
      relation: goesOn ? Relation.goesOn : begins ? Relation.begins : Relation.same,
      length: Math.max(left.length, right.length),
    };
  } catch {
    // Reading it for its figures tells what is wrong with it.
    return { relation: Relation.other, length: 0 };
  } finally {
    await Promise.all([left.close(), right.close()]);
  }
}

/** The content of a log, a block at a time. */
class Reading {
  rest: Uint8Array = new Uint8Array(0);
  /** Bytes read, before line ends and byte order mark were taken away. */
  length = 0;
  private readonly blocks: AsyncIterator<Uint8Array>;

  constructor(source: Source) {
    this.blocks = source.chunks()[Symbol.asyncIterator]();
  }

  /** Whether there is something left to compare. */
  async fill(): Promise<boolean> {
    while (this.rest.length === 0) {
      const { value, done } = await this.blocks.next();
      if (done) return false;
      this.rest = plainText(value, this.length === 0);
      this.length += value.length;
    }
    return true;
  }

  take(count: number): void {
    this.rest = this.rest.subarray(count);
  }

  async close(): Promise<void> {
    await this.blocks.return?.(undefined);
  }
}

/** Bytes without what encodings and transfers add: a byte order mark at the start, carriage returns. */
function plainText(bytes: Uint8Array, atStart: boolean): Uint8Array {
  const from = atStart && bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
  const marked = bytes.subarray(from);
  return indexOfByte(marked, 13, 0) < 0 ? marked : marked.filter((byte) => byte !== 13);
}

function beginsWith(bytes: Uint8Array, beginning: Uint8Array): boolean {
  return beginning.length <= bytes.length && compareBytes(bytes.subarray(0, beginning.length), beginning) === 0;
}

/** The order of bytes, as of texts. */
function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const end = Math.min(a.length, b.length);
  for (let i = 0; i < end; i++) if (a[i] !== b[i]) return a[i] - b[i];
  return a.length - b.length;
}
