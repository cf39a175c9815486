import type { Cube } from '../core/cube/cube';
import { connectorTypes, DirectionCode, OutcomeCode, type Milliseconds, type UnitCode } from '../core/model';
import { minutesOf, type Filter } from '../core/report/query';
import type { Place } from '../core/report/order';
import { domainOf } from '../core/text/domain';
import { earlier } from './places';

/** Mail between this organization and one party in one direction on a day. */
export interface Flow {
  direction: 'inbound' | 'outbound';
  /** What `party` is: a type of connectors, a domain of the log, or all that have no band of their own. */
  kind: 'type' | 'domain' | 'others';
  party: string;
  messages: number;
  place: Place;
}

/** Most domains on a side of the map; the rest are `others`. @internal for tests */
export const mostParties = 10;

/**
 * Flows by the type of the connector. Mail without a connector is from and to the internet; a connector whose type is
 * not known stays `unknown`.
 */
export function typeFlows(cube: Cube, filter: Filter, unit: UnitCode): Flow[] {
  const { cells, series } = cube;
  return sum(cube, filter, unit, 'type', cells, (s) =>
    series.connector[s] === 0 && series.type[s] === 0 ? 'internet' : connectorTypes[series.type[s]],
  );
}

/** Flows by the domain of the remote host, the smaller ones together. */
export function domainFlows(cube: Cube, filter: Filter, unit: UnitCode): Flow[] {
  const domains = cube.remotes.map(domainOf);
  const all = sum(cube, filter, unit, 'domain', cube.remoteCells, (_, i) => domains[cube.remoteCells.remote[i]]);
  return (['inbound', 'outbound'] as const).flatMap((direction) => {
    const own = all.filter((flow) => flow.direction === direction),
      named = own.filter(({ party }) => party !== '(other)');
    const shown = named.slice(0, mostParties),
      rest = [...named.slice(mostParties), ...own.filter(({ party }) => party === '(other)')];
    return rest.length === 0
      ? shown
      : [
          ...shown,
          rest.reduce<Flow>(
            (a, b) => ({ ...a, messages: a.messages + b.messages, place: earlier(a.place, b.place)! }),
            { direction, kind: 'others', party: '', messages: 0, place: rest[0].place },
          ),
        ];
  });
}

/** The days with mail, oldest first, as `dayOf` names them. */
export function flowDays(
  cube: Cube,
  filter: Filter,
  unit: UnitCode,
  dayOf: (moment: Milliseconds) => Milliseconds,
): Milliseconds[] {
  const days = new Set<Milliseconds>(),
    quarters = new Set<number>();
  each(cube, filter, unit, cube.cells, (i) => quarters.add(Math.floor(cube.cells.minute[i] / 15)));
  for (const quarter of quarters) days.add(dayOf(quarter * 900_000));
  return [...days].sort((a, b) => a - b);
}

function sum(
  cube: Cube,
  filter: Filter,
  unit: UnitCode,
  kind: Flow['kind'],
  cells: Cube['cells'] | Cube['remoteCells'],
  partyOf: (series: number, cell: number) => string,
): Flow[] {
  const flows = new Map<string, Flow>();
  each(cube, filter, unit, cells, (i, s) => {
    const direction = cube.series.direction[s] === DirectionCode.inbound ? 'inbound' : 'outbound',
      party = partyOf(s, i),
      key = `${direction} ${party}`,
      place = { file: cells.file[i], line: cells.line[i] };
    const flow = flows.get(key);
    if (!flow) flows.set(key, { direction, kind, party, messages: cells.messages[i], place });
    else {
      flow.messages += cells.messages[i];
      flow.place = earlier(flow.place, place)!;
    }
  });
  return [...flows.values()]
    .filter(({ messages }) => messages > 0)
    .sort((a, b) => a.direction.localeCompare(b.direction) || b.messages - a.messages || (a.party < b.party ? -1 : 1));
}

function each(
  cube: Cube,
  filter: Filter,
  unit: UnitCode,
  cells: Cube['cells'] | Cube['remoteCells'],
  found: (cell: number, series: number) => void,
): void {
  const { series } = cube,
    [from, to] = minutesOf(filter, cells === cube.remoteCells ? cube.remoteMinutes : 1);
  for (let i = 0; i < cells.length; i++) {
    const s = cells.series[i],
      minute = cells.minute[i];
    if (
      minute >= from &&
      minute < to &&
      series.unit[s] === unit &&
      series.outcome[s] === OutcomeCode.accepted &&
      series.direction[s] !== DirectionCode.internal
    )
      found(i, s);
  }
}

/**
 * A band of the map: where it meets the party's bar and the bar of the organization. Heights are in the unit of
 * `height`.
 */
export interface Band {
  flow: Flow;
  party: number;
  organization: number;
  thickness: number;
}

/** Bands of one side from top to bottom, with a gap between parties; all sides of a map share the scale. */
export function bandsOf(flows: readonly Flow[], height: number, gap: number, scale: number): Band[] {
  const total = flows.reduce((all, { messages }) => all + messages * scale, 0),
    spread = total + gap * Math.max(0, flows.length - 1);
  let party = (height - spread) / 2,
    organization = (height - total) / 2;
  return flows.map((flow) => {
    const thickness = flow.messages * scale,
      band = { flow, party, organization, thickness };
    party += thickness + gap;
    organization += thickness;
    return band;
  });
}
