import type { IdMap } from '../../cube/cubebuilder';
import type { BlockReader, Parser, Verdict } from '../../reading/format';
import type { Ledger } from './deduplicator';
import type { TableReader } from './tablereader';

/** What a parser of a trace report has to carry: where its table stands, and the messages that it has told. */
export interface SavedTrace {
  table: unknown;
  ledger: unknown;
}

/** A table of a trace report, whose rows tell each message once. A format makes both parts, and takes the rows of the one into the other. */
export abstract class TraceTable implements Parser {
  protected abstract readonly table: TableReader;
  abstract readonly ledger: Ledger;

  get block(): BlockReader | undefined {
    return this.table.block;
  }

  line(bytes: Uint8Array, start: number, end: number, line: number): Verdict {
    return this.table.line(bytes, start, end, line);
  }

  join(right: Parser, ids: IdMap, shift: readonly number[]): void {
    this.table.join((right as TraceTable).table, shift);
    this.ledger.join((right as TraceTable).ledger, ids, shift);
  }

  finish(): void {
    this.table.finish();
    this.ledger.finish();
  }

  save(): SavedTrace {
    return { table: this.table.save(), ledger: this.ledger.save() };
  }

  load(saved: unknown): void {
    const { table, ledger } = saved as SavedTrace;
    this.table.load(table);
    this.ledger.load(ledger);
  }

  advice(): string[] {
    return this.table.advice();
  }
}
