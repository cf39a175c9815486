import type { Sink } from '../../reading/sink';
import type { RecordPart } from '../../text/journal';
import { JournalRecords } from '../../text/journal';

/** The entries of a journal that stand in several lines each, as a segment meets them. */
export class Entries {
  private records: JournalRecords | undefined;

  constructor(private readonly sink: Sink) {}

  /** The fields of the entry that is complete. */
  get fields(): Record<string, unknown> {
    return this.records!.fields;
  }

  /** Whether the beginning of an entry has been seen. */
  get begun(): boolean {
    return this.records?.begun ?? false;
  }

  /** Reads a line of an entry. @param pretty whether entries are objects of JSON. */
  line(b: Uint8Array, s: number, e: number, line: number, pretty: boolean): RecordPart {
    if (this.records && this.records.pretty !== pretty) this.end();
    this.records ??= new JournalRecords(pretty);
    return this.records.line(b, s, e, line, this.sink.account.file.index, () => this.noteCut());
  }

  /** No more of a journal in this form comes: its last entry is not complete where it is still open. */
  end(): void {
    if (this.records?.incomplete) this.noteCut();
    this.records = undefined;
  }

  merge(right: Entries, shift: readonly number[]): void {
    if (right.records && this.records && right.records.pretty !== this.records.pretty) this.end();
    if (right.records)
      (this.records ??= new JournalRecords(right.records.pretty)).merge(right.records, shift, () => this.noteCut());
  }

  save(): ReturnType<JournalRecords['save']> | undefined {
    return this.records?.save();
  }

  load(saved: ReturnType<Entries['save']>): void {
    this.records = saved && JournalRecords.load(saved);
  }

  private noteCut(): void {
    this.sink.note('unfinished-record', this.records!.openLine, this.records!.openFile);
  }
}
