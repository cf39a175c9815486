import type { Cube } from '../cube/cube';
import { directions, type Direction } from '../model';
import { directionError, membersOf, wordError } from '../connectors/checks';
import type { Remark } from '../connectors/remark';
import { english, type Translate } from '../text/translate';
import { displayText } from '../text/display';
import { insightIds, rules, type InsightId } from './index';

/**
 * An exception for one connector, from the setting `mailFlow.insights.overrides`: another threshold, or an insight that
 * is ignored, until a day and for a reason.
 */
export interface Override {
  /** Null for mail without a connector. */
  connector: string | null;
  /** Both directions when absent. */
  direction?: Exclude<Direction, 'internal'>;
  /** All insights when absent; a threshold needs one. */
  insight?: InsightId;
  /** In the unit of the insight's rule. */
  threshold?: number;
  ignore?: true;
  reason: string;
  /** The last day on which it holds, YYYY-MM-DD in the zone of the report. */
  until: string;
}

/** Whether an override still holds on a day, YYYY-MM-DD. */
export function holdsOn({ until }: Override, today: string): boolean {
  return today <= until;
}

/** Whether an override is about a connector, direction and insight. */
export function isAbout(
  override: Override,
  connector: string | null,
  direction: Direction,
  insight: InsightId,
): boolean {
  return (
    override.connector === connector &&
    (override.direction === undefined || override.direction === direction) &&
    (override.insight === undefined || override.insight === insight)
  );
}

/**
 * Overrides from a setting that anybody may have written. With an error none of the list may be used: part of it would
 * move limits that its author did not mean to move.
 * @param today YYYY-MM-DD; what has expired by then is named in `expired`, and can't overlap with anything.
 */
export function checkOverrides(
  value: unknown,
  today: string,
  t: Translate = english,
): { overrides: Override[]; errors: Remark[]; expired: Remark[] } {
  if (!Array.isArray(value))
    return { overrides: [], errors: [{ at: [], message: t('A list of overrides is expected.') }], expired: [] };
  const errors: Remark[] = [],
    expired: Remark[] = [],
    overrides: Override[] = [],
    positions: number[] = [];
  for (const [i, one] of value.entries()) {
    const error = overrideError(one, t);
    if (error !== undefined) {
      errors.push({ at: [i], message: t('Override {0}: {1}', i + 1, error) });
      continue;
    }
    // A copy, since the objects of some settings can't be posted to another thread.
    const override: Override = { ...(one as Override) };
    if (!holdsOn(override, today))
      expired.push({
        at: [i, 'until'],
        message: t('Override {0} ({1}) expired on {2} and is not applied.', i + 1, nameOf(override, t), override.until),
      });
    else {
      overrides.push(override);
      positions.push(i + 1);
    }
  }
  for (const [a, b] of overlaps(overrides))
    errors.push({
      at: [positions[b] - 1],
      message: t('Overrides {0} and {1} are about the same connector and insight.', positions[a], positions[b]),
    });
  return { overrides, errors, expired };
}

/** A remark for each override whose connector the logs do not have, at its position in the list. */
export function unknownConnectors(
  overrides: readonly Override[],
  { connectors, series }: Cube,
  t: Translate = english,
): Remark[] {
  if (overrides.length === 0) return [];
  const known = new Set<number>(),
    ids = new Map(connectors.map((name, id) => [name, id]));
  for (let s = 0; s < series.length; s++) known.add((series.connector[s] << 2) | series.direction[s]);
  const has = (direction: Direction, name: string | null) => {
    const id = name === null ? 0 : ids.get(name);
    return id !== undefined && known.has((id << 2) | directions.indexOf(direction));
  };
  return overrides.flatMap((override, i) =>
    (override.direction ? [override.direction] : (['inbound', 'outbound'] as const)).some((one) =>
      has(one, override.connector),
    )
      ? []
      : [
          {
            at: [i, 'connector'],
            message: t(
              'The override for {0} applies to nothing: the logs have no such connector.',
              nameOf(override, t),
            ),
          },
        ],
  );
}

/** Pairs of positions of overrides that are about the same thing, at most one for each override. */
function overlaps(overrides: readonly Override[]): [number, number][] {
  const byConnector = new Map<string | null, number[]>(),
    found: [number, number][] = [];
  for (const [b, { connector, direction, insight }] of overrides.entries()) {
    const others = byConnector.get(connector) ?? [];
    const a = others.find((other) => {
      const { direction: d, insight: i } = overrides[other];
      return (
        (d === undefined || direction === undefined || d === direction) &&
        (i === undefined || insight === undefined || i === insight)
      );
    });
    if (a !== undefined) found.push([a, b]);
    others.push(b);
    byConnector.set(connector, others);
  }
  return found;
}

function overrideError(value: unknown, t: Translate): string | undefined {
  const members = membersOf(value);
  if (!members) return t('an object is expected.');
  const { connector, direction, insight, reason, until } = members;
  if (connector !== null && (typeof connector !== 'string' || connector === ''))
    return t('"connector" is the name of a connector, or null for mail without one.');
  return (
    directionError(direction, t) ??
    wordError('insight', insight, insightIds, t) ??
    effectError(members, t) ??
    (typeof reason !== 'string' || reason.trim() === '' ? t('"reason" is missing.') : undefined) ??
    (typeof until === 'string' && isDay(until) ? undefined : t('"until" is a day, YYYY-MM-DD.'))
  );
}

/** What an override does: it sets another threshold, or ignores. */
function effectError({ insight, threshold, ignore }: Record<string, unknown>, t: Translate): string | undefined {
  if (ignore !== undefined && ignore !== true) return t('"ignore" is true, or absent.');
  if ((threshold === undefined) === (ignore === undefined)) return t('either "threshold" or "ignore" is expected.');
  if (threshold === undefined) return undefined;
  const rule = rules.find(({ id }) => id === insight);
  if (!rule) return t('"threshold" needs an "insight", since each has its own unit.');
  return typeof threshold === 'number' && threshold >= rule.least && threshold <= rule.most
    ? undefined
    : t('"threshold" is a number from {0} to {1}.', rule.least, rule.most);
}

/** Whether it is a day of the calendar; 2026-02-30 is none. */
function isDay(text: string): boolean {
  const time = /^\d{4}-\d\d-\d\d$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : NaN;
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}

function nameOf({ connector }: Override, t: Translate): string {
  return connector === null ? t('mail without a connector') : displayText(connector);
}
