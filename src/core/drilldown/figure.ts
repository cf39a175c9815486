import { bucketStart, type Cube } from '../cube/cube';
import { fileOf, lineOf, placeCode } from '../cube/placecode';
import {
  faults,
  outcomes,
  tlsVersions,
  directions,
  units,
  type Direction,
  type Fault,
  type Outcome,
  type TlsVersion,
  type Unit,
} from '../model';
import { minutesOf, type Filter } from '../report/query';
import { serverTest } from '../report/servers';
import type { Place } from '../report/order';
import { domainOf } from '../text/domain';
import { groupOf } from '../cube/hostgroup';
import { suiteOf } from '../text/keyexchange';

/**
 * Which events a figure of a report counts: what is asked for when its lines are shown. It can be posted and goes into
 * links, so it has names and no codes.
 */
export interface Figure extends Filter {
  /** Messages, unless sessions are asked for. */
  unit?: Unit;
  /** Only `accepted`, which is what volume is, unless others are asked for. */
  outcomes?: readonly Outcome[];
  tls?: readonly TlsVersion[];
  /** Cipher suites by their logged names. */
  ciphers?: readonly string[];
  fault?: Fault;
  /** Remote hosts, or the domains that they belong to; '' for mail of which no host is logged. */
  hosts?: readonly string[];
  domains?: readonly string[];
}

/** The directions of a figure that names none: what is volume. */
const volumeDirections: readonly Direction[] = ['inbound', 'outbound'];

/** Whether a figure is counted by remote hosts, whose times may be known less finely. */
function isByHost({ hosts, domains }: Figure): boolean {
  return hosts !== undefined || domains !== undefined;
}

/** How finely the cube knows the times behind a figure. */
export function stepOf(cube: Cube, figure: Figure): number {
  return isByHost(figure) ? cube.remoteMinutes : cube.cellMinutes;
}

/** Tests of the small enumerations and names of a figure, as masks and look-ups. */
export class FigureTest {
  private readonly unit: number;
  private readonly directions: number;
  private readonly outcomes: number;
  private readonly tls: number;
  private readonly fault: number;
  private readonly from: number;
  private readonly to: number;
  private readonly isServed: (id: number, name: string) => boolean;

  /** @param step minutes per time bucket of the cube that the figure is from. */
  constructor(
    private readonly figure: Figure,
    private readonly step: number,
  ) {
    this.unit = units.indexOf(figure.unit ?? 'message');
    this.directions = mask(directions, figure.directions ?? volumeDirections);
    // What went wrong is counted whatever became of the message.
    this.outcomes = mask(outcomes, figure.outcomes ?? (figure.fault !== undefined ? outcomes : ['accepted']));
    this.tls = mask(tlsVersions, figure.tls ?? tlsVersions);
    this.fault = figure.fault === undefined ? -1 : faults.indexOf(figure.fault);
    this.isServed = serverTest(figure.servers);
    [this.from, this.to] = minutesOf(figure, isByHost(figure) ? step : 1);
  }

  kind(unit: number, direction: number, outcome: number, tls: number, fault: number): boolean {
    return (
      unit === this.unit &&
      ((this.directions >> direction) & 1) === 1 &&
      ((this.outcomes >> outcome) & 1) === 1 &&
      ((this.tls >> tls) & 1) === 1 &&
      (this.fault < 0 || fault === this.fault)
    );
  }

  minute(minute: number): boolean {
    const start = bucketStart(minute, this.step);
    return start >= this.from && start < this.to;
  }

  /** @param id 0 is mail without a connector, whatever its name. */
  connector(id: number, name: string): boolean {
    return this.figure.connectors === undefined || this.figure.connectors.includes(id === 0 ? null : name);
  }

  /** @param id 0 is mail of which no line names a server. */
  server(id: number, name: string): boolean {
    return this.isServed(id, name);
  }

  /** @param word the suite, maybe with its key exchange. */
  cipher(word: string): boolean {
    return this.figure.ciphers === undefined || this.figure.ciphers.includes(suiteOf(word));
  }

  /** @param name a host, or the group that it is counted in. */
  host(name: string): boolean {
    return (
      (this.figure.hosts === undefined ||
        this.figure.hosts.includes(name) ||
        this.figure.hosts.includes(groupOf(name))) &&
      (this.figure.domains === undefined || this.figure.domains.includes(domainOf(name)))
    );
  }
}

/**
 * What the cube says about a figure: its messages (or sessions), and the first line of each of its cells in the order
 * of files and lines.
 * @param most places that are wanted.
 */
export function lookUp(cube: Cube, figure: Figure, most = 0): { messages: number; places: Place[] } {
  const { series } = cube;
  const cells = isByHost(figure) ? cube.remoteCells : cube.cells;
  const test = new FigureTest(figure, stepOf(cube, figure));
  const pass = Uint8Array.from({ length: series.length }, (_, s) =>
    Number(
      test.kind(series.unit[s], series.direction[s], series.outcome[s], series.tls[s], series.fault[s]) &&
        test.connector(series.connector[s], cube.connectors[series.connector[s]]) &&
        test.server(series.server[s], cube.servers[series.server[s]]) &&
        test.cipher(cube.ciphers[series.cipher[s]]),
    ),
  );
  const hosts = 'remote' in cells ? Uint8Array.from(cube.remotes, (name) => Number(test.host(name))) : undefined;
  let messages = 0;
  let length = 0;
  // As numbers, which are sorted many times as fast as objects.
  const places = new Float64Array(most > 0 ? cells.length : 0);
  for (let i = 0; i < cells.length; i++) {
    if (
      pass[cells.series[i]] === 0 ||
      !test.minute(cells.minute[i]) ||
      (hosts && 'remote' in cells && hosts[cells.remote[i]] === 0)
    )
      continue;
    messages += cells.messages[i];
    if (most > 0 && cells.messages[i] > 0) places[length++] = placeCode(cells.file[i], cells.line[i]);
  }
  const first = [...places.subarray(0, length).sort().subarray(0, most)];
  return { messages, places: first.map((place) => ({ file: fileOf(place), line: lineOf(place) })) };
}

function mask<T>(all: readonly T[], wanted: readonly T[]): number {
  return wanted.reduce((bits, one) => bits | (1 << all.indexOf(one)), 0);
}

/** Most names in a list of a figure. */
const mostNames = 512;

type Test = (value: unknown) => boolean;
const isText: Test = (value) => typeof value === 'string';
const isTime: Test = (value) => typeof value === 'number' && Number.isFinite(value);
const isOneOf =
  (words: readonly unknown[]): Test =>
  (value) =>
    words.includes(value);
const isListOf =
  (test: Test): Test =>
  (value) =>
    Array.isArray(value) && value.length <= mostNames && value.every(test);

/** What each member of a figure may be, where it has it. */
const members: Record<keyof Figure, Test> = {
  from: isTime,
  to: isTime,
  directions: isListOf(isOneOf(directions)),
  connectors: isListOf((name) => name === null || isText(name)),
  servers: isListOf((name) => name === null || isText(name)),
  unit: isOneOf(units),
  outcomes: isListOf(isOneOf(outcomes)),
  tls: isListOf(isOneOf(tlsVersions)),
  ciphers: isListOf(isText),
  fault: isOneOf(faults),
  hosts: isListOf(isText),
  domains: isListOf(isText),
};

/**
 * A figure from a message or a link, or undefined for anything that is none: text of strangers may have led who sends
 * it.
 */
export function readFigure(value: unknown): Figure | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const given = value as Record<string, unknown>;
  const figure: Record<string, unknown> = {};
  for (const [name, fits] of Object.entries(members)) {
    const member = given[name];
    if (member !== undefined && !fits(member)) return undefined;
    figure[name] = member;
  }
  return figure;
}
