import { Utf16Decoder, utf16Order } from '../core/text/utf16';
import { bunzip2 } from './packed/bzip2';
import { gunzip } from './packed/gzip';
import type { Chunks, Report, Unpack } from './packed/packed';
import { isXz, unxz } from './packed/xz';
import { unzstd } from './packed/zstd';
import { bounded, whileTaken, type Bound } from './growth';

/** Bytes that tell how a file is packed. */
const magicLength = 6;

/** The way in which a file is packed, by its first bytes; undefined where it is not. */
export function packing(head: Uint8Array): Unpack | undefined {
  if (head[0] === 0x1f && head[1] === 0x8b) return gunzip;
  if (head[0] === 0x28 && head[1] === 0xb5 && head[2] === 0x2f && head[3] === 0xfd) return unzstd;
  // "BZh", the size of the blocks, and the beginning of the first block or of the end.
  if (/^BZh[1-9][1\x17][Ar]/.test(Buffer.from(head.subarray(0, 6)).toString('latin1'))) return bunzip2;
  return isXz(head) ? unxz : undefined;
}

/** Archives that are not read here: 7z and RAR. */
const otherArchive = /^(?:7z\xbc\xaf\x27\x1c|Rar!\x1a\x07)/;

/** Whether a file can be read from its middle: neither compressed nor UTF-16, by its first bytes. */
export function isPlain(head: Uint8Array): boolean {
  return !packing(head) && !utf16Order(head);
}

/**
 * Stored bytes, unpacked by their magic numbers (gzip, zstd, xz and bzip2) and as UTF-8.
 * @param bound what they may unpack to at most, beside the bound by the bytes that were taken.
 * @throws `EBOMB` when they unpack to more, `EMETHOD` for a way of packing or an archive that is not read.
 */
export async function* unpacked(stored: Chunks, report: Report, bound?: Bound): Chunks {
  yield* asUtf8(asStored(stored, report, bound));
}

/** The same without a look at the encoding. */
export async function* asStored(stored: Chunks, report: Report, bound?: Bound): Chunks {
  const taken = whileTaken(stored),
    all = taken.chunks[Symbol.asyncIterator]();
  // A reader that stops early must close the file all the same.
  try {
    const { value, done } = await all.next();
    if (done) return;
    const first = await withMagic(value, all);
    if (otherArchive.test(Buffer.from(first.subarray(0, magicLength)).toString('latin1')))
      throw Object.assign(new Error('The archive is of a kind that is not read.'), { code: 'EMETHOD' });
    const whole = prepend(first, { [Symbol.asyncIterator]: () => all }),
      unpack = packing(first);
    const most = bound ? () => Math.min(bound(), taken.bound()) : taken.bound;
    yield* unpack ? bounded(unpack(whole, report), most) : whole;
  } finally {
    await all.return?.(undefined);
  }
}

/** Of what comes in small pieces, enough that its magic number is in it. */
async function withMagic(first: Uint8Array, rest: AsyncIterator<Uint8Array>): Promise<Uint8Array> {
  let all = first;
  while (all.length < magicLength) {
    all = Uint8Array.from(all);
    const { value, done } = await rest.next();
    if (done) break;
    all = Buffer.concat([all, value]);
  }
  return all;
}

async function* asUtf8(chunks: Chunks): Chunks {
  let decoder: Utf16Decoder | undefined;
  let first = true;
  for await (const chunk of chunks) {
    if (first) {
      first = false;
      const order = utf16Order(chunk);
      if (order) decoder = new Utf16Decoder(order);
    }
    yield decoder ? decoder.push(chunk) : chunk;
  }
  const rest = decoder?.end();
  if (rest) yield rest;
}

async function* prepend(first: Uint8Array, rest: Chunks): Chunks {
  yield first;
  yield* rest;
}
