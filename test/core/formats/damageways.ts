/** The ways in which lines of logs are damaged: by disks, by transfers, by people and by programs. */

/** One way to damage a line. A line feed in the result begins another line. */
export interface Way {
  name: string;
  /** Nothing of the line is lost, or what is lost can be seen, so no value may change in silence either. */
  strict: boolean;
  /** @param at a place in the line. @param pick a number from 0 to below `n`. @param next the line after it. */
  apply(line: Buffer, at: number, pick: (n: number) => number, next: Buffer): Buffer;
  /** The line after it is part of the result. */
  takesNext?: boolean;
  /** All that the line says is said twice. */
  repeats?: boolean;
}

const delimiters = Buffer.from(',;\t|: =<>[]{}');

function spliced(line: Buffer, at: number, length: number, put: string | Uint8Array): Buffer {
  return Buffer.concat([line.subarray(0, at), Buffer.from(put as string), line.subarray(at + length)]);
}

function delimiterChanged(line: Buffer, at: number, pick: (n: number) => number): Buffer {
  const places = [...line.keys()].filter((i) => delimiters.includes(line[i]));
  if (places.length === 0) return spliced(line, at, 0, ';');
  const place = places[pick(places.length)];
  const others = [...delimiters].filter((byte) => byte !== line[place]);
  return spliced(line, place, 1, Uint8Array.of(others[pick(others.length)]));
}

/** Lines are never empty here, and `at` is a place of one of their bytes. */
export const ways: readonly Way[] = [
  { name: 'cut', strict: true, apply: (line, at) => line.subarray(0, Math.max(1, at)) },
  {
    name: 'bit flipped',
    strict: false,
    apply: (line, at, pick) => spliced(line, at, 1, Uint8Array.of(line[at] ^ (1 << pick(7)))),
  },
  {
    name: 'byte inserted',
    strict: false,
    apply: (line, at, pick) => spliced(line, at, 0, Uint8Array.of(33 + pick(94))),
  },
  { name: 'byte deleted', strict: false, apply: (line, at) => spliced(line, at, 1, '') },
  { name: 'byte set to NUL', strict: true, apply: (line, at) => spliced(line, at, 1, '\0') },
  {
    name: 'rest set to NULs',
    strict: true,
    apply: (line, at) => spliced(line, at, line.length, Buffer.alloc(line.length - at)),
  },
  { name: 'NULs behind', strict: true, apply: (line) => spliced(line, line.length, 0, '\0\0\0') },
  { name: 'text doubled', strict: true, repeats: true, apply: (line) => Buffer.concat([line, line]) },
  {
    name: 'line doubled',
    strict: true,
    repeats: true,
    apply: (line) => Buffer.concat([line, Buffer.from('\n'), line]),
  },
  {
    name: 'joined with the next',
    strict: true,
    takesNext: true,
    apply: (line, _at, _pick, next) => Buffer.concat([line, next]),
  },
  { name: 'spaces behind', strict: true, apply: (line) => spliced(line, line.length, 0, '   ') },
  { name: 'CR CR LF', strict: true, apply: (line) => spliced(line, line.length, 0, '\r\r') },
  {
    name: 'delimiter changed',
    strict: false,
    apply: (line, at, pick) => delimiterChanged(line, at, pick),
  },
  { name: 'quote added', strict: false, apply: (line, at) => spliced(line, at, 0, '"') },
];

/** A file as lines without their ends. */
export class Lines {
  readonly lines: Buffer[] = [];
  readonly ends: string[] = [];

  constructor(bytes: Buffer) {
    for (let at = 0; at < bytes.length;) {
      const feed = bytes.indexOf(10, at);
      const stop = feed < 0 ? bytes.length : feed;
      const text = stop > at && bytes[stop - 1] === 13 ? stop - 1 : stop;
      this.lines.push(bytes.subarray(at, text));
      this.ends.push(bytes.toString('latin1', text, feed < 0 ? stop : stop + 1));
      at = stop + 1;
    }
  }

  /** The file with other bytes in place of `count` lines, from the line at position `at` on. */
  with(at: number, count: number, put: Buffer | undefined): Buffer {
    return Buffer.concat(
      this.lines.flatMap((line, i) => {
        const end = Buffer.from(this.ends[i]);
        if (i === at) return put === undefined ? [] : [put, end];
        return i > at && i < at + count ? [] : [line, end];
      }),
    );
  }
}

/** Numbers that look like chance and are the same each time (mulberry32). */
export function chance(start: number): (n: number) => number {
  let state = start;
  return (n) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 2 ** 32) * n);
  };
}
