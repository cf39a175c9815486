import { translated, type EntryFields, type Ids, type StatePart } from '../../reading/state';

/** One value that later lines depend on: plain data. That of the last segment that has one is the log's. */
export class LastValue<T extends object> implements StatePart {
  value: T | undefined;

  constructor(private readonly fields: EntryFields<T>) {}

  merge(right: LastValue<T>, ids: Ids, shift: readonly number[]): void {
    if (right.value) this.value = translated(right.value, this.fields, ids, shift);
  }

  save(): T | undefined {
    return this.value;
  }

  load(saved: unknown): void {
    this.value = saved as T | undefined;
  }
}
