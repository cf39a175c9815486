import { decode } from '../core/text/words';
import { listing, type Entry, type Listing } from './listing';
import { bytesAt, type Volume } from './volume';

/** Signatures of the parts of an archive (APPNOTE.TXT 6.3.10, section 4.3). */
const enum Part {
  local = 0x04034b50,
  central = 0x02014b50,
  end = 0x06054b50,
  end64 = 0x06064b50,
  locator64 = 0x07064b50,
  spanned = 0x08074b50,
}
const endSize = 22;
const localSize = 30;
const centralSize = 46;
/** A number that is too large for its field stands in a field of its own. */
const elsewhere = 0xffffffff;
/** Bytes of a directory that are read at most: far more than the entries that are looked at need. */
const longestDirectory = 64 << 20;

/** An entry as the directory describes it. */
interface Described extends Entry {
  /** Where its local header stands. */
  header: number;
  flags: number;
  /** Date and time of MS-DOS as they stand there. */
  stamp: number;
}

/**
 * Whether a file is a zip archive, also an empty one or one part of several: by its first bytes, or where these are
 * damaged by its last ones.
 */
export function isZip(head: Buffer, end: Buffer): boolean {
  if (head.length < 4) return false;
  const word = head.readUInt32LE(0);
  if (word === Part.local || word === Part.end || word === Part.spanned) return true;
  return end.length >= endSize && end.readUInt32LE(end.length - endSize) === Part.end;
}

/**
 * What is in a zip archive, by its directory, which is read once. Where that is damaged or missing, entries are looked
 * for one behind the other, and the failure says so.
 * @param most entries.
 */
export function listZip(volume: Volume, most: number): Listing {
  const end = endOf(volume);
  if (!end) return { ...salvaged(volume, most), failure: 'truncated-file' };
  const described = end.count < 0 ? undefined : directoryOf(volume, end, most);
  if (!described) return { ...salvaged(volume, most), failure: 'damaged-file' };
  const { entries, more } = described,
    found = listing();
  for (const entry of entries) locate(volume, entry);
  markOverlaps(entries);
  for (const entry of entries) if (!isFolder(entry)) found.entries.push(entry);
  if (more) found.failure = 'EENTRIES';
  else if (entries.some(({ doubtful }) => doubtful)) found.failure = 'damaged-file';
  return found;
}

/** Where the directory stands, and how many entries it has; a negative number where that is nonsense. */
function endOf(volume: Volume): { at: number; from: number; size: number; count: number } | undefined {
  const longest = Math.min(volume.size, endSize + 0xffff),
    begin = volume.size - longest,
    tail = bytesAt(volume, begin, longest);
  for (let i = tail.length - endSize; i >= 0; i--) {
    if (tail.readUInt32LE(i) !== Part.end || i + endSize + tail.readUInt16LE(i + 20) !== tail.length) continue;
    const at = begin + i,
      count = tail.readUInt16LE(i + 10),
      size = tail.readUInt32LE(i + 12),
      from = tail.readUInt32LE(i + 16);
    if (tail.readUInt16LE(i + 4) !== 0 || tail.readUInt16LE(i + 8) !== count) return { at, from, size, count: -1 };
    return i >= 20 && tail.readUInt32LE(i - 20) === Part.locator64
      ? end64(volume, tail.readBigUInt64LE(i - 12), at - 20)
      : { at, from, size, count };
  }
  return undefined;
}

/** The same of an archive that is too large for the fields of the older form. */
function end64(volume: Volume, stands: bigint, before: number) {
  const bytes = bytesAt(volume, Number(stands), 56);
  if (bytes.length < 56 || bytes.readUInt32LE(0) !== Part.end64) return { at: 0, from: 0, size: 0, count: -1 };
  const at = Number(stands),
    count = Number(bytes.readBigUInt64LE(32)),
    size = Number(bytes.readBigUInt64LE(40)),
    from = Number(bytes.readBigUInt64LE(48));
  const whole = at + 12 + Number(bytes.readBigUInt64LE(4)) === before && bytes.readBigUInt64LE(24) === BigInt(count);
  return { at, from, size, count: whole ? count : -1 };
}

/** The entries of the directory; undefined where it is not what its end says. */
function directoryOf(
  volume: Volume,
  { at, from, size, count }: { at: number; from: number; size: number; count: number },
  most: number,
): { entries: Described[]; more: boolean } | undefined {
  if (from + size !== at) return undefined;
  const bytes = bytesAt(volume, from, Math.min(size, longestDirectory)),
    entries: Described[] = [];
  let next = 0;
  while (next + centralSize <= bytes.length && entries.length < most) {
    if (bytes.readUInt32LE(next) !== Part.central) return undefined;
    const length =
      centralSize + bytes.readUInt16LE(next + 28) + bytes.readUInt16LE(next + 30) + bytes.readUInt16LE(next + 32);
    if (next + length > bytes.length) return undefined;
    entries.push(centralEntry(bytes.subarray(next, next + length)));
    next += length;
  }
  if (entries.length === most && next < size) return { entries, more: true };
  return next === size && entries.length === count ? { entries, more: false } : undefined;
}

function centralEntry(bytes: Buffer): Described {
  const nameEnd = centralSize + bytes.readUInt16LE(28),
    extra = bytes.subarray(nameEnd, nameEnd + bytes.readUInt16LE(30));
  const large = largeNumbers(extra, [bytes.readUInt32LE(24), bytes.readUInt32LE(20), bytes.readUInt32LE(42)]);
  const flags = bytes.readUInt16LE(8),
    stamp = bytes.readUInt32LE(12);
  return {
    name: decode(bytes.subarray(centralSize, nameEnd)),
    modified: timeOf(stamp),
    from: 0,
    size: large[1],
    method: bytes.readUInt16LE(10),
    unpacked: large[0],
    crc32: bytes.readUInt32LE(16),
    header: large[2],
    flags,
    stamp,
    failure: flags & 0x2041 ? 'ECRYPT' : undefined,
  };
}

/** Numbers of which those that do not fit stand in the extra field 1, in this order. */
function largeNumbers(extra: Buffer, numbers: number[]): number[] {
  for (let at = 0; at + 4 <= extra.length; at += 4 + extra.readUInt16LE(at + 2)) {
    if (extra.readUInt16LE(at) !== 1) continue;
    let next = at + 4;
    return numbers.map((number) => {
      if (number !== elsewhere || next + 8 > extra.length) return number;
      next += 8;
      return Number(extra.readBigUInt64LE(next - 8));
    });
  }
  return numbers;
}

/** MS-DOS keeps local time, without a zone. */
function timeOf(stamp: number): number {
  const date = stamp >>> 16,
    time = stamp & 0xffff;
  return new Date(
    1980 + (date >> 9),
    ((date >> 5) & 15) - 1,
    date & 31,
    time >> 11,
    (time >> 5) & 63,
    (time & 31) * 2,
  ).getTime();
}

/** Finds the data of an entry behind its local header, which says once more what the directory says. */
function locate(volume: Volume, entry: Described): void {
  const local = bytesAt(volume, entry.header, localSize);
  if (local.length < localSize || local.readUInt32LE(0) !== Part.local) {
    entry.failure ??= 'damaged-file';
    return;
  }
  entry.from = entry.header + localSize + local.readUInt16LE(26) + local.readUInt16LE(28);
  const later = ((local.readUInt16LE(6) | entry.flags) & 8) !== 0,
    sizes = [local.readUInt32LE(18), local.readUInt32LE(22)];
  entry.doubtful =
    local.readUInt32LE(10) !== entry.stamp ||
    local.readUInt16LE(8) !== entry.method ||
    (!later &&
      (local.readUInt32LE(14) !== entry.crc32 || !(agree(sizes[0], entry.size) && agree(sizes[1], entry.unpacked!))));
  if (entry.from + entry.size > volume.size) entry.failure ??= 'truncated-file';
}

function agree(field: number, number: number): boolean {
  return field === number || field === elsewhere;
}

/** Entries that share bytes are no archive that a program writes, but one that unpacks to far more than it has. */
function markOverlaps(entries: readonly Described[]): void {
  let end = 0;
  for (const entry of [...entries].sort((a, b) => a.header - b.header)) {
    if (entry.header < end) entry.failure ??= 'damaged-file';
    end = Math.max(end, entry.from + entry.size);
  }
}

/** A folder has no bytes (deflated: two); an entry that has some is a file, whatever its name ends with. */
function isFolder({ name, size, unpacked }: Entry): boolean {
  return name.endsWith('/') && size <= 2 && !unpacked;
}

/** Entries by their local headers, as far as these go on one behind the other or can be found. */
function salvaged(volume: Volume, most: number): Listing {
  const found = listing();
  for (let at = nextHeader(volume, 0); at < volume.size && found.entries.length < most;) {
    const entry = localEntry(volume, at);
    if (!entry) {
      at = nextHeader(volume, at + 4);
      continue;
    }
    const known = entry.crc32 !== undefined,
      end = known ? entry.from + entry.size : nextHeader(volume, entry.from);
    entry.size = Math.min(end, volume.size) - entry.from;
    if (!isFolder(entry)) found.entries.push(entry);
    at = nextHeader(volume, end);
  }
  return found;
}

/** The entry whose local header stands at a place. Where its sizes follow its data, they are not known. */
function localEntry(volume: Volume, at: number): Entry | undefined {
  const bytes = bytesAt(volume, at, localSize);
  if (bytes.length < localSize) return undefined;
  const nameLength = bytes.readUInt16LE(26),
    extraLength = bytes.readUInt16LE(28),
    rest = bytesAt(volume, at + localSize, nameLength + extraLength);
  if (rest.length < nameLength + extraLength) return undefined;
  const flags = bytes.readUInt16LE(6),
    later = (flags & 8) !== 0;
  const [unpacked, size] = largeNumbers(rest.subarray(nameLength), [bytes.readUInt32LE(22), bytes.readUInt32LE(18)]);
  return {
    name: decode(rest.subarray(0, nameLength)),
    modified: timeOf(bytes.readUInt32LE(10)),
    from: at + localSize + nameLength + extraLength,
    size: later ? 0 : size,
    method: bytes.readUInt16LE(8),
    unpacked: later ? undefined : unpacked,
    crc32: later ? undefined : bytes.readUInt32LE(14),
    failure: flags & 0x2041 ? 'ECRYPT' : undefined,
  };
}

/** The next local header at or behind a place, or where the entries end. */
function nextHeader(volume: Volume, at: number): number {
  const room = 1 << 20;
  for (let from = at; from < volume.size; from += room - 3) {
    const bytes = bytesAt(volume, from, room);
    for (let i = bytes.indexOf('PK'); i >= 0 && i + 4 <= bytes.length; i = bytes.indexOf('PK', i + 1)) {
      const word = bytes.readUInt32LE(i);
      if (word === Part.local) return from + i;
      if (word === Part.central) return volume.size;
    }
  }
  return volume.size;
}
