import type { IdMap } from '../../cube/cubebuilder';
import type { BlockReader, Parser, Verdict } from '../../reading/format';
import type { Deduplicator } from './deduplicator';
import type { TableReader } from './tablereader';

/** The saved state of a trace report: the table and the messages so far. */
export interface SavedTrace {
  table: unknown;
  deduplicator: unknown;
}

/** A table whose rows are counted once each. A format makes both parts, and gives the rows of one to the other. */
export abstract class TraceTable implements Parser {
  protected abstract readonly table: TableReader;
  abstract readonly deduplicator: Deduplicator;

  get block(): BlockReader | undefined {
    return this.table.block;
  }

  line(bytes: Uint8Array, start: number, end: number, line: number): Verdict {
    return this.table.line(bytes, start, end, line);
  }

  merge(right: Parser, ids: IdMap, shift: readonly number[]): void {
    this.table.merge((right as TraceTable).table, shift);
    this.deduplicator.merge((right as TraceTable).deduplicator, ids, shift);
  }

  finish(): void {
    this.table.finish();
    this.deduplicator.finish();
  }

  save(): SavedTrace {
    return { table: this.table.save(), deduplicator: this.deduplicator.save() };
  }

  load(saved: unknown): void {
    const { table, deduplicator } = saved as SavedTrace;
    this.table.load(table);
    this.deduplicator.load(deduplicator);
  }

  advice(): string[] {
    return this.table.advice();
  }
}
