import type { Cube } from '../src/core/cube/cube';
import type { Insight } from '../src/core/insights/insight';
import type { Ignored } from '../src/core/insights/find';
import { judgeCube } from '../src/core/insights/judge';
import { DirectionCode, OutcomeCode, UnitCode, tlsVersions, type Direction } from '../src/core/model';
import type { Analysis } from '../src/core/reading/analysis';
import {
  coveragesOf,
  coveredOf,
  during,
  leading,
  type Coverage,
  type Coverages,
  type Covered,
  type Span,
} from '../src/core/report/coverage';
import { resolvePeriod, type Period } from '../src/core/report/period';
import { keyExchangesOf, type KeyExchangeSum } from '../src/core/report/keyexchanges';
import {
  spanOf,
  summarise,
  type ConnectorSummary,
  type Filter,
  type Summary,
  type TlsCounts,
} from '../src/core/report/query';
import type { Place } from '../src/core/report/order';
import type { Server } from '../src/core/report/servers';
import { suiteOf } from '../src/core/text/keyexchange';
import { Zone } from '../src/core/text/zone';
import type { ReportSnapshot } from '../src/protocol';
import { earlier, firstPlace } from '../src/presentation/places';
import { detailTable, type DetailTable } from '../src/presentation/details';
import { periodCovered, uncoveredSentence } from '../src/presentation/coverage';
import type { Text } from '../src/presentation/text';
import { PeriodCube } from '../src/presentation/periodcube';
import type { PeriodInWords } from '../src/presentation/wording';
import type { Selection } from './state';

/** Counts by TLS version in the order of `tlsVersions`, with the first line of each. */
export interface TlsFigures {
  tls: TlsCounts;
  places: (Place | undefined)[];
}

/** A cipher suite with its messages and the first of their lines. */
export interface CipherFigures {
  name: string;
  tls: number;
  messages: number;
  place: Place;
}

const zones = new Map<string, Zone>();
/** What is found out about a cube once, however often the reader changes the period. */
interface Known {
  zone: Zone;
  spans: { messages: Span | undefined; sessions: Span | undefined };
  coverage: Coverages;
  periods: PeriodCube;
}
const known = new WeakMap<Cube, Known>();

function knownOf(analysis: Analysis, zone: Zone): Known {
  const { cube } = analysis;
  let facts = known.get(cube);
  if (facts?.zone !== zone) {
    facts = {
      zone,
      spans: facts?.spans ?? { messages: spanOf(cube), sessions: spanOf(cube, UnitCode.session) },
      coverage: coveragesOf(analysis, zone),
      periods: new PeriodCube(cube, zone),
    };
    known.set(cube, facts);
  }
  return facts;
}

/** The figures of a snapshot in one unit. Each is computed when it is first asked for, and then kept. */
export class Report {
  readonly unit: UnitCode;
  readonly zone: Zone;
  /** The cube of the log as far as the period needs it. It tells time in days where the charts do. */
  readonly cube: Cube;
  /** Which of messages and sessions the log has at all. */
  readonly has: { messages: boolean; sessions: boolean };
  /** The time that the logs of this unit cover. */
  readonly coverage: Coverage;
  readonly summary: Summary;
  readonly insights: Insight[];
  /** Insights that the reader's settings ignore for a reason and a time. */
  readonly ignored: Ignored[];
  private readonly details = new Map<string, DetailTable>();
  private readonly days = new Map<number, Covered>();

  /**
   * @param unit the wanted one; where the log has only the other, that is taken.
   * @param servers whose mail the snapshot has, where that is not all mail.
   */
  constructor(
    readonly snapshot: ReportSnapshot,
    unit: UnitCode,
    readonly servers?: readonly Server[],
  ) {
    const {
      analysis: { cube: whole },
      from,
      to,
    } = snapshot;
    const zone = (this.zone = zoneOf(snapshot.timeZone));
    const { spans, periods, coverage } = knownOf(snapshot.analysis, zone);
    this.has = { messages: spans.messages !== undefined, sessions: spans.sessions !== undefined };
    this.unit =
      this.has.sessions && (unit === UnitCode.session || !this.has.messages) ? UnitCode.session : UnitCode.message;
    this.coverage = this.unit === UnitCode.session ? coverage.sessions : coverage.messages;
    this.cube = periods.during(from, to);
    this.summary = summarise(this.cube, this.filter(undefined), this.unit);
    ({ insights: this.insights, ignored: this.ignored } =
      this.unit === UnitCode.message
        ? judgeCube(
            whole,
            this.filter(undefined),
            this.summary,
            snapshot.limits,
            snapshot.baseline,
            this.zone.dayOf(Date.now()),
            coverage.messages,
          )
        : { insights: [], ignored: [] });
  }

  /** The snapshot's period and a selection. Internal hops are never part of it. */
  filter(selection: Selection): Filter {
    const { from, to } = this.snapshot,
      { servers } = this;
    return selection
      ? { from, to, servers, connectors: [selection.connector], directions: [selection.direction] }
      : { from, to, servers, directions: ['inbound', 'outbound'] };
  }

  /** The connectors of a selection, largest first within a direction. */
  connectors(selection: Selection): ConnectorSummary[] {
    return this.summary.connectors.filter(
      (c) => !selection || (c.name === selection.connector && c.direction === selection.direction),
    );
  }

  /** TLS versions of some connectors together. */
  tls(connectors: readonly ConnectorSummary[]): TlsFigures {
    const tls = tlsVersions.map((_, v) => connectors.reduce((sum, c) => sum + c.tls[v], 0));
    return { tls, places: tlsVersions.map((_, v) => firstPlace(connectors.map((c) => c.places[v]))) };
  }

  ofDirection(direction: Direction): TlsFigures {
    return this.tls(this.summary.connectors.filter((c) => c.direction === direction));
  }

  /** The period in words, as far as the logs cover it. */
  get periodInWords(): PeriodInWords {
    const { period, from, to } = this.snapshot;
    return { period, from, to, words: periodCovered(this.coverage, period, { from, to }) };
  }

  /** What of the period's days the logs do not cover, or only partly. */
  uncovered(text: Text): string {
    const { from, to } = this.snapshot;
    return from === undefined || to === undefined ? '' : uncoveredSentence(text, this.coverage, { from, to });
  }

  /** How much of a day, given as if it were UTC, the logs and the period cover. */
  coveredOn(day: number): Covered {
    const { from = -Infinity, to = Infinity } = this.snapshot;
    let covered = this.days.get(day);
    if (!covered) {
      const start = this.zone.toUtc(day),
        end = this.zone.toUtc(day + 86_400_000);
      covered = coveredOf(during(this.coverage, from, to), start, end);
      this.days.set(day, covered);
    }
    return covered;
  }

  /** One row for each day, connector and direction. */
  rows(selection: Selection): DetailTable {
    const key = JSON.stringify(selection ?? null);
    let rows = this.details.get(key);
    if (!rows)
      this.details.set(
        key,
        (rows = detailTable(this.cube, this.filter(selection), this.unit, this.zone, this.connectors(selection))),
      );
    return rows;
  }

  /** The key exchanges of a direction as far as the log tells them, largest first. */
  keyExchanges(direction: 'inbound' | 'outbound'): KeyExchangeSum[] {
    return keyExchangesOf(this.summary.connectors.filter((c) => c.direction === direction));
  }

  /** The cipher suites of a direction, largest first. Messages whose suite is not logged are not among them. */
  ciphers(direction: 'inbound' | 'outbound'): CipherFigures[] {
    const { cube } = this,
      { series, cells } = cube;
    const from = Math.floor((this.snapshot.from ?? -Infinity) / 60_000),
      to = Math.ceil((this.snapshot.to ?? Infinity) / 60_000);
    const code = direction === 'inbound' ? DirectionCode.inbound : DirectionCode.outbound;
    const found = new Map<number, CipherFigures>(),
      suites = cube.ciphers.map(suiteOf),
      ids = suites.map((suite) => suites.indexOf(suite));
    for (let i = 0; i < cells.length; i++) {
      const s = cells.series[i];
      if (
        series.cipher[s] === 0 ||
        series.unit[s] !== this.unit ||
        series.direction[s] !== code ||
        series.outcome[s] !== OutcomeCode.accepted ||
        cells.minute[i] < from ||
        cells.minute[i] >= to
      )
        continue;
      const key = (ids[series.cipher[s]] << 4) | series.tls[s],
        place = { file: cells.file[i], line: cells.line[i] };
      const cipher = found.get(key);
      if (!cipher)
        found.set(key, { name: suites[series.cipher[s]], tls: series.tls[s], messages: cells.messages[i], place });
      else {
        cipher.messages += cells.messages[i];
        cipher.place = earlier(cipher.place, place)!;
      }
    }
    return [...found.values()]
      .filter((cipher) => cipher.messages > 0)
      .sort((a, b) => b.messages - a.messages || (a.name < b.name ? -1 : 1));
  }
}

/** A snapshot in another period, as the host resolves it. One that can't be resolved changes nothing. */
export function inPeriod(snapshot: ReportSnapshot, period: Period): ReportSnapshot {
  const { analysis, timeZone } = snapshot,
    zone = zoneOf(timeZone);
  try {
    const { from, to } = resolvePeriod(period, analysis.cube, leading(knownOf(analysis, zone).coverage));
    return { ...snapshot, period, from, to };
  } catch {
    return snapshot;
  }
}

function zoneOf(name: string): Zone {
  let zone = zones.get(name);
  if (!zone) zones.set(name, (zone = new Zone(name)));
  return zone;
}
