import { open } from 'node:fs/promises';
import type { Growing, LogReader } from '../core/reading/logreader';
import { identityOf } from './blocks';
import { bytesAt, endSize, Followed, type Relation } from './followed';
import { FollowedLogs, headSize, isThere, sourceOf, type Place } from './followedlogs';
import { contentOf, isOlder, OlderLogs } from './olderlogs';
import { currentOf, listed, listRotation, type Listed } from './rotation';
import { isPlain, packing } from './unpack';

/** Milliseconds without a new line after which a log that was rotated is taken to be complete. */
const patience = 30_000;
/** Most times that files are listed in one look, while they are renamed. */
const mostPasses = 20;
/** Most logs that are known at once whose files are gone. */
const mostLogs = 1000;

/**
 * Follows the plain files of a data set as they grow and rotate. All logs, those that were read and those that come, stand
 * in one list, by their content: its beginning, and what stands before the place up to which it was read. So a log
 * is counted once, however it is renamed, copied, compressed or saved again. One that has lost its path stays open
 * while somebody may still write to it. Where lines may have been missed, the report says so. A line counts once it
 * has its line end.
 */
export class Follower {
  private readonly all: FollowedLogs;

  private constructor(
    private readonly data: LogReader,
    private readonly older: OlderLogs,
    private readonly now: () => number,
  ) {
    this.all = new FollowedLogs(data, now());
  }

  /**
   * @param older the logs beside those of the data set before these were read: they need not be read. Default: those
   * that are there now.
   */
  static async start(data: LogReader, { now = Date.now, older }: { now?: () => number; older?: OlderLogs } = {}) {
    const growing = data.growing(),
      paths = growing.map(({ path }) => path);
    const follower = new Follower(data, older ?? (await OlderLogs.beside(paths, inodesOf(growing))), now);
    for (const one of growing) await follower.begin(one);
    return follower;
  }

  /** Reads what is new in all files; returns whether there was anything. */
  async step(): Promise<boolean> {
    const now = this.now(),
      before = this.all.places.map(({ log }) => log);
    this.all.seen.clear();
    let changed = false;
    for (let pass = 0; pass < mostPasses; pass++) {
      this.all.cut = false;
      changed = (await this.readAll(now)) || changed;
      // While files are listed, they may be renamed; then they are listed anew.
      if (!(await this.lookAround(now)) && !this.all.cut) break;
      changed = true;
    }
    this.all.places.forEach((place, i) => this.checkChain(place, before[i], now));
    changed = (await this.closeIdle(now)) || changed;
    this.all.lastLook = now;
    return changed;
  }

  async stop(): Promise<void> {
    await Promise.all(this.all.logs.map((log) => log.letGo()));
  }

  private async begin({ index, path, read, elsewhere, known, identity, head }: Growing): Promise<void> {
    const now = this.now(),
      place: Place = { path, index, log: undefined, current: currentOf(path) === path };
    this.all.places.push(place);
    if (!known) {
      // Its lines come when there is a log.
      const file = await open(path, 'r').catch(() => undefined);
      place.log = new Followed(path, now);
      place.log.index = index;
      if (file) await place.log.hold(file);
      this.all.logs.push(place.log);
      return;
    }
    const log = new Followed(path, now);
    Object.assign(log, { index, elsewhere, fresh: false, offset: read, inode: identity });
    log.head = Buffer.from(head.subarray(0, Math.min(endSize, read)));
    log.tail = read <= log.head.length ? log.head : undefined;
    place.log = log;
    this.all.logs.push(log);
    if (!isPlain(head)) return;
    // What was read may have been rotated since.
    const there = (await listRotation(currentOf(path))).concat((await listed(path)) ?? []);
    const file = await open(there.find(({ inode }) => inode === identity)?.path ?? path, 'r').catch(() => undefined);
    if (!file) return;
    if (identityOf(await file.stat()) !== identity) {
      await file.close();
      return;
    }
    await log.hold(file);
    if (!(await log.isIntact())) return;
    const tail = await bytesAt(file, Math.max(0, read - endSize), read);
    if (elsewhere) log.offset -= tail.length - 1 - tail.lastIndexOf(10);
    log.tail = tail.subarray(0, tail.length - (read - log.offset));
  }

  /** Reads on in the logs that are open. */
  private async readAll(now: number): Promise<boolean> {
    let changed = false;
    for (const log of [...this.all.logs]) {
      if (!log.handle) continue;
      changed = (log.fresh ? await this.decide(log, now) : await this.all.readOn(log, now)) || changed;
    }
    return changed;
  }

  /**
   * Finds out whether a new file has the content of a log that is known. Until it has as much of it, it may be in the
   * making.
   * @param last nothing more will come.
   */
  private async decide(log: Followed, now: number, last = false): Promise<boolean> {
    const { size } = await log.handle!.stat();
    if (size !== log.size) log.quietSince = now;
    log.size = size;
    if (!(await hasContent(log, last))) return false;
    const { other, relation } = await this.relative(log);
    if (relation === 'begins' && !last && now - log.quietSince < patience) return false;
    if (other) return this.isSame(log, other, relation === 'holds' ? other.offset : size);
    return this.beginAnew(log, now, last);
  }

  /** The log of which a new file has the content. */
  private async relative(log: Followed): Promise<{ other?: Followed; relation: Relation }> {
    for (const other of this.all.logs) {
      const relation = other === log || other.fresh ? 'other' : await other.relation(log.handle!, log.size);
      if (relation !== 'other') return { other, relation };
    }
    return { relation: 'other' };
  }

  private async beginAnew(log: Followed, now: number, last: boolean): Promise<boolean> {
    const source = await sourceOf(log);
    if (log.index === undefined) log.index = await this.data.succeed(this.all.placeOf(log).index, source);
    else if (!(await this.data.recognise(log.index, source))) return false;
    log.fresh = false;
    this.all.name(log);
    await this.all.readOn(log, now, last);
    return true;
  }

  /** A new file has so many bytes of a log that is known: it takes its place if that is gone. */
  private async isSame(log: Followed, other: Followed, size: number): Promise<boolean> {
    if (size < other.offset || (await isThere(other))) {
      log.standAt(other);
      if (size < other.offset) {
        log.offset = size;
        log.head = log.head.subarray(0, size);
        log.tail = await bytesAt(log.handle!, Math.max(0, size - endSize), size);
      }
      Object.assign(log, { fresh: false, elsewhere: true });
      return true;
    }
    this.all.partFrom(other);
    Object.assign(other, { handle: log.handle, inode: log.inode, path: log.path, size: 0 });
    this.all.logs.splice(this.all.logs.indexOf(log), 1);
    for (const place of this.all.places) if (place.log === log) place.log = other;
    this.all.seen.add(other);
    this.all.name(other);
    return true;
  }

  /** Looks at all files that may be logs of a rotation; returns whether there is a new one. */
  private async lookAround(now: number): Promise<boolean> {
    const roots = new Set(this.all.places.map(({ path }) => currentOf(path)));
    const files = new Map((await Promise.all([...roots].map(listRotation))).flat().map((file) => [file.path, file]));
    const ordered = [...files.values()].sort((a, b) => a.info.mtimeMs - b.info.mtimeMs);
    let changed = false;
    for (const place of this.all.places) files.delete(place.path);
    for (const packed of [false, true])
      for (const file of ordered)
        if (files.has(file.path) && isPackedName(file.path) === packed) changed = (await this.lookAt(file)) || changed;
    for (const place of this.all.places) changed = (await this.lookAtPlace(place, now)) || changed;
    return changed;
  }

  /** A path of the data set may name another file by now. */
  private async lookAtPlace(place: Place, now: number): Promise<boolean> {
    const file = await listed(place.path);
    if (!file) return false;
    const log = this.all.opened(file);
    if (log) {
      place.log = log;
      return false;
    }
    if (!place.log?.handle && place.log?.inode === file.inode && this.all.stateKnown(file)) return false;
    const handle = await open(file.path, 'r').catch(() => undefined);
    if (!handle) return false;
    if (packing(await bytesAt(handle, 0, endSize))) {
      await handle.close();
      return this.lookAt(file);
    }
    const next = place.log?.fresh && !place.log.handle ? place.log : new Followed(file.path, now);
    await next.hold(handle);
    const same = this.all.logs.find((one) => one !== next && one.handle !== undefined && one.inode === next.inode);
    if (same) {
      await next.letGo();
      return true;
    }
    if (!this.all.logs.includes(next)) this.all.logs.push(next);
    place.log = next;
    return true;
  }

  /** A file beside the followed ones. */
  private async lookAt(file: Listed): Promise<boolean> {
    if (this.all.opened(file)) return false;
    const state = this.all.stateKnown(file);
    if (state) {
      if (state.log) this.all.seen.add(state.log);
      return false;
    }
    const content = await contentOf(file);
    if (!content || content.head.length === 0) return false;
    try {
      // It was renamed since it was listed.
      if (this.all.logs.some(({ handle, inode }) => handle !== undefined && inode === content.inode)) return true;
      if (this.older.has(content)) {
        this.all.keep(file);
        return false;
      }
      for (const log of this.all.logs) {
        if (log.fresh || !(await content.mayBe(log))) continue;
        this.all.seen.add(log);
        if (log.handle && (await isThere(log))) {
          this.all.keep(file, log);
          return false;
        }
        return await this.goOnIn(file, content, log);
      }
      return await this.comeAndGone(file, content);
    } finally {
      await content.close();
    }
  }

  /** A log that is not open may have more lines in this file, which holds it. */
  private async goOnIn(
    file: Listed,
    content: Awaited<ReturnType<typeof contentOf>> & object,
    log: Followed,
  ): Promise<boolean> {
    const whole = await content.isWhole(log.offset);
    if (!whole) return false;
    this.all.keep(file, log);
    if (whole.size <= log.offset) return false;
    this.all.partFrom(log);
    if (content.file) {
      await log.hold(content.keepOpen());
      log.quietSince = this.now();
    } else {
      await this.all.prepare(log);
      await content.read(log.offset, (lines) => this.all.pass(log, lines, file));
    }
    log.path = file.path;
    this.all.name(log);
    return true;
  }

  /** A log that nobody has seen while it was written. */
  private async comeAndGone(file: Listed, content: Awaited<ReturnType<typeof contentOf>> & object): Promise<boolean> {
    const place =
      this.all.places.find(({ path, current }) => current && isOlder(file.path, path)) ?? this.all.places[0];
    if (!(await this.data.isAlike(place.index, content.source))) {
      this.all.keep(file);
      return false;
    }
    const whole = await content.isWhole(0);
    if (!whole) return false;
    const log = new Followed(file.path, this.now());
    log.index = await this.data.succeed(place.index, content.source);
    log.fresh = false;
    this.all.logs.push(log);
    this.all.seen.add(log);
    if (content.file) {
      await log.hold(content.keepOpen());
      // At once: others are compared with what was read.
      await this.all.readOn(log, this.now());
    } else {
      await content.read(0, (lines) => this.all.pass(log, lines, file));
      this.all.keep(file, log);
    }
    return true;
  }

  /** Where the log that was written is under none of its names any more, others may have come and gone too. */
  private checkChain(place: Place, before: Followed | undefined, now: number): void {
    const { log } = place;
    const index = before?.index;
    if (log?.index !== undefined) place.index = log.index;
    if (!place.current || !before || before === log || index === undefined) return;
    if (!this.all.logs.includes(before) || this.all.seen.has(before)) return;
    // A log that was cut has been told of.
    if (!before.handle && before.inode === undefined) return;
    this.data.miss(index, this.all.lastLook, now);
  }

  /** A log that no path of the data set names, and to which nobody has written for long, has no further lines. */
  private async closeIdle(now: number): Promise<boolean> {
    let changed = false;
    for (const log of [...this.all.logs]) {
      if (!log.handle || now - log.quietSince < patience || this.all.places.some((place) => place.log === log))
        continue;
      changed = (log.fresh ? await this.decide(log, now, true) : await this.all.readOn(log, now, true)) || changed;
      const file = await listed(log.path);
      if (file?.inode === log.inode) this.all.keep(file!, log);
      await log.letGo();
      if (log.fresh) this.all.logs.splice(this.all.logs.indexOf(log), 1);
    }
    while (this.all.logs.length > mostLogs) {
      const closed = this.all.logs.findIndex(
        (log) => !log.handle && !this.all.seen.has(log) && !this.all.places.some((place) => place.log === log),
      );
      if (closed < 0) break;
      this.all.logs.splice(closed, 1);
    }
    return changed;
  }
}

function inodesOf(growing: readonly Growing[]): Set<string> {
  return new Set(growing.flatMap(({ identity }) => identity ?? []));
}

function isPackedName(path: string): boolean {
  return /\.(?:gz|zst|xz|bz2)$/.test(path);
}

/** Whether a new file has enough content to be known by: a line. */
async function hasContent({ handle, size }: Followed, last: boolean): Promise<boolean> {
  const head = await bytesAt(handle!, 0, Math.min(size, headSize));
  return head.length > 0 && (last || size > headSize || head.includes(10)) && isPlain(head);
}
