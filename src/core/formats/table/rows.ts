import { Byte } from '../../text/ascii';
import { blankEvent } from '../shared/eventbuffer';
import type { DirectionCode } from '../../model';
import { FaultCode, ForcedCode, TlsCode, TypeCode, type Milliseconds, type WordId } from '../../model';
import type { Sink } from '../../reading/sink';
import type { TableRow } from '../shared/row';
import type { Table } from '../../text/table';
import type { TableReader, TableUser } from '../shared/tablereader';
import type { Alike } from '../shared/splitrows';
import { tlsVersion } from '../../text/tls';
import { Words } from '../../text/words';
import { Verdict } from '../../reading/format';
import { connectorCell, directionNamed, typeNamed, type ConnectorCell } from './connector';
import { tableColumns, type TableColumns } from './headers';

/** Different combinations of connector, direction, TLS and so on that are remembered. */
const mostCombinations = 65_536;

/** What the cells of a row say but for time and numbers. */
interface Facts {
  connector: WordId;
  direction: DirectionCode | undefined;
  type: TypeCode;
  tls: TlsCode;
  cipher: WordId;
  forced: ForcedCode;
  unknownTls: boolean;
}

/** Cells for mail without a connector. */
const noConnector = /^(?:|-|none|null|no ?connector|nessuno)$/i;

/** Makes an event of each row of a table that has a connector and a TLS version. */
export class TableRows implements TableUser {
  private columns!: TableColumns;
  private evidence = 0;
  /** The columns of facts, where they stand side by side: then their bytes are looked up as one. */
  alike: Alike = { first: -1, last: -1 };
  /** That of the row at hand: a message, accepted. */
  private readonly event = blankEvent();
  private combinations = new Words(mostCombinations);
  private facts: (Facts | undefined)[] = [];

  /** @param fits whether columns of these names are such a table. */
  constructor(
    private readonly sink: Sink,
    readonly fits: (names: readonly string[]) => boolean,
  ) {}

  open({ names }: Table): number {
    const columns = (this.columns = tableColumns(names, this.sink.options.columns));
    // An empty cell means no TLS where the column is seen to name versions. That holds for tables of one making.
    this.evidence = this.sink.evidenceOfTable(`table: ${names.join(',').slice(0, 1000)}`);
    const used = new Set(
      [columns.connector, columns.direction, columns.type, columns.tls, columns.cipher, columns.forced].filter(
        (column) => column >= 0,
      ),
    );
    const first = Math.min(...used),
      last = Math.max(...used);
    this.alike = last - first + 1 === used.size ? { first, last } : { first: -1, last: -1 };
    this.combinations = new Words(mostCombinations);
    this.facts = [];
    return columns.time;
  }

  take(row: TableRow, line: number, reader: TableReader): Verdict {
    const { columns, sink } = this;
    const time = columns.time < 0 ? this.timeOfFile(line) : reader.time(row);
    if (Number.isNaN(time)) return sink.skip('bad-time', line);
    const facts = this.factsOf(row);
    if (facts.direction === undefined) return sink.skip('no-direction', line);
    const count = columns.count < 0 ? 1 : this.number(row, columns.count, 1);
    if (Number.isNaN(count)) return sink.skip('bad-number', line);
    const bytes = this.bytes(row, line);
    if (facts.unknownTls) sink.note('unknown-tls', line);
    if (count === 0) return Verdict.context;
    const { event } = this;
    event.time = time;
    this.fill(row, facts);
    // The user's own connectors may have changed what was said of the row before.
    event.fault = FaultCode.none;
    event.direction = facts.direction;
    event.count = count;
    event.recipients = this.recipients(row, count);
    event.bytes = bytes;
    event.line = line;
    sink.add(event);
    return Verdict.used;
  }

  /** What the event, whose time is set, says but for direction and numbers. */
  private fill(row: TableRow, { connector, type, tls, cipher, forced }: Facts): void {
    const { columns, event } = this;
    const { words } = this.sink;
    const host = row.isEmpty(columns.remote) ? columns.address : columns.remote;
    event.tls = tls;
    event.forced = forced;
    event.type = type;
    event.connector = connector;
    event.cipher = cipher;
    event.server = 0;
    event.remote = host < 0 ? 0 : row.word(host, words.remotes);
    event.address = columns.address < 0 ? 0 : row.word(columns.address, words.addresses);
    event.evidence = tls === TlsCode.absent ? this.sink.absent(this.evidence, event.time) : 0;
    const showsTls = tls !== TlsCode.absent && tls !== TlsCode.none && tls !== TlsCode.unknown;
    if (showsTls) this.sink.showsTls(this.evidence, event.time);
  }

  private bytes(row: TableRow, line: number): number {
    const { columns, sink } = this;
    const bytes = columns.bytes < 0 ? 0 : this.number(row, columns.bytes, 0);
    if (!Number.isNaN(bytes)) return bytes;
    sink.note('bad-number', line);
    return 0;
  }

  private timeOfFile(line: number): Milliseconds {
    const time = this.sink.account.file.modified;
    if (time === undefined) return NaN;
    this.sink.note('time-from-file', line);
    return time;
  }

  private factsOf(row: TableRow): Facts {
    const {
      combinations,
      alike: { first, last },
    } = this;
    if (first < 0) return this.readFacts(row);
    const { starts, ends } = row.fields,
      id =
        row.hash === 0
          ? combinations.intern(row.bytes, starts[first], ends[last])
          : combinations.internHashed(row.bytes, starts[first], ends[last], row.hash);
    // Id 1 stands for all combinations that are no longer remembered.
    return id === 1 ? this.readFacts(row) : (this.facts[id] ??= this.readFacts(row));
  }

  private readFacts(row: TableRow): Facts {
    const { columns, sink } = this;
    const { words } = sink;
    const connector = this.connector(row);
    const tls = tlsNamed(row.string(columns.tls));
    return {
      connector: noConnector.test(connector.name) ? 0 : words.connectors.internText(connector.name),
      direction: this.direction(row) ?? connector.direction,
      type: columns.type >= 0 ? typeNamed(row.string(columns.type)) : connector.type,
      tls: tls ?? TlsCode.unknown,
      unknownTls: tls === undefined,
      cipher: row.word(columns.cipher, words.ciphers),
      forced: forcedOf(row.string(columns.forced)),
    };
  }

  /** With a column for the direction the connector's cell is a name, whatever it looks like. */
  private connector(row: TableRow): ConnectorCell {
    const { columns } = this;
    const text = row.string(columns.connector);
    return columns.direction >= 0 || columns.fixed !== undefined
      ? { direction: undefined, name: text, type: TypeCode.unknown }
      : connectorCell(text);
  }

  /** The direction that a column or the user names. */
  private direction(row: TableRow): DirectionCode | undefined {
    const { columns } = this;
    if (columns.direction >= 0) return directionNamed(row.string(columns.direction));
    return columns.fixed === undefined ? undefined : directionNamed(columns.fixed);
  }

  private recipients(row: TableRow, count: number): number {
    const { columns } = this;
    if (columns.recipients >= 0) return this.number(row, columns.recipients, count) || 0;
    if (columns.recipientList < 0) return count;
    // A column of such a name may hold their number.
    const number = row.isEmpty(columns.recipientList) ? NaN : row.number(columns.recipientList);
    if (!Number.isNaN(number)) return number;
    const { bytes, fields } = row,
      end = fields.ends[columns.recipientList] - 1;
    let recipients = 1;
    for (let i = fields.starts[columns.recipientList]; i < end; i++) if (bytes[i] === Byte.semicolon) recipients++;
    return recipients * count;
  }

  /** The number in a cell, `usual` where there is none. */
  private number(row: TableRow, column: number, usual: number): number {
    if (row.isEmpty(column)) return usual;
    const value = row.number(column);
    return Number.isNaN(value) ? countOf(row.string(column)) : value;
  }
}

/** Whether a cell like `True`, `Vero` or `No` says that the connector demands TLS. */
export function forcedOf(text: string): ForcedCode {
  if (text === '') return ForcedCode.unknown;
  return /^(?:true|yes|1|vero|s[iì]|wahr|ja)$/i.test(text) ? ForcedCode.yes : ForcedCode.no;
}

/** The TLS version in a cell: `absent` where the cell is empty, undefined where it is no known version. */
function tlsNamed(text: string): TlsCode | undefined {
  return text === '' || text === '-' ? TlsCode.absent : tlsVersion(text);
}

/** A count as people write it, `8453`, `8,453`, `8.453`, `8 453` or `8'453`; NaN for what is none. */
export function countOf(text: string): number {
  return /^\d{1,15}$/.test(text) || /^\d{1,3}(?:[., '’\u00a0\u202f]\d{3}){1,4}$/.test(text)
    ? Number(text.replace(/\D/g, ''))
    : NaN;
}
