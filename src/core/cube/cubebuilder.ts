import { mergeAlike } from './alike';
import { cipherBits, cipherLimit, packSeries, unpackSeries, withServer, type Cube } from './cube';
import { Evidence, type EvidenceMap } from './evidence';
import { KeyTable } from './keytable';
import type { MailEvent, ProblemCode } from '../model';
import { packable } from './pack';
import { mostRemotes, RemoteTable } from './remotetable';
import { ServerNames } from './servernames';
import { SumTable } from './sums';
import { Words } from '../text/words';

/** Most distinct names kept; the rest is summed as `(other)` and the loss is reported as a problem. */
export const limits = { connectors: 10_000, servers: 10_000, remotes: mostRemotes, addresses: 200_000 } as const;
/** What a table holds of each time step before it takes the next. */
const cellSteps = [
  { minutes: 1, limit: 300_000 },
  { minutes: 15, limit: 300_000 },
  { minutes: 60, limit: 300_000 },
  { minutes: 1440, limit: 300_000 },
  { minutes: 1440 * 31, limit: Infinity },
];

/** The cube while it grows: adds events, absorbs other builders, and gives the finished columns. */
export class CubeBuilder {
  readonly connectors = new Words(limits.connectors);
  readonly ciphers = new Words(cipherLimit);
  readonly servers = new ServerNames(limits.servers);
  readonly remotes = new Words(limits.remotes, true);
  readonly addresses = new Words(limits.addresses, true);
  readonly series = new KeyTable();
  private cells = new SumTable(cellSteps);
  private remoteTable = new RemoteTable();

  /** @param evidence where the logs show TLS; that of a report where they are read once more. */
  constructor(readonly evidence = new Evidence()) {}

  add(e: MailEvent, file: number): void {
    const series = this.series.row(
      packSeries(e.unit, e.direction, e.outcome, e.tls, e.fault, e.forced, e.type, e.server),
      (e.connector << cipherBits) | e.cipher,
      e.evidence,
    );
    const minute = Math.floor(e.time / 60_000);
    this.cells.add(minute, series, 0, e.count, e.recipients, e.bytes, file, e.line, e.tlsAt);
    this.remoteTable.add(minute, series, e.remote, e.count, e.recipients, file, e.line, this);
  }

  /**
   * A builder of the same kind for events of which a parser knows only later whether they count; those that do are
   * taken by `absorb`.
   */
  scratch(): CubeBuilder {
    return new CubeBuilder();
  }

  /**
   * Adds all of `other`. `shift` says how many lines of each file stand before the ones that `other` counted.
   * Returns the ids of other's words here, so that open sessions can be carried over.
   * @param evidence what merging the evidence gave, where that was done before.
   */
  merge(
    other: CubeBuilder,
    shift: readonly number[],
    evidence: EvidenceMap = this.evidence.merge(other.evidence, shift),
  ): IdMap {
    const ids: IdMap = {
      connectors: this.connectors.merge(other.connectors),
      ciphers: this.ciphers.merge(other.ciphers),
      servers: this.servers.merge(other.servers),
      remotes: this.remotes.merge(other.remotes),
      addresses: this.addresses.merge(other.addresses),
      evidence: evidence.silences,
      epochs: evidence.epochs,
    };
    const { a, b, c, length } = other.series;
    const rows = new Int32Array(length);
    for (let i = 0; i < length; i++)
      rows[i] = this.series.row(
        withServer(a[i], ids.servers),
        (ids.connectors[b[i] >>> cipherBits] << cipherBits) | ids.ciphers[b[i] & (cipherLimit - 1)],
        ids.evidence[c[i]],
      );
    this.cells.merge(other.cells, rows, shift);
    this.remoteTable.merge(other.remoteTable, rows, ids.remotes, shift, this);
    return ids;
  }

  /** The cube so far. The builder goes on unharmed. */
  build(): Cube {
    const { series, cells, remoteTable, evidence } = this,
      { remotes, remoteCells } = remoteTable.build(this);
    return {
      connectors: this.connectors.list(),
      ciphers: this.ciphers.list(),
      servers: this.servers.list(),
      remotes,
      ...mergeAlike({
        series: unpackSeries(series.length, series.a, series.b, series.c, (e) => evidence.meaning(e)),
        cells: cells.columns(),
        remoteCells,
      }),
      cellMinutes: cells.step,
      remoteMinutes: remoteTable.step,
      shownTls: this.evidence.shownTls(),
    };
  }

  /**
   * Which mail `cube`, that `build` has just given, does not tell apart by name, by the file and the first line of it:
   * mail whose connector, cipher suite, server or remote host is `(other)`, and mail whose remote host is only known by its
   * domain or network.
   */
  losses(cube: Cube): Loss[] {
    const { series, remoteCells: cells } = cube,
      hosts = this.remotes.length,
      other = Uint8Array.from(series.connector, (connector, s) =>
        Number(connector === 1 || series.cipher[s] === 1 || series.server[s] === 1),
      );
    const found = new Map<string, Loss>();
    for (let i = 0; i < cells.length; i++) {
      const remote = cells.remote[i],
        code =
          remote === 1 || other[cells.series[i]] === 1
            ? 'too-many-names'
            : remote >= hosts
              ? 'hosts-grouped'
              : undefined;
      if (code === undefined) continue;
      const file = cells.file[i],
        line = cells.line[i],
        loss = found.get(`${file} ${code}`);
      if (!loss) found.set(`${file} ${code}`, { code, file, line, count: cells.messages[i] });
      else {
        loss.count += cells.messages[i];
        loss.line = Math.min(loss.line, line);
      }
    }
    return [...found.values()].filter(({ count }) => count > 0);
  }
}

/** Mail of a file that a cube does not tell apart. */
export interface Loss {
  code: Extract<ProblemCode, 'too-many-names' | 'hosts-grouped'>;
  file: number;
  line: number;
  count: number;
}

/** For each id of an absorbed builder its id in the builder that took it in. */
export interface IdMap {
  connectors: Int32Array;
  ciphers: Int32Array;
  servers: Int32Array;
  remotes: Int32Array;
  addresses: Int32Array;
  evidence: Int32Array;
  /** By source of evidence, in how many epochs it had been here before. */
  epochs: Int32Array;
}

packable('CubeBuilder', CubeBuilder);
packable('KeyTable', KeyTable);
packable('Words', Words);
