import { crc32 } from 'node:zlib';
import type { Kept } from '../core/reading/source';
import { bunzip2 } from './packed/bzip2';
import { inflateRaw } from './packed/gzip';
import { unreadable, type Chunks, type Report, type Unpack } from './packed/packed';
import { unxz } from './packed/xz';
import { unzstd } from './packed/zstd';

/** The methods of zip archives (APPNOTE.TXT 6.3.10, section 4.4.5) that are read, by their numbers. */
const methods: Readonly<Record<number, Unpack>> = {
  0: (stored) => stored,
  8: inflateRaw,
  12: bunzip2,
  93: unzstd,
  95: unxz,
};

/** Whether entries packed by this method can be read. */
export function isMethod(method: number | undefined): boolean {
  return method === undefined || Object.hasOwn(methods, method);
}

/**
 * The bytes of a log that stand in an archive. What the archive says of them is compared: `damaged-file` where they are
 * others, or not as many.
 * @throws `EMETHOD` for a method that is not read.
 */
export async function* bytesOf(stored: Chunks, { method = 0, unpacked, crc32: stated }: Kept, report: Report): Chunks {
  if (!isMethod(method)) throw unreadable(`zip method ${method}`);
  const told = new Set<string>(),
    once: Report = (code) => {
      if (told.size === 0) report(code);
      told.add(code);
    };
  let length = 0,
    sum = 0;
  for await (const chunk of methods[method](stored, once)) {
    const left = (unpacked ?? Infinity) - length,
      part = chunk.length > left ? chunk.subarray(0, left) : chunk;
    length += part.length;
    if (stated !== undefined) sum = crc32(part, sum);
    yield part;
    if (part !== chunk) return once('damaged-file');
  }
  if (unpacked !== undefined && length !== unpacked) once('damaged-file');
  if (stated !== undefined && sum !== stated) once('damaged-file');
}
