import type { StatePart } from '../../reading/state';

/** What was seen anywhere in a log, by name: what one segment has seen, the log has seen. */
export class Noticed<Name extends string> implements StatePart {
  private names = new Set<Name>();

  add(name: Name): void {
    this.names.add(name);
  }

  has(name: Name): boolean {
    return this.names.has(name);
  }

  merge(right: Noticed<Name>): void {
    for (const name of right.names) this.names.add(name);
  }

  save(): Set<Name> {
    return this.names;
  }

  load(saved: unknown): void {
    this.names = saved as Set<Name>;
  }
}
