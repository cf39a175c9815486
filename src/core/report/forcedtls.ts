import type { Cube } from '../cube/cube';
import { ForcedCode, forcedValues, type UnitCode } from '../model';
import type { ConnectorSummary } from './query';
import { rangesOf, type TimeSlices } from './timeslices';

/** Remote cells that one time slice goes through. */
const cellsInSlice = 32_768;

/**
 * Sums messages and attempts of each connector by whether TLS was forced on them. A connector forces TLS where it was
 * forced on all of them: the policy for one destination says nothing about the others.
 */
export class ForcedSums {
  private readonly sums = new Map<number, { attempts: number[]; seen: boolean[] }>();

  /** @param key of the connector. @param attempts 0 where a line only states what the connector is. */
  add(key: number, forced: ForcedCode, attempts: number): void {
    let sum = this.sums.get(key);
    if (!sum) this.sums.set(key, (sum = { attempts: [0, 0, 0], seen: [false, false, false] }));
    sum.attempts[forced] += attempts;
    sum.seen[forced] = true;
  }

  /**
   * Sets what follows for each connector.
   * @param minutes of the period: from the first to the last, exclusive.
   * @param keyOf the key of a series that belongs to the summary, else -1.
   */
  *settle(
    cube: Cube,
    connectors: ReadonlyMap<number, ConnectorSummary>,
    minutes: readonly [number, number],
    unit: UnitCode,
    keyOf: (series: number) => number,
  ): TimeSlices<void> {
    const partly = new Map<number, Set<number>>();
    for (const [key, connector] of connectors) {
      const forced = this.of(key);
      if (forced === 'some') partly.set(key, new Set());
      else connector.forcedTls = forced;
    }
    yield;
    if (partly.size === 0) return;
    yield* addHosts(cube, partly, minutes, unit, keyOf);
    for (const [key, hosts] of partly) connectors.get(key)!.forcedHosts = hosts.size;
  }

  private of(key: number): boolean | null | 'some' {
    const { attempts, seen } = this.sums.get(key)!;
    const has = attempts.some((n) => n > 0) ? attempts.map((n) => n > 0) : seen;
    if (!has[ForcedCode.yes]) return has[ForcedCode.no] ? false : null;
    return has[ForcedCode.no] || has[ForcedCode.unknown] ? 'some' : forcedValues[ForcedCode.yes];
  }
}

/** Adds the hosts on whose mail TLS was forced to their connectors. */
function* addHosts(
  cube: Cube,
  connectors: ReadonlyMap<number, Set<number>>,
  [from, to]: readonly [number, number],
  unit: UnitCode,
  keyOf: (series: number) => number,
): TimeSlices<void> {
  const { series, remoteCells: cells } = cube;
  const hostsOf = Array.from({ length: series.length }, (_, s) =>
    series.forced[s] === ForcedCode.yes && series.unit[s] === unit ? connectors.get(keyOf(s)) : undefined,
  );
  yield;
  for (const range of rangesOf(cells.length, cellsInSlice)) {
    for (let i = range.from; i < range.to; i++) {
      if (cells.messages[i] > 0 && cells.minute[i] >= from && cells.minute[i] < to)
        hostsOf[cells.series[i]]?.add(cells.remote[i]);
    }
    yield;
  }
}
