import type { Analysis } from '../core/reading/analysis';
import { areSameServers, type Baseline } from '../core/report/baseline';
import { proofOf } from '../core/insights/counted';
import type { Ignored } from '../core/insights/find';
import type { Insight, Limits } from '../core/insights/insight';
import { judgingCube } from '../core/insights/judge';
import { UnitCode, type Direction } from '../core/model';
import type { Place } from '../core/report/order';
import { coveragesOf, leading, type Coverages } from '../core/report/coverage';
import { resolvePeriod, type Period } from '../core/report/period';
import { summarising, type Filter, type Summary } from '../core/report/query';
import { cubeOfServers, filesOfServers, type Server } from '../core/report/servers';
import { allSteps, type TimeSlices } from '../core/report/timeslices';
import { displayText } from '../core/text/display';
import type { Zone } from '../core/text/zone';
import { periodCovered } from '../presentation/coverage';
import type { InsightPeriod } from '../presentation/insight-words';
import type { PeriodInWords } from '../presentation/wording';

/** What the reader of a report asked for. */
export interface View {
  period: Period;
  zone: Zone;
  directions?: Direction[];
  /** Names; null for mail without a connector. */
  connectors?: (string | null)[];
  /** Mail servers; null for mail of which no line names one. Undefined: all. */
  servers?: Server[];
  limits: Limits;
  /** An earlier report to compare with. */
  baseline?: Baseline;
}

/** An analysis seen through a view: what every export writes. */
export interface Report {
  /** With the mail of the view's servers only. */
  analysis: Analysis;
  view: View;
  filter: Filter;
  /** The time that the logs of each unit cover. */
  coverage: Coverages;
  messages: Summary;
  /** What was counted in sessions instead of messages (TLS reports, aggregate reports); never mixed with messages. */
  sessions: Summary;
  /** Worst first. */
  insights: Insight[];
  /** What an override of the user silences. */
  ignored: Ignored[];
}

/** A place as `path:line`, the path made visible. */
function placeText({ analysis }: Report, { file, line }: Place): string {
  return `${displayText(analysis.files[file].path)}:${line}`;
}

/** The line that proves an insight, and the one that counts the message where that is another. */
export function proofText(report: Report, insight: Insight): string {
  const proof = placeText(report, proofOf(insight)),
    counted = placeText(report, insight.place);
  return proof === counted ? proof : `${proof} (${counted})`;
}

/** The period of a report in words, as far as the logs of a unit cover it. */
export function periodInWords({ view, filter: { from, to }, coverage }: Report, unit: UnitCode): PeriodInWords {
  const covered = unit === UnitCode.session ? coverage.sessions : coverage.messages;
  return { period: view.period, from, to, words: periodCovered(covered, view.period, { from, to }) };
}

/** The time that the insights of a report are about. */
export function insightPeriod({ filter, messages }: Report): InsightPeriod {
  return { from: filter.from ?? messages.period?.from ?? 0, to: filter.to ?? messages.period?.to ?? 0 };
}

/** Figures and insights of an analysis for a view. @throws RangeError when a date of the period can't be read. */
export function makeReport(analysis: Analysis, view: View): Report {
  return allSteps(makingReport(analysis, view));
}

/** An earlier report of other servers is no measure. */
function comparable(view: View): View {
  const { baseline, servers } = view;
  return baseline && !areSameServers(baseline.servers, servers) ? { ...view, baseline: undefined } : view;
}

/** `makeReport` in time slices. */
export function* makingReport(whole: Analysis, asked: View): TimeSlices<Report> {
  const view = comparable(asked);
  const analysis = { ...whole, cube: cubeOfServers(whole.cube, view.servers) };
  const coverage = coveragesOf({ ...analysis, files: filesOfServers(whole, view.servers) }, view.zone);
  const filter: Filter = {
    ...resolvePeriod(view.period, analysis.cube, leading(coverage)),
    directions: view.directions,
    connectors: view.connectors,
    servers: view.servers,
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
    coverage.messages,
  );
  return {
    analysis,
    view,
    filter,
    coverage,
    messages,
    sessions: yield* summarising(analysis.cube, filter, UnitCode.session),
    ...judgement,
  };
}
