import type { Analysis } from '../core/reading/analysis';
import type { Baseline } from '../core/report/baseline';
import type { Ignored } from '../core/insights/find';
import type { Insight, Limits } from '../core/insights/insight';
import { judgingCube } from '../core/insights/judge';
import { UnitCode, type Direction } from '../core/model';
import type { Place } from '../core/report/order';
import { resolvePeriod, type Period } from '../core/report/period';
import { summarising, type Filter, type Summary } from '../core/report/query';
import { allSteps, type TimeSlices } from '../core/report/timeslices';
import { displayText } from '../core/text/display';
import type { Zone } from '../core/text/zone';

/** What the reader of a report asked for. */
export interface View {
  period: Period;
  zone: Zone;
  directions?: Direction[];
  /** Names; null for mail without a connector. */
  connectors?: (string | null)[];
  limits: Limits;
  /** An earlier report to compare with. */
  baseline?: Baseline;
}

/** An analysis seen through a view: what every export writes. */
export interface Report {
  analysis: Analysis;
  view: View;
  filter: Filter;
  messages: Summary;
  /** What was counted in sessions instead of messages (TLS reports, aggregate reports); never mixed with messages. */
  sessions: Summary;
  /** Worst first. */
  insights: Insight[];
  /** What an override of the user silences. */
  ignored: Ignored[];
}

/** A place as `path:line`, the path made visible. */
export function placeText({ analysis }: Report, { file, line }: Place): string {
  return `${displayText(analysis.files[file].path)}:${line}`;
}

/** Figures and insights of an analysis for a view. @throws RangeError when a date of the period can't be read. */
export function makeReport(analysis: Analysis, view: View): Report {
  return allSteps(makingReport(analysis, view));
}

/** `makeReport` in time slices. */
export function* makingReport(analysis: Analysis, view: View): TimeSlices<Report> {
  const filter: Filter = {
    ...resolvePeriod(view.period, analysis.cube, (wall) => view.zone.toUtc(wall)),
    directions: view.directions,
    connectors: view.connectors,
  };
  yield;
  const messages = yield* summarising(analysis.cube, filter);
  const judgement = yield* judgingCube(
    analysis.cube,
    filter,
    messages,
    view.limits,
    view.baseline,
    view.zone.dayOf(Date.now()),
  );
  return {
    analysis,
    view,
    filter,
    messages,
    sessions: yield* summarising(analysis.cube, filter, UnitCode.session),
    ...judgement,
  };
}
