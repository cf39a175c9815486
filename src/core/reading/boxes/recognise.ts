import { Opened, Tier } from './box';
import { LineOpener } from './opener';

/** The first bytes of a file, as a format that looks at them sees them. */
export interface OpenedHead<Format> {
  format: Format | undefined;
  /** The lines inside of the boxes; the bytes as they are where there are none. */
  head: Uint8Array;
  tier: Tier;
}

/**
 * Finds out by the first bytes of a file in which boxes its lines are, and which format they have inside. A box counts
 * where `detect` knows a format in what was in it: so no line by a stranger can hide the lines of a log. What may be a
 * log's own form is taken for a box only where the same format, or no other, is known in it.
 */
export function recognise<Format>(
  head: Uint8Array,
  detect: (head: Uint8Array) => Format | undefined,
): OpenedHead<Format> {
  let found: OpenedHead<Format> = { format: detect(head), head, tier: Tier.bare },
    before = 0;
  for (const tier of [Tier.certain, Tier.fields, Tier.stamps]) {
    if (tier === Tier.stamps && found.format !== undefined) break;
    const { all, opened, boxes } = openHead(head, tier);
    if (boxes <= before) continue;
    before = boxes;
    const inside = detect(opened);
    if (inside === undefined) continue;
    if (tier === Tier.certain || found.format === undefined || found.format === inside || isForeign(head, detect))
      found = { format: detect(all) ?? inside, head: all, tier };
  }
  return found;
}

/** Whether a log has objects of JSON that are not of its format. */
function isForeign(head: Uint8Array, detect: (head: Uint8Array) => unknown): boolean {
  const objects = linesOf(head).filter((line) => line[0] === 123);
  return objects.length > 0 && detect(joined(objects)) === undefined;
}

/** The lines of a head as they are inside, only those among them that were in a box, and how many boxes were opened. */
function openHead(head: Uint8Array, tier: Tier): { all: Uint8Array; opened: Uint8Array; boxes: number } {
  const opener = new LineOpener(true, () => {});
  opener.tier = tier;
  const all: Uint8Array[] = [],
    opened: Uint8Array[] = [];
  let boxes = 0;
  for (const [i, line] of linesOf(head).entries()) {
    if (opener.open(line, 0, line.length, 0, i + 1) !== Opened.line) {
      // The lines keep their numbers.
      all.push(new Uint8Array(0));
      continue;
    }
    const { bytes, start, end } = opener.line;
    boxes += opener.layers;
    const inner = bytes.slice(start, end);
    all.push(inner);
    if (opener.layers > 0) opened.push(inner);
  }
  return { all: joined(all), opened: joined(opened), boxes };
}

/** The complete lines, or the only one. */
function linesOf(head: Uint8Array): Uint8Array[] {
  const last = head.lastIndexOf(10),
    end = last < 0 ? head.length : last;
  const lines: Uint8Array[] = [];
  let start = head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf ? 3 : 0;
  while (start < end) {
    const found = head.indexOf(10, start),
      to = found < 0 ? end : found;
    lines.push(head.subarray(start, to));
    start = to + 1;
  }
  return lines;
}

function joined(lines: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(lines.reduce((sum, line) => sum + line.length + 1, 0));
  let at = 0;
  for (const line of lines) {
    bytes.set(line, at);
    at += line.length;
    bytes[at++] = 10;
  }
  return bytes;
}
