import { closeSync, openSync } from 'node:fs';
import { constants, inflateRawSync } from 'node:zlib';
import type { Kept, Stored } from '../core/reading/source';
import { blocks } from './blocks';
import { bounded, growth, mostOf } from './growth';
import { bytesOf, isMethod } from './kept';
import type { Entry, Listing } from './listing';
import type { Chunks, Report } from './packed/packed';
import { isTar, listTar } from './tar';
import { asStored, packing } from './unpack';
import { bytesAt, withoutName, type Volume } from './volume';
import { isZip, listZip } from './zip';

/** Most logs of one archive, and archives in which an archive may be. */
const limits = { logs: 10_000, depth: 3 };
/** Bytes at the head of a file that tell whether it is an archive. */
const headSize = 512;
const endSize = 22;

/** A log in an archive. Without `entry`: what is wrong with the archive as a whole. */
export interface Member extends Stored {
  entry: string | undefined;
  kept: Kept;
}

/**
 * The logs in an archive on disk: zip and tar, also packed as a whole, and archives that are in it. Undefined for what is
 * none. Nothing in it is dropped: what can't be read is a log with the reason.
 * @throws with the code of the system.
 */
export async function membersOf(path: string, { size }: { size: number }): Promise<Member[] | undefined> {
  const descriptor = openSync(path, 'r');
  try {
    const volume: Volume = { descriptor, from: 0, size, unnamed: false, packed: size, slack: growth.slack };
    const archive = await archiveIn(volume, { name: '', modified: undefined, from: 0, size }, volume);
    if (!archive) return undefined;
    const lister = new Lister();
    await lister.add(archive, '', 1);
    return lister.members.length > 0 ? lister.members : undefined;
  } finally {
    closeSync(descriptor);
  }
}

/** Whether a file is an archive, packed as a whole or not, by its first bytes. */
export async function isArchive(head: Buffer): Promise<boolean> {
  const bytes = async function* () {
    yield head;
  };
  return listerOf(packing(head) ? await headOf(asStored(bytes(), ignore)) : head) !== undefined;
}

/** An archive that can be listed. `failure`: what is wrong with the container in which it was packed as a whole. */
interface Archive {
  volume: Volume;
  list: (volume: Volume, most: number) => Listing;
  failure?: string;
}

/** What can't be read, in place of a log. */
export function failed(entry: string | undefined, failure: string): Member {
  const kept = { from: 0, size: 0, most: 0, failure };
  return { entry, size: 0, modified: undefined, identity: undefined, kept };
}

class Lister {
  readonly members: Member[] = [];
  /** How often a name was given. */
  private readonly names = new Map<string, number>();
  private full = false;

  /** Adds what is in an archive whose own name, with a slash behind it, is `prefix`. */
  async add({ volume, list, failure: container }: Archive, prefix: string, depth: number): Promise<void> {
    const { entries, failure } = list(volume, limits.logs),
      shared = { ...volume, slack: Math.floor(volume.slack / Math.max(1, entries.length)) };
    let sum = 0;
    for (const entry of entries) {
      if (this.full) return;
      sum += entry.unpacked ?? entry.size;
      if (sum > mostOf(volume.packed)) entry.failure ??= 'EBOMB';
      await this.addEntry(shared, entry, prefix, depth);
    }
    for (const code of new Set([container, failure])) if (code) this.fail(prefix, code);
  }

  private async addEntry(volume: Volume, entry: Entry, prefix: string, depth: number): Promise<void> {
    if (this.members.length >= limits.logs) {
      this.full = true;
      this.fail('', 'EENTRIES');
      return;
    }
    const name = this.unique(prefix + entry.name),
      kept = keptOf(volume, entry);
    if (!isMethod(entry.method)) kept.failure ??= 'EMETHOD';
    let archive: Archive | undefined;
    try {
      archive = kept.failure ? undefined : await archiveIn(volume, entry, { ...volume, ...shareOf(volume, entry) });
    } catch (error) {
      kept.failure = (error as { code?: string }).code ?? 'EIO';
    }
    if (archive && depth >= limits.depth) kept.failure = 'EDEPTH';
    else if (archive) return this.add(archive, `${name}/`, depth + 1);
    this.members.push({
      entry: name,
      size: entry.unpacked ?? entry.size,
      modified: entry.modified,
      identity: undefined,
      kept,
    });
  }

  /** Something is wrong with an archive as a whole. */
  private fail(prefix: string, failure: string): void {
    const entry = prefix === '' ? undefined : prefix.slice(0, -1);
    this.members.push(failed(entry, failure));
  }

  /** The second `mail.log` is `mail.log (2)`. */
  private unique(given: string): string {
    let name = given;
    for (let n = this.names.get(given) ?? 1; this.names.has(name); n++) {
      name = `${given} (${n + 1})`;
      this.names.set(given, n + 1);
    }
    this.names.set(name, 1);
    return name;
  }
}

/** The part of the packed bytes, and of the slack, that an entry has. */
function shareOf(volume: Volume, { size }: Entry): Pick<Volume, 'packed' | 'slack'> {
  return { packed: Math.ceil((volume.packed * size) / Math.max(1, volume.size)), slack: volume.slack };
}

function keptOf(volume: Volume, entry: Entry): Kept {
  const { from, size, method, unpacked, crc32, failure } = entry,
    { packed, slack } = shareOf(volume, entry);
  return {
    descriptor: volume.unnamed ? volume.descriptor : undefined,
    from: volume.from + from,
    size,
    method,
    unpacked,
    crc32,
    most: mostOf(packed, slack),
    failure,
  };
}

/** The archive that an entry is, if it is one: where it stands, or in a file without a name. */
async function archiveIn(volume: Volume, entry: Entry, share: Volume): Promise<Archive | undefined> {
  const place = { ...share, from: volume.from + entry.from, size: entry.size },
    inPlace = entry.method === undefined,
    end = inPlace ? bytesAt(place, Math.max(0, place.size - endSize), endSize) : Buffer.alloc(0);
  const head = await headIn(place, entry),
    list = listerOf(head, end);
  if (list && inPlace) return { volume: place, list };
  const packed = packing(head) !== undefined,
    inside = packed ? listerOf(await headOf(asStored(entryBytes(place, entry, ignore), ignore))) : list;
  if (!inside) return undefined;
  let failure: string | undefined;
  const report: Report = (code) => {
    failure ??= code;
  };
  const bound = mostOf(share.packed, share.slack),
    bytes = entryBytes(place, entry, report),
    { descriptor, size } = await withoutName(
      packed ? asStored(bytes, report, () => bound) : bounded(bytes, () => bound),
    );
  return { volume: { ...share, descriptor, from: 0, size, unnamed: true }, list: inside, failure };
}

function ignore(): void {}

/** The unpacked bytes of an entry that stands here. */
function entryBytes({ descriptor, from, size }: Volume, entry: Entry, report: Report): Chunks {
  const stored = blocks(descriptor, { from, to: from + size }, undefined, false);
  return bytesOf(stored, { ...entry, most: Infinity }, report);
}

function listerOf(head: Buffer, end: Buffer = Buffer.alloc(0)): Archive['list'] | undefined {
  return isZip(head, end) ? listZip : isTar(head) ? listTar : undefined;
}

/** The first unpacked bytes of an entry; of the usual ones without what reading many bytes needs. */
function headIn(place: Volume, entry: Entry): Buffer | Promise<Buffer> {
  if (!entry.method) return bytesAt(place, 0, headSize);
  if (entry.method !== 8) return headOf(entryBytes(place, entry, ignore));
  try {
    const finishFlush = constants.Z_SYNC_FLUSH;
    return inflateRawSync(bytesAt(place, 0, headSize * 2), { finishFlush }).subarray(0, headSize);
  } catch {
    return headOf(entryBytes(place, entry, ignore));
  }
}

/** The first bytes; none where they can't be read. */
async function headOf(chunks: Chunks): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  let length = 0;
  try {
    for await (const chunk of chunks) {
      parts.push(Uint8Array.from(chunk.subarray(0, headSize)));
      length += chunk.length;
      if (length >= headSize) break;
    }
  } catch {
    /* Reading it for its figures tells what is wrong with it. */
  }
  return Buffer.concat(parts).subarray(0, headSize);
}
