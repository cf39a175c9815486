import { BoxedLine, Opened } from './boxes/box';
import { newDocument, SpreadReader } from './boxes/spread';
import { Byte } from '../text/ascii';
import { indexOfByte } from '../text/bytes';
import { Carry } from './carry';
import type { Group } from './logreader';
import type { Source } from './source';

const lineFeed = Uint8Array.of(10);

/**
 * A file whose records stand over several lines of a document of JSON, with each record in the line with which it ends and
 * nothing in the others: so its records are lines that can be compared with those of other files. Other files stay.
 */
export function flattened(input: Group['files'][number]): Group['files'][number] {
  const { file } = input,
    { spread } = file;
  if (!spread) return input;
  const source = Object.create(input.source, {
    chunks: {
      async *value() {
        const records = new SpreadReader(spread, newDocument(file.index)),
          carry = new Carry(),
          line = new BoxedLine();
        let number = 0;
        const recordOf = (): Uint8Array => {
          line.begin(carry.bytes, 0, carry.take());
          if (records.begins(line)) records.restart();
          return records.push(line, ++number) === Opened.line ? compact(line) : new Uint8Array(0);
        };
        for await (const chunk of input.source.chunks()) {
          let start = 0;
          for (let end = indexOfByte(chunk, 10, 0); end >= 0; end = indexOfByte(chunk, 10, start)) {
            carry.add(chunk, start, end);
            yield recordOf();
            yield lineFeed.slice();
            start = end + 1;
          }
          carry.add(chunk, start, chunk.length);
        }
        yield recordOf();
      },
    },
  }) as Source;
  return { source, file: { ...file, spread: { base: 0, key: '', indent: 0 } } };
}

/** The line without blanks between the texts of its JSON, which are different in every document. */
function compact({ bytes, start, end }: BoxedLine): Uint8Array {
  const out = new Uint8Array(end - start);
  let length = 0,
    quoted = false;
  for (let i = start; i < end; i++) {
    const c = bytes[i];
    if (!quoted && c <= Byte.space) continue;
    out[length++] = c;
    if (quoted && c === Byte.backslash && i + 1 < end) out[length++] = bytes[++i];
    else if (c === Byte.quote) quoted = !quoted;
  }
  return out.subarray(0, length);
}
