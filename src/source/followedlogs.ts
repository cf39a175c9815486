import type { FileHandle } from 'node:fs/promises';
import type { LogReader } from '../core/reading/logreader';
import type { Source } from '../core/reading/source';
import { identityOf } from './blocks';
import { openEntry } from './file';
import { bytesAt, Followed, linesIn } from './followed';
import { isOlder } from './olderlogs';
import { listed, type Listed } from './rotation';

/** The first bytes of a log, by which its format is recognised. */
export const headSize = 64 * 1024;

/** A path of the data set, and the log that it names. */
export interface Place {
  path: string;
  /** Position in the data set of the log that it named last and that has lines. */
  index: number;
  log: Followed | undefined;
  /** Its log is the one that is being written; else an older one. */
  current: boolean;
}

/** All logs of a data set that is followed, those that were read and those that came, and what is known of files. */
export class FollowedLogs {
  readonly logs: Followed[] = [];
  readonly places: Place[] = [];
  /** Logs that were found under some name in this look. */
  readonly seen = new Set<Followed>();
  /** A file has lost its content, and may have another one. */
  cut = false;
  /** What was made of files that are not open, by path. */
  private readonly known = new Map<string, { state: string; log?: Followed }>();

  /** @param lastLook when all of them were looked at. */
  constructor(
    private readonly data: LogReader,
    public lastLook: number,
  ) {}

  async readOn(log: Followed, now: number, last = false): Promise<boolean> {
    const became = await log.readOn(
      async (lines, info) => {
        await this.prepare(log);
        // That line was not complete after all.
        if (log.split) this.data.miss(log.index!, this.lastLook, now);
        this.data.append(log.index!, lines, info);
      },
      now,
      last,
    );
    if (became === 'cut') await this.lost(log, now);
    return became !== 'same';
  }

  /** A log whose lines are counted elsewhere has one of its own. */
  async prepare(log: Followed): Promise<void> {
    if (!log.elsewhere) return;
    log.elsewhere = false;
    const lines = await linesIn(log.handle!, log.offset);
    log.index ??= await this.data.succeed(this.placeOf(log).index, await sourceOf(log));
    this.data.leaveOutStart(log.index, lines, log.offset);
    this.name(log);
  }

  /** The file of a log holds something else now. What the log had may still be in a copy. */
  async lost(log: Followed, now: number): Promise<void> {
    const rest = new Followed(log.path, now);
    Object.assign(rest, { handle: log.handle, inode: log.inode });
    Object.assign(log, { handle: undefined, inode: undefined });
    for (const [path, known] of this.known) if (known.log === log) this.known.delete(path);
    for (const place of this.places) if (place.log === log) place.log = rest;
    this.logs.push(rest);
    this.cut = true;
    this.data.miss(log.index ?? this.placeOf(log).index, this.lastLook, now);
  }

  /** Another file holds a log now. Somebody may still write to the one that held it, which has no path any more. */
  partFrom(log: Followed): void {
    if (!log.handle) return;
    const rest = new Followed(log.path, log.quietSince);
    rest.standAt(log);
    Object.assign(rest, { handle: log.handle, inode: log.inode, size: log.size, fresh: false, elsewhere: true });
    log.handle = undefined;
    this.logs.push(rest);
  }

  pass(log: Followed, lines: Uint8Array, { info }: Listed): void {
    this.data.append(log.index!, lines, info);
    log.pass(lines);
  }

  /** The log of a file that is open. */
  opened({ inode, path }: Listed): Followed | undefined {
    const log = this.logs.find((one) => one.handle !== undefined && one.inode === inode);
    if (!log) return undefined;
    this.seen.add(log);
    if (log.path !== path) {
      log.path = path;
      this.name(log);
    }
    return log;
  }

  name({ index, path }: Followed): void {
    if (index !== undefined) this.data.move(index, path);
  }

  stateKnown(file: Listed): { state: string; log?: Followed } | undefined {
    const known = this.known.get(file.path);
    return known?.state === stateOf(file) ? known : undefined;
  }

  keep(file: Listed, log?: Followed): void {
    this.known.set(file.path, { state: stateOf(file), log });
  }

  placeOf(log: Followed): Place {
    return (
      this.places.find((place) => place.log === log) ??
      this.places.find(({ path }) => isOlder(log.path, path)) ??
      this.places[0]
    );
  }
}

function stateOf({ inode, info }: Listed): string {
  return `${inode} ${info.size} ${info.mtimeMs} ${info.ctimeMs}`;
}

/** Whether a log still has a file of its own. */
export async function isThere({ handle, path, inode }: Followed): Promise<boolean> {
  if (handle) return (await handle.stat()).nlink > 0;
  return inode !== undefined && (await listed(path))?.inode === inode;
}

/** The file of a log as a source; its path may name another one by now. */
export async function sourceOf({ path, handle }: Followed): Promise<Source> {
  const info = await (handle as FileHandle).stat(),
    head = await bytesAt(handle as FileHandle, 0, headSize);
  const as = { size: info.size, modified: info.mtimeMs, changed: info.ctimeMs, identity: identityOf(info) };
  return Object.assign(await openEntry(path, undefined, as), { head: async () => head });
}
