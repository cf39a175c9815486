import type { StatePart } from '../../reading/state';
import { afterHeader, trackingLayout, type TrackingLayout } from './layout';

/** The header lines that were read in each file. What a file's head says is known without them. */
export class HeaderLines implements StatePart {
  private files: (string[] | undefined)[] = [];

  /** @param merged called when the header lines of another segment were added. */
  constructor(private readonly merged: () => void) {}

  /** Keeps the last header line of each kind. */
  add(file: number, line: string): void {
    const key = /^#(?:fields|log-type):/i.exec(line)?.[0].toLowerCase();
    if (key === undefined) return;
    const others = (this.files[file] ?? []).filter((other) => !other.toLowerCase().startsWith(key));
    this.files[file] = [...others, line];
  }

  /** The layout behind the header lines of a file. */
  layout(file: number, head: Uint8Array): TrackingLayout {
    return (this.files[file] ?? []).reduce(afterHeader, trackingLayout(head));
  }

  /** Whether the columns were named here, and not only in the head of the file. */
  hasColumns(file: number): boolean {
    return this.files[file]?.some((line) => /^#fields:/i.test(line)) ?? false;
  }

  merge(right: HeaderLines): void {
    right.files.forEach((lines, file) => {
      for (const line of lines ?? []) this.add(file, line);
    });
    this.merged();
  }

  save(): unknown {
    return this.files;
  }

  load(saved: unknown): void {
    this.files = saved as (string[] | undefined)[];
  }
}
