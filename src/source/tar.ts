import { decode } from '../core/text/words';
import { listing, type Entry, type Listing } from './listing';
import { bytesAt, type Volume } from './volume';

const block = 512;
/** Most bytes of a name or of a header of names and numbers that are read. */
const longestHeader = 1 << 20;

/** What headers before an entry say of it. */
interface Said {
  path?: string;
  size?: number;
  modified?: number;
  sparse?: boolean;
}

/** Whether a file begins with the header of a tar archive, which has a checksum. */
export function isTar(head: Buffer): boolean {
  return head.length >= block && isHeader(head);
}

/**
 * What is in a tar archive (POSIX.1-2017, pax; GNU names): its files. Folders and links hold no bytes.
 * @param most entries.
 */
export function listTar(volume: Volume, most: number): Listing {
  const found = listing();
  let said: Said = {},
    ended = false;
  for (let at = 0; at < volume.size;) {
    const bytes = bytesAt(volume, at, block);
    if (bytes.length < block) break;
    // Archives that were joined have ends between them.
    ended = bytes.every((byte) => byte === 0);
    if (ended) {
      at += block;
      continue;
    }
    const header = headerIn(bytes, said.size);
    if (!header) return { ...found, failure: 'damaged-file' };
    const { type, size } = header,
      from = at + block;
    if (isFile(type) && found.entries.length >= most) return { ...found, failure: 'EENTRIES' };
    if (isFile(type)) found.entries.push(entryOf(bytes, type, from, size, said));
    said = isAbout(type) ? { ...said, ...saidBy(type, bytesAt(volume, from, size)) } : {};
    at = from + Math.ceil((holdsBytes(type) ? size : 0) / block) * block;
    if (at > volume.size) return { ...cutLast(found, volume), failure: 'truncated-file' };
  }
  return ended ? found : { ...found, failure: 'truncated-file' };
}

/** The type and size of an entry; undefined where its header is damaged. `said`: the size that another one stated. */
function headerIn(bytes: Buffer, said: number | undefined): { type: string; size: number } | undefined {
  if (!isHeader(bytes)) return undefined;
  const type = String.fromCharCode(bytes[156]),
    own = numberIn(bytes, 124, 12),
    size = isAbout(type) ? own : (said ?? own);
  const sound = Number.isSafeInteger(size) && size >= 0 && (!isAbout(type) || size <= longestHeader);
  return sound ? { type, size } : undefined;
}

/** The last entry has the bytes that are there. */
function cutLast(found: Listing, { size }: Volume): Listing {
  const last = found.entries.at(-1);
  if (last && last.from + last.size > size) last.size = Math.max(0, size - last.from);
  return found;
}

/** Links, devices and folders have no bytes, whatever their size says. */
function holdsBytes(type: string): boolean {
  return !'123456'.includes(type);
}

/** Headers that say something of the next entry, or of the whole archive. */
function isAbout(type: string): boolean {
  return 'xgLKNV'.includes(type);
}

/** An unknown type is a file (POSIX.1-2017, ustar, typeflag); `D` is a list of names. */
function isFile(type: string): boolean {
  return holdsBytes(type) && !isAbout(type) && type !== 'D';
}

function entryOf(header: Buffer, type: string, from: number, size: number, said: Said): Entry {
  const ustar = header.toString('latin1', 257, 262) === 'ustar',
    prefix = ustar && header[263] === 48 ? textIn(header, 345, 155) : '';
  const name = textIn(header, 0, 100);
  return {
    name: said.path ?? (prefix === '' ? name : `${prefix}/${name}`),
    modified: (said.modified ?? numberIn(header, 136, 12)) * 1000,
    from,
    size,
    // A file with holes, or a part of one that goes on in another volume.
    failure: said.sparse || type === 'S' || type === 'M' ? 'EMETHOD' : undefined,
  };
}

/** What a header says of the next entry: a long name, or records of pax, each `LENGTH KEY=VALUE\n`. */
function saidBy(type: string, bytes: Buffer): Said {
  if (type === 'L') return { path: textIn(bytes, 0, bytes.length) };
  if (type !== 'x') return {};
  const said: Said = {};
  for (let at = 0; at < bytes.length;) {
    const space = bytes.indexOf(32, at),
      length = space < 0 ? NaN : Number(bytes.toString('latin1', at, space));
    if (!Number.isInteger(length) || length <= space - at || at + length > bytes.length) break;
    const record = bytes.subarray(space + 1, at + length - 1),
      equals = record.indexOf(61),
      key = record.toString('latin1', 0, Math.max(0, equals)),
      value = record.subarray(equals + 1);
    if (key === 'path') said.path = decode(value);
    else if (key === 'size') said.size = Number(value.toString('latin1'));
    else if (key === 'mtime') said.modified = Number(value.toString('latin1'));
    else if (key.startsWith('GNU.sparse.')) said.sparse = true;
    at += length;
  }
  return said;
}

/** The sum of the bytes of a header, its own field taken as blanks; older programs took bytes as signed. */
function isHeader(header: Buffer): boolean {
  const stated = numberIn(header, 148, 8);
  let sum = 8 * 32,
    signed = sum;
  for (let i = 0; i < block; i++) {
    if (i >= 148 && i < 156) continue;
    sum += header[i];
    signed += (header[i] << 24) >> 24;
  }
  return header[0] !== 0 && (stated === sum || stated === signed);
}

/** An octal number, or where the highest bit is set a binary one; NaN for what is neither. */
function numberIn(header: Buffer, at: number, length: number): number {
  if (header[at] & 0x80) {
    let value = header[at] & 0x7f;
    for (let i = at + 1; i < at + length; i++) value = value * 256 + header[i];
    return value;
  }
  const text = header
    .toString('latin1', at, at + length)
    .replace(/[\0 ]+$/, '')
    .trimStart();
  return text === '' ? 0 : /^[0-7]+$/.test(text) ? parseInt(text, 8) : NaN;
}

function textIn(bytes: Buffer, at: number, length: number): string {
  const field = bytes.subarray(at, at + length),
    end = field.indexOf(0);
  return decode(end < 0 ? field : field.subarray(0, end));
}
