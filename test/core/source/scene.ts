import assert from 'node:assert/strict';
import {
  appendFileSync,
  closeSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  utimesSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { LogReader } from '../../../src/core/reading/logreader';
import { openGrowing } from '../../../src/source/file';
import { Follower } from '../../../src/source/follow';
import { OlderLogs } from '../../../src/source/olderlogs';
import { optionsOf, report } from '../reading/read';

const begin = Date.UTC(2026, 10, 1);

/** What happens to a log; `told`: lines may be lost, and then the report says so. */
export interface Story {
  name: string;
  told?: boolean;
  /** Other problems that the report tells. */
  others?: string[];
  run(scene: Scene): Promise<void>;
}

/** What following a log has made of the lines that were written. */
export interface Outcome {
  /** Lines that stand in no figure, and such that stand in them more than once. */
  lost: number[];
  doubled: number[];
  /** Whether the report says that lines may be missing, from when to when. */
  told: boolean;
  /** Whether any other problem is told. */
  others: string[];
}

/**
 * A log on disk, who writes and rotates it, and a report that follows it. Each line is a message of a minute of its own,
 * so that the sums by minute tell which lines were counted, and how often.
 */
export class Scene {
  readonly folder = mkdtempSync(join(tmpdir(), 'mail-flow-scene-'));
  readonly log = this.path('mail.log');
  /** Lines that are to be counted. */
  private readonly due: number[] = [];
  private lines = 0;
  private copies = 0;
  private old: ((content: string) => void) | undefined;
  private time = 1_800_000_000_000;
  private data: LogReader | undefined;
  private follower: Follower | undefined;
  private older: OlderLogs | undefined;
  private readonly descriptors: number[] = [];

  path(name: string): string {
    return join(this.folder, name);
  }

  /** So many new lines, which the report is to count. */
  text(count = 1): string {
    let all = '';
    for (let i = 0; i < count; i++) {
      this.due.push(++this.lines);
      all += lineOf(this.lines);
    }
    return all;
  }

  /** There is no log yet. */
  nothing(): void {
    this.remove('mail.log');
    this.due.length = 0;
  }

  /** The same of lines that are not to be counted. */
  otherText(count = 1): string {
    const all = this.text(count);
    this.due.length -= count;
    return all;
  }

  write(count = 1, name = 'mail.log'): void {
    this.endHalf();
    appendFileSync(this.path(name), this.text(count));
  }

  put(name: string, content: string | Uint8Array): void {
    writeFileSync(this.path(name), content);
  }

  append(name: string, content: string): void {
    appendFileSync(this.path(name), content);
  }

  content(name: string): Buffer {
    return readFileSync(this.path(name));
  }

  /** A descriptor of a writer that goes on with the same file, whatever its name. */
  writer(name = 'mail.log'): (content: string) => void {
    const file = openSync(this.path(name), 'a');
    this.descriptors.push(file);
    return (content) => writeSync(file, content);
  }

  /** A file that keeps the number of an inode from being given to another. */
  rename(from: string, to: string): void {
    renameSync(this.path(from), this.path(to));
  }

  remove(name: string): void {
    rmSync(this.path(name), { force: true });
  }

  cut(name = 'mail.log'): void {
    if (!existsSync(this.path(name))) return;
    this.endHalf();
    truncateSync(this.path(name), 0);
  }

  copy(from: string, to: string): void {
    copyFileSync(this.path(from), this.path(to));
  }

  folderOf(name: string): void {
    mkdirSync(this.path(name));
  }

  /** gzip: the packed file appears, the original goes, the times stay. */
  pack(name: string, to = `${name}.gz`): void {
    this.put(to, gzipSync(this.content(name)));
    this.remove(name);
  }

  touch(name: string, time: number): void {
    utimesSync(this.path(name), time, time);
  }

  /** `mail.log` to `mail.log.1`, that to `mail.log.2` …, as logrotate's `create` does it; the oldest is removed. */
  rotate(keep = 9, create = true): void {
    this.remove(`mail.log.${keep}`);
    for (let n = keep - 1; n >= 1; n--)
      if (existsSync(this.path(`mail.log.${n}`))) this.rename(`mail.log.${n}`, `mail.log.${n + 1}`);
    if (existsSync(this.log)) this.rename('mail.log', 'mail.log.1');
    if (create) this.put('mail.log', '');
  }

  /** Half a line; its rest comes with what is written next. */
  writeHalf(): void {
    this.endHalf();
    const text = this.text();
    this.append('mail.log', text.slice(0, 60));
    const write = this.writer();
    this.endHalf = () => {
      write(text.slice(60));
      this.endHalf = () => {};
    };
  }

  /** Writes the rest of a line through the descriptor that has its first half. */
  endHalf: () => void = () => {};

  /** A writer of the log as it was when this was first called goes on. */
  writeOld(): void {
    if (!existsSync(this.log)) return;
    this.endHalf();
    this.old ??= this.writer();
    this.old(this.text());
  }

  /** Compresses the oldest log; nobody writes to it any more. */
  packOldest(): void {
    for (let n = 30; n >= 2; n--)
      if (existsSync(this.path(`mail.log.${n}`)) && n > 4) {
        this.endHalf();
        this.old = undefined;
        this.pack(`mail.log.${n}`);
        return;
      }
  }

  /** The log is saved as it is; a writer begins anew with the new file. */
  saveAgain(byRename = false): void {
    if (!existsSync(this.log)) return;
    this.endHalf();
    this.old = undefined;
    this.put(byRename ? 'new' : 'mail.log', this.content('mail.log'));
    if (byRename) this.rename('new', 'mail.log');
  }

  /** The report has seen lines of the log: of one that is made, written and cut between two looks nothing is left. */
  async whileSeen(cut: () => void): Promise<void> {
    this.write();
    await this.look();
    this.write();
    cut();
  }

  copyAndCut(): void {
    if (!existsSync(this.log)) return;
    this.endHalf();
    this.copy('mail.log', `mail.log-${20260000 + ++this.copies}`);
    this.cut();
  }

  async open(names: readonly string[] = ['mail.log']): Promise<void> {
    this.older = await OlderLogs.beside(names.map((name) => this.path(name)));
    const sources = (await Promise.all(names.map((name) => openGrowing(this.path(name))))).flat();
    this.data = await LogReader.open(sources, optionsOf({}));
  }

  async follow(): Promise<void> {
    this.follower = await Follower.start(this.data!, { now: () => this.time, older: this.older });
  }

  async start(names?: readonly string[]): Promise<void> {
    await this.open(names);
    await this.follow();
  }

  /** The report looks at its logs. */
  async look(times = 1): Promise<void> {
    for (let i = 0; i < times; i++) {
      this.time += 250;
      await this.follower!.step();
    }
  }

  /** So many seconds go by, in which the report looks at its logs. */
  async wait(seconds: number): Promise<void> {
    for (let i = 0; i < seconds; i++) {
      this.time += 1000;
      await this.follower!.step();
    }
  }

  outcome(): Outcome {
    const analysis = this.data!.soFar(),
      { cells } = analysis.cube,
      counts = new Map<number, number>();
    for (let i = 0; i < cells.length; i++) {
      const line = cells.minute[i] - begin / 60_000;
      counts.set(line, (counts.get(line) ?? 0) + cells.messages[i]);
    }
    const { due } = this;
    const problems = analysis.files.flatMap((file) => file.problems.map((problem) => ({ ...problem, file })));
    const gaps = problems.filter(({ code }) => code === 'not-followed' && true);
    const { inputs } = report(analysis);
    assert.ok(inputs.every(({ lines }) => lines.read === lines.used + lines.context + lines.skipped));
    return {
      lost: due.filter((line) => !counts.has(line)),
      doubled: [...counts].filter(([line, count]) => count > 1 || !due.includes(line)).map(([line]) => line),
      told: gaps.length > 0 && gaps.every(({ file }) => file.state === 'partial'),
      others: problems.filter(({ code }) => code !== 'not-followed').map(({ code }) => code),
    };
  }

  async end(): Promise<void> {
    await this.follower?.stop();
    for (const file of this.descriptors) closeSync(file);
    rmSync(this.folder, { recursive: true });
  }
}

function lineOf(n: number): string {
  const stamp = new Date(begin + n * 60_000).toISOString().replace('.000Z', '+00:00');
  return (
    `${stamp} mx postfix/smtp[7]: ${(0x10000000 + n).toString(16).toUpperCase()}: to=<r@example.com>, ` +
    'relay=mx.example[192.0.2.1]:25, delay=1, delays=0/0/0/1, tls=may:none, dsn=2.0.0, ' +
    `status=sent (250 ok ${n})\n`
  );
}
