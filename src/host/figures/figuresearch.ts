import type { FigureRequest } from '../../protocol';
import type { Analyser, FigureSearch as Search } from '../reading/analyser';
import type { Found } from './figuretext';
import { showProgress } from '../reading/progress';

/** Most lines that are kept, of which VS Code has a copy in each of its processes: of a longer search the last ones. */
const mostRows = 5000;
/**
 * Milliseconds after which a search that nobody goes on with gives its thread back. It is taken up again from the start
 * when it is wanted.
 */
const idle = 120_000;

/** A search for the lines behind a figure, a page at a time, and what it has found. */
export class FigureSearch {
  private search: Search | undefined;
  private timer: NodeJS.Timeout | undefined;
  /** Somebody waits for the page to be full. */
  private waiting: { done(): void; report(progress: { read: number; total: number }): void } | undefined;

  /** @param changed is called whenever there is more to see; `now` where it is the last thing for a while. */
  constructor(
    readonly found: Found,
    private readonly request: FigureRequest,
    private readonly analyser: Analyser,
    private readonly changed: (now: boolean) => void,
  ) {}

  /** Finds the next page, of a search that is new, waits, was cancelled, or has given its thread back. */
  goOn(): void {
    const { found } = this;
    if (this.waiting) return;
    clearTimeout(this.timer);
    found.state = 'searching';
    void showProgress(
      true,
      this.request.files,
      () => this.search?.cancel(),
      (report) =>
        new Promise<void>((done) => {
          this.waiting = { done, report };
          if (this.search) this.search.more();
          else this.start();
        }),
    );
    this.changed(true);
  }

  /** Gives the thread back. What was found stays. */
  rest(): void {
    clearTimeout(this.timer);
    const { search } = this;
    this.search = undefined;
    search?.cancel();
    this.pause();
  }

  get isPaused(): boolean {
    return this.found.state === 'page';
  }

  private start(): void {
    const { found } = this;
    const search = (this.search = this.analyser.figure(
      { ...this.request, skip: found.lines },
      {
        found: (lines, early) => {
          if (early) found.early.push(...lines);
          else {
            for (const row of lines) {
              found.rows.push(row);
              found.messages += row.count;
            }
            found.lines += lines.length;
            if (found.rows.length > mostRows) found.rows.splice(0, found.rows.length - mostRows);
          }
          this.changed(false);
        },
        page: () => {
          found.state = 'page';
          this.timer = setTimeout(() => this.rest(), idle);
          this.pause();
        },
        progress: (progress) => {
          found.progress = progress;
          this.waiting?.report(progress);
          this.changed(false);
        },
      },
    ));
    search.ended.then(
      (result) => {
        // One that rests was ended by us.
        if (this.search !== search) return;
        this.search = undefined;
        found.state = result ? 'done' : 'cancelled';
        found.unread = result?.unread ?? [];
        this.pause();
      },
      () => {
        this.search = undefined;
        found.state = 'failed';
        this.pause();
      },
    );
  }

  private pause(): void {
    // The search has passed them, or its reader has left: what is shown is what was found.
    this.found.early = [];
    this.waiting?.done();
    this.waiting = undefined;
    this.changed(true);
  }
}
