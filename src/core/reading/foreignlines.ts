import { headLines } from '../text/head';
import { decode } from '../text/words';
import type { Format, Head } from './format';
import type { Problem } from '../model';
import type { Source } from './source';

/** Places of a file that are looked at, its head among them, and bytes of each of the others. */
const places = 4,
  blockSize = 16 * 1024;
/** Bytes in which foreign lines are counted: there are as many, or more. */
const mostBytes = 64 << 20;

/**
 * Lines of other known formats in a log that `reader` reads as `own`, which would be passed over: found at its head and, where
 * it can be read from its middle, at some places behind.
 */
export async function foreignLines(
  source: Source,
  head: Head,
  own: Format,
  formats: readonly Format[],
  reader: Format,
): Promise<Problem[]> {
  const found = new Set<Format>(),
    others = formats.filter((format) => format !== own).map((format) => unread(format, reader));
  for (const block of [head, ...(await blocksBehind(source, head))])
    for (const format of others) if (!found.has(format) && format.detect(block)) found.add(format);
  return found.size === 0 ? [] : counted(source, head, own, [...found]);
}

/** A format without those of its lines that `reader` reads, since a program of it has written them. */
function unread(format: Format, reader: Format): Format {
  if (!reader.carries?.includes(format.id)) return format;
  const detect = (head: Head) =>
    format.detect({ ...head, lines: head.lines.filter((line) => !reader.detect({ ...head, lines: [line] })) });
  return { ...format, detect };
}

/** The lines at some places of a file that is not compressed. */
async function blocksBehind(source: Source, { columns }: Head): Promise<Head[]> {
  if (source.size <= places * blockSize) return [];
  const blocks: Head[] = [];
  for (const { from } of (await source.ranges(Math.ceil(source.size / places))).slice(1)) {
    const parts: Uint8Array[] = [];
    let length = 0;
    for await (const chunk of source.chunks({ from })) {
      parts.push(Uint8Array.from(chunk.subarray(0, blockSize - length)));
      length += chunk.length;
      if (length >= blockSize) break;
    }
    const bytes = joined(parts);
    blocks.push({ bytes, lines: headLines(bytes), columns });
  }
  return blocks;
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

/** How many lines only these formats know, and the first one. */
async function counted(
  source: Source,
  { bytes, columns }: Head,
  own: Format,
  others: readonly Format[],
): Promise<Problem[]> {
  const problems = others.map(({ name }): Problem => ({ code: 'foreign-lines', count: 0, line: 0, format: name }));
  let rest = '',
    line = 0,
    length = 0;
  const look = (text: string) => {
    line++;
    if (text === '' || text.startsWith('#')) return;
    const view: Head = { bytes: new TextEncoder().encode(text), lines: [text], columns };
    const at = others.findIndex((format) => format.detect(view));
    if (at < 0 || own.detect(view)) return;
    if (problems[at].count++ === 0) problems[at].line = line;
  };
  // What comes through a pipe can be read only once, and not for this.
  for await (const chunk of source.onePass ? [bytes] : source.chunks()) {
    const lines = (rest + decode(chunk)).split('\n');
    rest = lines.pop()!;
    for (const text of lines) look(text.trimEnd());
    length += chunk.length;
    if (length > mostBytes) break;
  }
  look(rest.trimEnd());
  return problems.filter(({ count }) => count > 0);
}
