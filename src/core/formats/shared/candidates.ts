import type { CubeBuilder } from '../../cube/cubebuilder';
import type { Sink } from '../../reading/sink';
import type { Ids, StatePart } from '../../reading/state';
import { Hops, type Hop } from './hops';

/** The events of one name, and their sums. */
interface Group {
  events: number;
  sums: CubeBuilder;
}

/**
 * Events of which only the end of the log tells whether they count, since others may tell of the same messages. They
 * are summed apart under a name for their kind. The lines that state them are context until they count.
 */
export class Candidates implements StatePart {
  private groups = new Map<string, Group>();
  /** By the names of the events on them, one a line, and by file: how many lines. */
  private lines = new Map<string, Map<number, number>>();
  private readonly writers = new Map<string, Hops>();
  /** The names of the events on the current line. */
  private readonly current = new Set<string>();

  constructor(private readonly sink: Sink) {}

  add(name: string, hop: Hop): void {
    let hops = this.writers.get(name);
    if (!hops) this.writers.set(name, (hops = new Hops(this.sink.scratch(this.group(name).sums))));
    hop.file = this.sink.account.file.index;
    hop.server ||= this.sink.host;
    hops.add(hop);
    this.group(name).events++;
    this.current.add(name);
  }

  /**
   * The current line has been read. @param used whether it states something else that counts. Returns whether it
   * depends on candidates.
   */
  endLine(used: boolean): boolean {
    const { current } = this,
      names = [...current].sort().join('\n');
    current.clear();
    if (names === '' || used) return false;
    this.addLines(names, this.sink.account.file.index, 1);
    return true;
  }

  /** How many events there are of this name. */
  events(name: string): number {
    return this.groups.get(name)?.events ?? 0;
  }

  /** The events of these names count, and the lines that state them are used. */
  count(names: readonly string[]): void {
    for (const name of names) {
      const group = this.groups.get(name);
      if (group) this.sink.words.merge(group.sums, []);
    }
    for (const [stated, files] of this.lines) {
      if (!stated.split('\n').some((name) => names.includes(name))) continue;
      for (const [file, count] of files) for (let i = 0; i < count; i++) this.sink.amend(file, 'context', 'used');
    }
  }

  merge(right: Candidates, _: Ids, shift: readonly number[]): void {
    for (const [name, { events, sums }] of right.groups) {
      const group = this.group(name);
      group.events += events;
      group.sums.merge(sums, shift);
    }
    for (const [names, files] of right.lines) for (const [file, count] of files) this.addLines(names, file, count);
  }

  save(): unknown {
    return { groups: this.groups, lines: this.lines };
  }

  load(saved: unknown): void {
    const { groups, lines } = saved as { groups: Map<string, Group>; lines: Map<string, Map<number, number>> };
    this.groups = groups;
    this.lines = lines;
    this.writers.clear();
  }

  private addLines(names: string, file: number, count: number): void {
    let files = this.lines.get(names);
    if (!files) this.lines.set(names, (files = new Map()));
    files.set(file, (files.get(file) ?? 0) + count);
  }

  private group(name: string): Group {
    let group = this.groups.get(name);
    if (!group) this.groups.set(name, (group = { events: 0, sums: this.sink.words.scratch() }));
    return group;
  }
}
