import { watch, type FSWatcher } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { LogOutputChannel } from 'vscode';
import type { OpenFiles } from './openfiles';
import { Disposing } from '../dispose';
import type { Store } from './store';

/** Least milliseconds from a change to a look at it; servers write logs line by line and rotate them in two steps. */
const pause = 1000;
/** How many times as long as the last reading took a log that keeps growing is left alone. */
const rest = 10;
/** Most folders that are watched. */
const mostFolders = 100;

/**
 * Watches the files of the data set and tells it of those that changed on disk. Folders are watched, so that a file
 * that is replaced stays watched.
 */
export class FileChanges extends Disposing {
  private readonly watchers = new Map<string, FSWatcher>();
  private readonly pending = new Set<string>();
  private timer: NodeJS.Timeout | undefined;
  private paths = new Set<string>();

  constructor(
    private readonly store: Store,
    private readonly openFiles: OpenFiles,
    private readonly log: LogOutputChannel,
  ) {
    super();
    let known = store.state.files;
    this.own(
      store.onDidChange(({ files }) => {
        if (files === known) return;
        known = files;
        this.follow(files.map(({ path }) => path));
      }),
    );
    this.own({
      dispose: () => {
        this.follow([]);
        clearTimeout(this.timer);
      },
    });
  }

  private follow(paths: readonly string[]): void {
    this.paths = new Set(paths);
    const folders = new Set(paths.map((path) => dirname(path)));
    for (const [folder, watcher] of this.watchers)
      if (!folders.has(folder)) {
        watcher.close();
        this.watchers.delete(folder);
      }
    for (const folder of folders)
      if (!this.watchers.has(folder) && this.watchers.size < mostFolders) this.watch(folder);
  }

  private watch(folder: string): void {
    try {
      // Some systems do not say which file it was; then all of the folder are looked at.
      const watcher = watch(folder, { persistent: false }, (_, name) =>
        this.changed(
          name === null ? [...this.paths].filter((path) => dirname(path) === folder) : [join(folder, basename(name))],
        ),
      );
      watcher.on('error', (error) => {
        this.log.warn(`${folder}: no longer watched (${(error as { code?: string }).code})`);
        watcher.close();
      });
      this.watchers.set(folder, watcher);
    } catch (error) {
      this.log.warn(`${folder}: cannot be watched (${(error as { code?: string }).code})`);
    }
  }

  private changed(paths: readonly string[]): void {
    for (const path of paths) if (this.paths.has(path)) this.pending.add(path);
    if (this.pending.size > 0)
      this.timer ??= setTimeout(() => this.look(), Math.max(pause, rest * this.openFiles.lastDuration));
  }

  private look(): void {
    // A log that grows while it is read must not be begun again and again.
    if (this.store.state.reading) {
      this.timer = setTimeout(() => this.look(), pause);
      return;
    }
    this.timer = undefined;
    const paths = [...this.pending];
    this.pending.clear();
    void this.openFiles.lookAt(paths);
  }
}
