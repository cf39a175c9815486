import { bucketStart, cipherBits, cipherLimit, packSeries, unpackSeries, type Cube } from './cube';
import { KeyTable, doubled } from './keytable';
import { TlsCode, type MailEvent } from './model';
import { packable } from './pack';
import { Words } from './text/words';

/** Most distinct names kept; the rest is summed as `(other)` and the loss is reported as a problem. */
export const limits = { connectors: 10_000, remotes: 200_000, addresses: 200_000, evidence: 10_000, cells: 300_000, remoteCells: 250_000 } as const;
/** Time buckets in minutes that a table goes through when it outgrows its limit. */
const coarser = [1, 15, 60, 1440, 1440 * 31] as const;

/** The cube while it grows: adds events, absorbs other builders, and gives the finished columns. */
export class CubeBuilder {
  readonly connectors = new Words(limits.connectors);
  readonly ciphers = new Words(cipherLimit);
  readonly remotes = new Words(limits.remotes, true);
  readonly addresses = new Words(limits.addresses, true);
  readonly evidence = new Words(limits.evidence);
  private readonly proved = new Set<number>();
  private readonly otherwiseTls = new Set<number>();
  private series = new KeyTable();
  private cells = new SumTable(limits.cells);
  private remoteCells = new SumTable(limits.remoteCells);

  /** The log has shown that it would tell of TLS: events with this `evidence` and no sign of TLS had none. What stands for all names past the limit proves nothing. */
  prove(evidence: number): void { if (evidence > 1) this.proved.add(evidence); }

  /** The id of a piece of evidence; absent signs of TLS mean `unproved` until it is proved. */
  addEvidence(name: string, unproved: TlsCode.unknown | TlsCode.tls): number {
    const id = this.evidence.internText(name);
    if (unproved === TlsCode.tls) this.otherwiseTls.add(id);
    return id;
  }

  add(e: MailEvent, file: number): void {
    const series = this.series.row(packSeries(e.unit, e.direction, e.outcome, e.tls, e.fault, e.forced, e.type), e.connector << cipherBits | e.cipher, e.evidence);
    const minute = Math.floor(e.time / 60_000);
    this.cells.add(minute, series, 0, e.count, e.recipients, e.bytes, file, e.line);
    this.remoteCells.add(minute, series, e.remote, e.count, e.recipients, 0, file, e.line);
  }

  /** A builder of the same kind for events of which a parser knows only later whether they count; those that do are taken by `absorb`. */
  aside(): CubeBuilder { return new CubeBuilder(); }

  /**
   * Adds all of `other`. `shift` says how many lines of each file stand before the ones that `other` counted.
   * Returns the ids of other's words here, so that open sessions can be carried over.
   */
  absorb(other: CubeBuilder, shift: readonly number[]): IdMap {
    const ids: IdMap = {
      connectors: this.connectors.absorb(other.connectors), ciphers: this.ciphers.absorb(other.ciphers), remotes: this.remotes.absorb(other.remotes),
      addresses: this.addresses.absorb(other.addresses), evidence: this.evidence.absorb(other.evidence),
    };
    for (const e of other.proved) this.prove(ids.evidence[e]);
    for (const e of other.otherwiseTls) this.otherwiseTls.add(ids.evidence[e]);
    const { a, b, c, length } = other.series;
    const rows = new Int32Array(length);
    for (let i = 0; i < length; i++) rows[i] = this.series.row(a[i], ids.connectors[b[i] >>> cipherBits] << cipherBits | ids.ciphers[b[i] & cipherLimit - 1], ids.evidence[c[i]]);
    this.cells.absorb(other.cells, rows, undefined, shift);
    this.remoteCells.absorb(other.remoteCells, rows, ids.remotes, shift);
    return ids;
  }

  /** The cube so far. The builder goes on unharmed. */
  build(): Cube {
    const { series, cells, remoteCells } = this;
    return {
      connectors: this.connectors.list(), ciphers: this.ciphers.list(), remotes: this.remotes.list(),
      series: unpackSeries(series.length, series.a, series.b, series.c, (e) => (this.proved.has(e) ? TlsCode.none : this.unproved(e))),
      cells: {
        length: cells.keys.length, minute: cells.cut(cells.keys.a), series: cells.cut(cells.keys.b),
        messages: cells.cut(cells.count), recipients: cells.cut(cells.recipients), bytes: cells.cut(cells.bytes), file: cells.cut(cells.file), line: cells.cut(cells.line),
      },
      remoteCells: {
        length: remoteCells.keys.length, minute: remoteCells.cut(remoteCells.keys.a), series: remoteCells.cut(remoteCells.keys.b), remote: remoteCells.cut(remoteCells.keys.c),
        messages: remoteCells.cut(remoteCells.count), recipients: remoteCells.cut(remoteCells.recipients), file: remoteCells.cut(remoteCells.file), line: remoteCells.cut(remoteCells.line),
      },
      cellMinutes: cells.step, remoteMinutes: remoteCells.step, proved: [...this.proved].map((e) => this.evidence.text(e)).sort(),
    };
  }

  /** What absent signs of TLS mean as long as the evidence is not proved. */
  protected unproved(evidence: number): TlsCode { return this.otherwiseTls.has(evidence) ? TlsCode.tls : TlsCode.unknown; }

  /** How many names did not fit and were summed as `(other)`. */
  get evicted(): number { return this.connectors.evicted + this.ciphers.evicted + this.remotes.evicted; }
}

/** For each id of an absorbed builder its id in the builder that took it in. */
export interface IdMap { connectors: Int32Array; ciphers: Int32Array; remotes: Int32Array; addresses: Int32Array; evidence: Int32Array }

/** Sums by (minute, series, remote) with the earliest place; takes a coarser time step when it outgrows its limit. */
class SumTable {
  keys = new KeyTable();
  count = new Float64Array(64);
  recipients = new Float64Array(64);
  bytes = new Float64Array(64);
  file = new Int32Array(64);
  line = new Float64Array(64);
  step: number = coarser[0];
  private crowded = false;

  constructor(private readonly limit: number) {}

  add(minute: number, series: number, remote: number, count: number, recipients: number, bytes: number, file: number, line: number): void {
    const before = this.keys.length;
    const row = this.keys.row(bucketStart(minute, this.step), series, remote);
    if (row === before) {
      if (row === this.count.length) this.grow();
      this.file[row] = file; this.line[row] = line;
      if (row >= this.limit) this.crowded = true;
    } else if (line < this.line[row] && file === this.file[row]) {
      this.line[row] = line;
    }
    this.count[row] += count; this.recipients[row] += recipients; this.bytes[row] += bytes;
    if (this.crowded) this.coarsen();
  }

  absorb(other: SumTable, series: Int32Array, remotes: Int32Array | undefined, shift: readonly number[]): void {
    const { a, b, c, length } = other.keys;
    while (this.step < other.step) this.coarsen();
    for (let i = 0; i < length; i++) {
      this.add(a[i], series[b[i]], remotes ? remotes[c[i]] : 0, other.count[i], other.recipients[i], other.bytes[i], other.file[i], other.line[i] + (shift[other.file[i]] ?? 0));
    }
  }

  /** A copy of a column without its spare room. */
  cut<T extends Int32Array | Float64Array>(column: T): T { return column.slice(0, this.keys.length) as T; }

  private coarsen(): void {
    this.crowded = false;
    const next = coarser.find((step) => step > this.step);
    if (next === undefined) return;
    const old = Object.assign(new SumTable(this.limit), this);
    const fresh = new SumTable(Infinity);
    fresh.step = next;
    fresh.absorb(old, Int32Array.from({ length: maximum(old.keys.b, old.keys.length) + 1 }, (_, i) => i), Int32Array.from({ length: maximum(old.keys.c, old.keys.length) + 1 }, (_, i) => i), []);
    Object.assign(this, fresh, { limit: this.limit });
  }

  private grow(): void {
    this.count = doubled(this.count); this.recipients = doubled(this.recipients); this.bytes = doubled(this.bytes);
    this.file = doubled(this.file); this.line = doubled(this.line);
  }
}

function maximum(column: Int32Array, length: number): number {
  let max = 0;
  for (let i = 0; i < length; i++) if (column[i] > max) max = column[i];
  return max;
}

packable('CubeBuilder', CubeBuilder);
packable('SumTable', SumTable);
packable('KeyTable', KeyTable);
packable('Words', Words);
