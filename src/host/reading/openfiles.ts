import { stat } from 'node:fs/promises';
import { commands, type LogOutputChannel } from 'vscode';
import type { Analysis } from '../../core/reading/analysis';
import type { Analyser } from './analyser';
import { Disposing } from '../dispose';
import { findFiles, mostFiles } from './files';
import {
  tellEmpty,
  tellFailure,
  tellLost,
  tellRefused,
  tellTooMany,
  tellUnreadable,
  tellUnrecognised,
} from './filemessages';
import { showProgress } from './progress';
import { knowFormats } from './recognise';
import type { LogFile, Store } from './store';

/**
 * Who asked: a command of the user, an editor that shows a log, a change on disk, or a window that comes back as it
 * was.
 */
export type Origin = 'user' | 'editor' | 'disk' | 'restore';

interface Reading {
  origin: Origin;
  /** Complete figures of these files, or some of them: a reading that fails must not take them away. */
  before?: Analysis;
  /** Paths that the user named, so that an unknown format is worth a message. In a folder there may be anything. */
  named: readonly string[];
  retry(): void;
}

/** The data set: which files it has, and the reading of them. Views only see what it puts into the store. */
export class OpenFiles extends Disposing {
  /** Whether the user chose the files; then opening another log in an editor does not replace them. */
  chosen = false;
  /** Milliseconds that the last reading took. */
  lastDuration = 0;
  /** Size and time of each file when it was read; empty for a file that was not there. */
  private marks: ReadonlyMap<string, string> = new Map();
  private turn = 0;
  /** Whether logs are followed as they grow. */
  private following = false;

  /**
   * @param summaries the folder in which the worker keeps summaries of large logs, so that a log that has grown is not
   * read from its start.
   */
  constructor(
    private readonly store: Store,
    private readonly analyser: Analyser,
    private readonly log: LogOutputChannel,
    private readonly summaries: string,
  ) {
    super();
  }

  /**
   * Files and folders in place of those there were. @returns whether there is a log among them; if not, all stays as it
   * was.
   */
  async open(paths: readonly string[], origin: Origin): Promise<boolean> {
    const turn = ++this.turn;
    const files = await this.find(paths, origin);
    if (files.length === 0 || turn !== this.turn) return false;
    const before = this.store.state,
      { chosen, marks } = this;
    this.chosen = origin === 'user' || origin === 'restore';
    this.store.update({ files, analysis: undefined, outdated: false });
    const ended = await this.read({ origin, named: paths, retry: () => void this.open(paths, origin) });
    if (ended === 'read' || ended === 'replaced') return ended === 'read';
    if (ended === 'failed' && !before.analysis) return true;
    this.chosen = chosen;
    this.marks = marks;
    this.store.update({
      files: before.files,
      analysis: before.analysis,
      outdated: before.outdated,
      reading: undefined,
    });
    return false;
  }

  /** More files and folders beside those there are. */
  async add(paths: readonly string[]): Promise<void> {
    const found = await this.find(paths, 'user');
    const before = this.store.state,
      known = new Set(before.files.map(({ path }) => path));
    const files = found.filter(({ path }) => !known.has(path));
    if (files.length === 0) return;
    if (before.files.length + files.length > mostFiles) tellTooMany();
    await this.change([...before.files, ...files].slice(0, mostFiles), paths);
  }

  async remove(paths: readonly string[]): Promise<void> {
    const gone = new Set(paths);
    await this.change(this.store.state.files.filter(({ path }) => !gone.has(path)));
  }

  /** Counts files in or leaves them out. */
  async include(changes: ReadonlyMap<string, boolean>): Promise<void> {
    await this.change(
      this.store.state.files.map((file) =>
        changes.has(file.path) ? { ...file, excluded: !changes.get(file.path), waiting: false } : file,
      ),
    );
  }

  /** Reads all files again; at the user's wish also those that waited for a click. */
  async refresh(origin: Origin): Promise<void> {
    const before = this.store.state;
    if (origin === 'user' && before.files.some(({ waiting }) => waiting))
      this.store.update({ files: before.files.map((file) => ({ ...file, waiting: false })) });
    await this.read({ origin, before: whole(before.analysis), named: [], retry: () => void this.refresh('user') });
  }

  /** Follows the logs line by line as they grow and rotate, or no longer. */
  async follow(on: boolean): Promise<void> {
    if (this.following === on) return;
    this.following = on;
    void commands.executeCommand('setContext', 'mailFlow.following', on);
    await this.refresh('disk');
  }

  /** Ends the reading. What it has found so far stays, and is marked as partial. */
  cancel(): void {
    this.analyser.cancel();
  }

  /** Looks at files that may have changed on disk, and reads again where that is cheap. */
  async lookAt(paths: readonly string[]): Promise<void> {
    // The worker looks at them itself.
    if (this.following) return;
    let changed = false;
    for (const path of paths) {
      const mark = await markOf(path),
        file = this.store.state.files.find((one) => one.path === path),
        known = this.marks.get(path);
      if (!file || known === undefined || known === mark || (file.disk === 'gone' && mark === '')) continue;
      changed ||= mark !== '';
      this.mark([path], mark === '' ? 'gone' : 'changed');
      if (mark !== '') continue;
      this.log.warn(`${path}: no longer there; the figures of the last reading stay`);
      tellLost(
        [path],
        () => void this.refresh('user'),
        () => void this.remove([path]),
      );
    }
    const { files, settings } = this.store.state,
      counted = files.filter(isCounted);
    const small = counted.reduce((sum, { size }) => sum + size, 0) <= settings.autoAnalyze.maxBytes;
    if (changed && settings.autoAnalyze.enabled && small && !counted.some(({ disk }) => disk === 'gone'))
      await this.refresh('disk');
  }

  private async find(paths: readonly string[], origin: Origin): Promise<LogFile[]> {
    const found = await findFiles(paths);
    for (const { path, code } of found.refused) this.log.warn(`${path}: ${code}`);
    if (origin === 'user' && found.refused.length > 0)
      tellRefused(found.refused, () => void this.add(found.refused.map(({ path }) => path)));
    else if (origin === 'user' && found.files.length === 0) tellEmpty(paths);
    if (found.more) tellTooMany();
    const { maxBytes } = this.store.state.settings.autoAnalyze;
    return found.files.map(({ path, size }) => ({
      path,
      size,
      excluded: false,
      waiting: origin !== 'user' && size > maxBytes,
      disk: 'same',
    }));
  }

  /** The user changed the list of files. */
  private async change(files: readonly LogFile[], named: readonly string[] = []): Promise<void> {
    const before = this.store.state;
    this.chosen = files.length > 0;
    this.store.update({ files });
    await this.read({ origin: 'user', before: whole(before.analysis), named, retry: () => void this.refresh('user') });
  }

  /**
   * Reads what is counted in. `nothing`: no file is a log; `failed`: the worker gave up; `replaced`: another reading
   * has taken over.
   */
  private async read(reading: Reading): Promise<'read' | 'nothing' | 'failed' | 'replaced'> {
    const { origin, before, retry } = reading;
    this.turn++;
    const wanted = this.store.state.files.filter(isCounted).map(({ path }) => path);
    if (wanted.length === 0) {
      this.analyser.cancel();
      this.marks = new Map();
      this.store.update({ analysis: undefined, reading: undefined, outdated: false });
      return 'read';
    }
    // Their names are shown with the first figures.
    await knowFormats();
    const marks = new Map(await Promise.all(wanted.map(async (path) => [path, await markOf(path)] as const)));
    // Figures of the same files stay on show until there are new ones; those of other files make room.
    const again =
      before !== undefined && marks.size === this.marks.size && wanted.every((path) => this.marks.has(path));
    this.marks = marks;
    this.store.update({ reading: { read: 0, total: 0 }, outdated: false });
    this.log.info(`reading ${wanted.length} files (${origin})`);
    const { settings } = this.store.state,
      started = performance.now();
    const outcome = await showProgress(
      origin === 'user',
      wanted,
      () => this.cancel(),
      (report) =>
        this.analyser.read(
          {
            files: wanted,
            timeZone: settings.zone.name,
            year: settings.year,
            rules: settings.connectors,
            columns: settings.columns,
            hash: false,
            cache: this.summaries,
            follow: this.following,
          },
          (partial) => {
            report(partial.progress);
            this.store.update(again ? { reading: partial.progress } : { reading: partial.progress, analysis: partial });
          },
          (change) => {
            if (!('detail' in change)) {
              this.store.update({ analysis: change });
              return;
            }
            this.log.error(change.detail);
            tellFailure(retry, () => this.log.show());
          },
        ),
    );
    if (outcome.type === 'replaced' || this.disposed) return 'replaced';
    this.lastDuration = performance.now() - started;
    this.log.info(`${outcome.type} after ${Math.round(this.lastDuration)} ms`);
    if (outcome.type === 'done') {
      const ended = this.accept(outcome.analysis, reading);
      await this.store.settled();
      return ended;
    }
    if (outcome.type === 'cancelled') {
      this.store.update({ reading: undefined, outdated: 'cancelled' });
      return 'read';
    }
    this.log.error(outcome.detail);
    tellFailure(retry, () => this.log.show());
    this.store.update({ reading: undefined, analysis: before ?? this.store.state.analysis, outdated: 'failed' });
    return 'failed';
  }

  private accept(analysis: Analysis, { origin, before, named, retry }: Reading): 'read' | 'nothing' {
    for (const { path, state, detail, lines, format } of analysis.files) {
      const became = `${lines.used} used + ${lines.context} context + ${lines.skipped} skipped`;
      const read = `${state}${detail ? ` (${detail})` : ''}, ${format ?? 'no format'}`;
      this.log.info(`${path}: ${read}, ${lines.read} lines = ${became}`);
    }
    const readBefore = new Set(before?.files.filter(({ state }) => state !== 'failed').map(({ path }) => path));
    const lost = analysis.files
      .filter(({ path, state }) => state === 'failed' && readBefore.has(path))
      .map(({ path }) => path);
    if (lost.length > 0) {
      // Without them the figures would become smaller than they were, and nobody would see why.
      this.store.update({ reading: undefined, analysis: before, outdated: 'failed' });
      this.mark(lost, 'gone');
      tellLost(lost, retry, () => void this.remove(lost));
      return 'read';
    }
    const nothing = analysis.files.every(({ format }) => format === null);
    this.store.update({
      reading: undefined,
      analysis,
      files: this.store.state.files.map((file) => ({ ...file, disk: 'same' })),
    });
    const unknown = analysis.files.filter(
      ({ state, path }) => state === 'unrecognised' && (nothing || named.includes(path)),
    );
    if (origin === 'user' && unknown.length > 0)
      void tellUnrecognised(
        unknown.map(({ path }) => path),
        retry,
      );
    const unread = analysis.files.filter(({ state }) => state === 'failed' || state === 'partial');
    if (unread.length > 0) tellUnreadable(unread, retry);
    return nothing ? 'nothing' : 'read';
  }

  private mark(paths: readonly string[], disk: LogFile['disk']): void {
    this.store.update({
      files: this.store.state.files.map((file) => (paths.includes(file.path) ? { ...file, disk } : file)),
    });
  }
}

function whole(analysis: Analysis | undefined): Analysis | undefined {
  return analysis?.complete ? analysis : undefined;
}

function isCounted({ excluded, waiting }: LogFile): boolean {
  return !excluded && !waiting;
}

/** Size and time of a file; empty where it is not there. */
async function markOf(path: string): Promise<string> {
  const info = await stat(path).catch(() => undefined);
  return info ? `${info.size} ${info.mtimeMs}` : '';
}
