import type { Format } from './format';
import type { FileReport, Milliseconds, Problem } from '../model';
import type { FileContext } from './sink';
import type { Source } from './source';

/** A source with what its head says. */
export interface Input {
  source: Source;
  file: FileContext;
  format: Format | undefined;
  /** The format that reads it: one that carries its own, or the same. */
  reader: Format | undefined;
  report: FileReport;
  begins: Milliseconds;
  /** The first time stamp at its head. */
  first?: Milliseconds;
  /** Lines of other formats. */
  foreign: Problem[];
  /** Its first bytes, as they stand in it. */
  start: Uint8Array;
  /** When lines may have been missed while it was followed. */
  gaps: Problem[];
}

/** Puts the hashes of what was read into the reports. */
export async function hashAll(
  inputs: readonly Input[],
  hash: (source: Source) => Promise<string>,
  except: readonly Input[] = [],
): Promise<void> {
  for (const input of inputs) {
    const { source, report } = input;
    if (except.includes(input) || report.state === 'failed') continue;
    // Where another file has the name by now, what was read is as good as ever; only there is no hash of it.
    try {
      report.sha256 ??= await hash(source);
    } catch (error) {
      if (report.state === 'complete' && (error as { code?: string }).code !== 'ESTALE') fail(report, error);
    }
  }
}

/** A file could not be read. */
export function fail(report: FileReport, error: unknown): void {
  report.state = 'failed';
  report.detail = (error as { code?: string }).code ?? 'EIO';
}
