import { Byte } from '../../text/ascii';
import { parse } from '../../text/json';
import { decode } from '../../text/words';
import type { ColumnMapping } from '../../connectors/columns';
import { Opened, Tier } from './box';
import { lineTable, type LineTable } from './linetable';
import { LineOpener } from './opener';
import type { Spread } from './spread';
import { spreadsOf } from './spreads';

const encoder = new TextEncoder();

/** The first bytes of a file, as a format that looks at them sees them. */
export interface OpenedHead<Format> {
  format: Format | undefined;
  /** The lines inside of the boxes; the bytes as they are where there are none. */
  head: Uint8Array;
  tier: Tier;
  /** The table in whose rows the lines stand. */
  rows?: LineTable;
  /** How records of JSON stand that are not one a line. */
  spread?: Spread;
}

/** What is taken off all lines of a file before their boxes are. */
type Around = Pick<OpenedHead<unknown>, 'rows' | 'spread'>;

type Detect<Format> = (head: Uint8Array) => Format | undefined;

/**
 * Finds out by the first bytes of a file in which boxes its lines are, and which format they have inside. A box counts
 * where `detect` knows a format in what was in it: so no line by a stranger can hide the lines of a log. What may be a
 * log's own form is taken for a box only where the same format, or no other, is known in it.
 */
export function recognise<Format extends { document?: true }>(
  head: Uint8Array,
  detect: Detect<Format>,
  columns?: readonly ColumnMapping[],
): OpenedHead<Format> {
  const rows = lineTable(head, columns);
  if (rows) {
    const found = inRows(head, detect, rows);
    if (found) return found;
  }
  const found = inBoxes(head, detect, { format: detect(head), head, tier: Tier.bare });
  return found.format?.document ? found : (inDocument(head, detect, found.format) ?? found);
}

/**
 * Records of a document. Objects of several lines side by side are left to formats that know them so, unless they are a
 * sequence of RFC 7464.
 */
function inDocument<Format>(
  head: Uint8Array,
  detect: Detect<Format>,
  known: Format | undefined,
): OpenedHead<Format> | undefined {
  for (const spread of spreadsOf(head, known !== undefined)) {
    if (known !== undefined && spread.base === 0 && !head.includes(Byte.recordSeparator)) continue;
    if (!beginsWhole(openHead(head, Tier.bare, { spread }).all)) continue;
    const found = inBoxes(head, detect, { format: undefined, head, tier: Tier.bare }, { spread });
    if (found.format !== undefined && (known ?? found.format) === found.format) return { ...found, spread };
  }
  return undefined;
}

/** Whether the first records are valid JSON, which they are only where they have been looked for in the right place. */
function beginsWhole(records: Uint8Array): boolean {
  const first = linesOf(records).find((line) => line.length > 0);
  return first !== undefined && parse(`[${decode(first)}]`) !== undefined;
}

/** Rows are looked into where no format knows their header as that of its own table, and where most lines are rows. */
function inRows<Format>(head: Uint8Array, detect: Detect<Format>, rows: LineTable): OpenedHead<Format> | undefined {
  if (!rows.mapped && detect(encoder.encode(`${rows.headers.at(-1)}\n`)) !== undefined) return undefined;
  const { boxes, broken, parts } = openHead(head, Tier.certain, { rows });
  if (broken * 4 > boxes) return undefined;
  const found = inBoxes(head, detect, { format: undefined, head, tier: Tier.bare }, { rows });
  return found.format === undefined ? undefined : { ...found, rows: { ...rows, several: parts > 0 } };
}

/** @param bare what the lines are without a look into boxes. */
function inBoxes<Format>(
  head: Uint8Array,
  detect: Detect<Format>,
  bare: OpenedHead<Format>,
  around: Around = {},
): OpenedHead<Format> {
  let found = bare,
    before = 0;
  for (const tier of [Tier.certain, Tier.fields, Tier.stamps]) {
    if (tier === Tier.stamps && found.format !== undefined) break;
    const { all, opened, boxes } = openHead(head, tier, around);
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

/** What taking off the boxes of a head gives. */
interface OpenedLines {
  /** The lines as they are inside, and only those among them that were in a box. */
  all: Uint8Array;
  opened: Uint8Array;
  /** How many boxes were opened, how many lines could not be, and how many are parts of others. */
  boxes: number;
  broken: number;
  parts: number;
}

function openHead(head: Uint8Array, tier: Tier, around: Around): OpenedLines {
  const opener = new LineOpener(true, () => {});
  opener.lookFor({ index: 0, boxes: tier, ...around });
  const all: Uint8Array[] = [],
    opened: Uint8Array[] = [];
  let boxes = 0,
    broken = 0,
    parts = 0;
  for (const [i, line] of linesOf(head).entries()) {
    const found = opener.open(line, 0, line.length, 0, i + 1);
    if (found !== Opened.line) {
      if (found === Opened.broken) broken++;
      if (found === Opened.part) parts++;
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
  return { all: joined(all), opened: joined(opened), boxes, broken, parts };
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
