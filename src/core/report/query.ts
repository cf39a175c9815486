import { compare, earlier, type Place } from './order';
import { bucketStart, type Cube } from '../cube/cube';
import {
  DirectionCode,
  FaultCode,
  OutcomeCode,
  TlsCode,
  UnitCode,
  connectorTypes,
  directions,
  faults,
  tlsVersions,
  type ConnectorType,
  type Direction,
  type Milliseconds,
} from '../model';
import { ForcedSums } from './forcedtls';
import { addKeyExchange, CipherNames, type KeyExchangeSum } from './keyexchanges';
import { compareServers, serverName, serverTest, type Server } from './servers';
import { allSteps, rangesOf, type TimeSlices } from './timeslices';

/** Which part of the cube a view shows. An empty filter is everything. */
export interface Filter {
  /** First moment, inclusive; looked at by whole minutes. */
  from?: Milliseconds;
  /** Last moment, exclusive. */
  to?: Milliseconds;
  directions?: readonly Direction[];
  /** Names; null for mail without a connector. */
  connectors?: readonly (string | null)[];
  /** Mail servers; null for mail of which no line names one. */
  servers?: readonly Server[];
}

/** Counts of messages (or sessions) by TLS version, in the order of `tlsVersions`. */
export type TlsCounts = number[];

/** What went through one connector in one direction. */
export interface ConnectorSummary {
  /** Null for mail without a connector. */
  name: string | null;
  direction: Direction;
  type: ConnectorType;
  /** Whether TLS was forced on all of its messages and attempts; null where that is not known. */
  forcedTls: boolean | null;
  /** On so many remote hosts TLS was forced, where it was not forced on all mail; else 0. */
  forcedHosts: number;
  messages: number;
  recipients: number;
  bytes: number;
  tls: TlsCounts;
  /** First line of each TLS version, in the order of `tlsVersions`. */
  places: (Place | undefined)[];
  ciphers: Map<string, number>;
  /** First line of each cipher suite. */
  cipherPlaces: Map<string, Place>;
  /** How sessions agreed on their keys, as far as the log tells. */
  keyExchanges: KeyExchangeSum[];
  /**
   * What went wrong with TLS, in the order of `faults`: messages and attempts of any outcome, with their first lines.
   */
  faults: number[];
  faultPlaces: (Place | undefined)[];
  /** Messages that did not go through, by outcome. */
  failed: { deferred: number; bounced: number; rejected: number };
}

/** What went through one mail server. */
interface ServerSummary {
  name: Server;
  inbound: DirectionSummary;
  outbound: DirectionSummary;
  internal: number;
}

/** Sums of one direction over all connectors. */
export interface DirectionSummary {
  messages: number;
  recipients: number;
  bytes: number;
  tls: TlsCounts;
}

export interface Summary {
  /** The filter's period, or that of all events; `to` is exclusive. Undefined when there is no event. */
  period: { from: Milliseconds; to: Milliseconds } | undefined;
  inbound: DirectionSummary;
  outbound: DirectionSummary;
  /** Messages between the organisation's own servers: never part of any volume. */
  internal: number;
  /** Ordered by direction, then volume (largest first), then name. */
  connectors: ConnectorSummary[];
  /** By name, see `compareServers`. */
  servers: ServerSummary[];
}

/** No message of any TLS version. */
export const noTls = (): TlsCounts => new Array<number>(tlsVersions.length).fill(0);
const noMail = (): DirectionSummary => ({ messages: 0, recipients: 0, bytes: 0, tls: noTls() });

/** Cells and series that one step of a summary goes through. */
const cellsInStep = 32_768,
  seriesInStep = 1024;

/** Volume, TLS versions and ciphers of every connector for one unit: messages, or sessions of aggregate reports. */
export function summarise(cube: Cube, filter: Filter = {}, unit: UnitCode = UnitCode.message): Summary {
  return allSteps(summarising(cube, filter, unit));
}

/** `summarise` in steps: ten thousand connectors are a hundred thousand series. */
export function* summarising(cube: Cube, filter: Filter = {}, unit: UnitCode = UnitCode.message): TimeSlices<Summary> {
  const { series } = cube;
  const accept = matcher(cube, filter);
  const sums = seriesSums(series.length),
    [from, to] = minutesOf(filter),
    named = new CipherNames(cube.ciphers);
  for (const range of rangesOf(cube.cells.length, cellsInStep)) {
    addCells(cube, sums, range, from, to, unit);
    yield;
  }
  const totals: Record<'inbound' | 'outbound', DirectionSummary> = { inbound: noMail(), outbound: noMail() };
  const groups = new Map<number, ConnectorSummary>(),
    servers = new ServerSums(cube),
    ofServer = matcher(cube, { servers: filter.servers });
  const forced = new ForcedSums();
  const keyOf = (s: number) => (accept(s) ? (series.connector[s] << 2) | series.direction[s] : -1);
  // Where series of one connector disagree about its type, the one of the last cell decides.
  const lastCells = sums.lastCell.filter((cell) => cell >= 0).sort();
  yield;
  for (const range of rangesOf(lastCells.length, seriesInStep)) {
    for (let i = range.from; i < range.to; i++) {
      const s = cube.cells.series[lastCells[i]];
      if (series.direction[s] === DirectionCode.internal) {
        if (series.outcome[s] === OutcomeCode.accepted && ofServer(s)) servers.of(s).internal += sums.messages[s];
        continue;
      }
      const key = keyOf(s);
      if (key < 0) continue;
      const direction = directions[series.direction[s]] as 'inbound' | 'outbound';
      let group = groups.get(key);
      if (!group) groups.set(key, (group = newGroup(cube, s, direction)));
      forced.add(key, series.forced[s], sums.messages[s]);
      addSeries(cube, named, s, sums, group, [group, totals[direction], servers.of(s)[direction]]);
    }
    yield;
  }
  yield* forced.settle(cube, groups, minutesOf(filter, cube.remoteMinutes), unit, keyOf);
  const connectors = [...groups.values()].sort(byDirectionAndVolume);
  const period =
    sums.first === Infinity
      ? undefined
      : { from: filter.from ?? sums.first * 60_000, to: filter.to ?? (sums.last + cube.cellMinutes) * 60_000 };
  const internal = servers.list().reduce((sum, server) => sum + server.internal, 0);
  return { period, ...totals, internal, connectors, servers: servers.list() };
}

/**
 * Per series in a period: sums, earliest place, last cell (-1: none); and the first and last minute of mail that is not
 * internal.
 */
type SeriesSums = ReturnType<typeof seriesSums>;

function seriesSums(n: number) {
  return {
    first: Infinity,
    last: -Infinity,
    lastCell: new Int32Array(n).fill(-1),
    messages: new Float64Array(n),
    recipients: new Float64Array(n),
    bytes: new Float64Array(n),
    file: new Int32Array(n).fill(0x7fffffff),
    line: new Float64Array(n).fill(Infinity),
    tlsAt: new Float64Array(n),
  };
}

/** Adds a range of cells to the sums of their series. Touches only numbers: there may be hundreds of thousands. */
function addCells(
  { series: { unit: units, direction }, cells }: Cube,
  sums: SeriesSums,
  range: { from: number; to: number },
  from: number,
  to: number,
  unit: UnitCode,
): void {
  const { messages, recipients, bytes, file, line, tlsAt, lastCell } = sums,
    { series: seriesOf, minute: minutes, messages: m, recipients: r, bytes: b, file: files, line: lines } = cells;
  let { first, last } = sums;
  for (let i = range.from; i < range.to; i++) {
    const s = seriesOf[i],
      minute = minutes[i];
    if (units[s] !== unit || minute < from || minute >= to) continue;
    if (direction[s] !== DirectionCode.internal) {
      if (minute < first) first = minute;
      if (minute > last) last = minute;
    }
    messages[s] += m[i];
    recipients[s] += r[i];
    bytes[s] += b[i];
    if (files[i] < file[s] || (files[i] === file[s] && lines[i] < line[s])) {
      file[s] = files[i];
      line[s] = lines[i];
      tlsAt[s] = cells.tlsAt[i];
    }
    lastCell[s] = i;
  }
  sums.first = first;
  sums.last = last;
}

/** Adds the sums of a series to its connector, and to `all` that it is a part of. */
function addSeries(
  { series }: Cube,
  named: CipherNames,
  s: number,
  { messages, recipients, bytes, file, line, tlsAt }: SeriesSums,
  group: ConnectorSummary,
  all: readonly DirectionSummary[],
): void {
  if (series.type[s] !== 0) group.type = connectorTypes[series.type[s]];
  const n = messages[s],
    outcome = series.outcome[s],
    fault = series.fault[s];
  if (fault !== FaultCode.none) {
    group.faults[fault] += n;
    group.faultPlaces[fault] = earlier(group.faultPlaces[fault], file[s], line[s]);
  }
  if (outcome === OutcomeCode.deferred) {
    group.failed.deferred += n;
    return;
  }
  if (outcome === OutcomeCode.bounced) {
    group.failed.bounced += n;
    return;
  }
  if (outcome === OutcomeCode.rejected) {
    group.failed.rejected += n;
    return;
  }
  const tls = series.tls[s];
  for (const sum of all) {
    sum.messages += n;
    sum.recipients += recipients[s];
    sum.bytes += bytes[s];
    sum.tls[tls] += n;
  }
  if (series.cipher[s]) {
    const name = named.suites[series.cipher[s]],
      exchange = named.exchange(series.cipher[s], tls);
    group.ciphers.set(name, (group.ciphers.get(name) ?? 0) + n);
    group.cipherPlaces.set(name, earlier(group.cipherPlaces.get(name), file[s], line[s]));
    if (exchange)
      addKeyExchange(group.keyExchanges, { ...exchange, messages: n, place: { file: file[s], line: line[s] } });
  }
  group.places[tls] = earlier(group.places[tls], file[s], line[s], tlsAt[s]);
}

/** From the minute of the oldest event to the end of the newest's (exclusive); undefined when the cube is empty. */
export function spanOf(
  cube: Cube,
  unit: UnitCode = UnitCode.message,
): { from: Milliseconds; to: Milliseconds } | undefined {
  let first = Infinity,
    last = -Infinity;
  for (let i = 0; i < cube.cells.length; i++) {
    const s = cube.cells.series[i],
      minute = cube.cells.minute[i];
    if (cube.series.unit[s] !== unit || cube.series.direction[s] === DirectionCode.internal) continue;
    if (minute < first) first = minute;
    if (minute > last) last = minute;
  }
  return first === Infinity ? undefined : { from: first * 60_000, to: (last + cube.cellMinutes) * 60_000 };
}

/** Messages whose TLS is known: the base of every share. */
export function knownTls(tls: TlsCounts): number {
  return tls.reduce((sum, n) => sum + n, 0) - tls[TlsCode.unknown];
}

/** Messages that were protected in transit: any TLS or SSL version, logged or not. */
export function protectedByTls(tls: TlsCounts): number {
  return knownTls(tls) - tls[TlsCode.none];
}

/** Whether a series passes the directions, connectors and servers of a filter, looked up once per series. */
export function matcher(cube: Cube, filter: Filter): (series: number) => boolean {
  const { directions: wanted, connectors, servers } = filter;
  if (!wanted && !connectors && !servers) return () => true;
  const names = connectors && new Set(connectors),
    isServed = serverTest(servers),
    { series } = cube;
  // Names are looked at once each: there are ten times as many series.
  const named = names && cube.connectors.map((name, id) => names.has(id === 0 ? null : name)),
    served = servers && cube.servers.map((name, id) => isServed(id, name)),
    going = wanted && directions.map((direction) => wanted.includes(direction));
  const pass = new Uint8Array(series.length);
  for (let s = 0; s < pass.length; s++)
    pass[s] = Number(
      (!going || going[series.direction[s]]) &&
        (!named || named[series.connector[s]]) &&
        (!served || served[series.server[s]]),
    );
  return (s) => pass[s] === 1;
}

/**
 * The minutes of a filter's period: from the first, inclusive, to the last, exclusive. Time buckets of `step` minutes
 * at its edges belong to it as a whole: what is known only by the hour or day is never left out of all periods.
 */
export function minutesOf(filter: Filter, step = 1): [number, number] {
  return [
    filter.from === undefined ? -Infinity : bucketStart(Math.floor(filter.from / 60_000), step),
    filter.to === undefined ? Infinity : Math.ceil(filter.to / 60_000),
  ];
}

/** Sums by server. */
class ServerSums {
  private readonly byId = new Map<number, ServerSummary>();

  constructor(private readonly cube: Cube) {}

  /** Those of the server of a series. */
  of(series: number): ServerSummary {
    const id = this.cube.series.server[series];
    let server = this.byId.get(id);
    if (!server)
      this.byId.set(
        id,
        (server = { name: serverName(this.cube, id), inbound: noMail(), outbound: noMail(), internal: 0 }),
      );
    return server;
  }

  list(): ServerSummary[] {
    return [...this.byId.values()].sort((a, b) => compareServers(a.name, b.name));
  }
}

function newGroup(cube: Cube, s: number, direction: Direction): ConnectorSummary {
  return {
    name: connectorName(cube, s),
    direction,
    type: 'unknown',
    forcedTls: null,
    forcedHosts: 0,
    messages: 0,
    recipients: 0,
    bytes: 0,
    tls: noTls(),
    places: [],
    ciphers: new Map(),
    cipherPlaces: new Map(),
    keyExchanges: [],
    faults: faults.map(() => 0),
    faultPlaces: [],
    failed: { deferred: 0, bounced: 0, rejected: 0 },
  };
}

function connectorName(cube: Cube, s: number): string | null {
  const id = cube.series.connector[s];
  return id === 0 ? null : cube.connectors[id];
}

function byDirectionAndVolume(a: ConnectorSummary, b: ConnectorSummary): number {
  return (
    directions.indexOf(a.direction) - directions.indexOf(b.direction) ||
    b.messages - a.messages ||
    compare(a.name ?? '', b.name ?? '')
  );
}
