import { isDeepStrictEqual } from 'node:util';
import { EventEmitter, type Event } from 'vscode';
import type { Analysis } from '../../core/reading/analysis';
import type { Baseline } from '../../core/report/baseline';
import type { Limits } from '../../core/insights/insight';
import type { Period } from '../../core/report/period';
import type { TimeSlices } from '../../core/report/timeslices';
import type { Zone } from '../../core/text/zone';
import { makingReport, type Report } from '../../export/report';
import { Disposing } from '../dispose';
import type { Settings } from '../configuration';
import { doInSlices } from '../slices';

/** A log that the user opened, whether it has been read or not. */
export interface LogFile {
  path: string;
  /** In bytes, as stored. */
  size: number;
  /** Left out of the figures by the user. */
  excluded: boolean;
  /** Too large to be read without being asked. */
  waiting: boolean;
  /** What has become of it since it was read. */
  disk: 'same' | 'changed' | 'gone';
}

export interface State {
  files: readonly LogFile[];
  /** The figures on show; of an earlier reading while the same files are read again. */
  analysis: Analysis | undefined;
  /** Bytes read so far of those to read, while reading. */
  reading: { read: number; total: number } | undefined;
  /** The figures are not those of `files` as they are now: the last reading was ended by the user, or failed. */
  outdated: false | 'cancelled' | 'failed';
  settings: Settings;
  /** What the user chose in the report, else that of the settings. */
  period: Period;
  /** The earlier report to compare with. */
  baseline: Baseline | undefined;
}

/** What a report follows from; another one is made when any of them is another object or word. */
interface Inputs {
  analysis: Analysis;
  period: Period;
  limits: Limits;
  zone: Zone;
  baseline: Baseline | undefined;
  /** The period of the settings. */
  usual: Period;
}

/** What was made from its inputs. */
interface Made {
  inputs: Inputs;
  report: Report;
  usual: Report;
}

/** The one mutable thing. Its states are never changed, only replaced, so views may keep what they were given. */
export class Store extends Disposing {
  private readonly changed = this.own(new EventEmitter<State>());
  /**
   * Fires when there is a new state and the report of it, which for ten thousand connectors is a moment after `update`.
   */
  readonly onDidChange: Event<State> = this.changed.event;
  private made: Made | undefined;
  private making: Inputs | undefined;
  private current: State;

  constructor(settings: Settings) {
    super();
    this.current = {
      files: [],
      analysis: undefined,
      reading: undefined,
      outdated: false,
      settings,
      period: settings.period,
      baseline: undefined,
    };
  }

  get state(): State {
    return this.current;
  }

  /**
   * Figures and insights of the period. They are made once for each analysis, period, baseline and set of limits; files
   * are never read for them.
   * While that of a newer state is under way this is the one before, which holds what it was made from.
   */
  get report(): Report | undefined {
    return this.made?.report;
  }

  /**
   * The same of the period of the settings, whatever period is looked at: what the Problems panel and badges tell, which
   * do not change because somebody looks at a chart.
   */
  get usualReport(): Report | undefined {
    return this.made?.usual;
  }

  /** The report of the state, once it is made. */
  async settled(): Promise<Report | undefined> {
    while (this.wanted && !this.disposed)
      await new Promise<void>((resolve) => {
        const once = this.onDidChange(() => {
          once.dispose();
          resolve();
        });
      });
    return this.report;
  }

  update(change: Partial<State>): void {
    this.current = { ...this.current, ...change };
    if (!this.current.analysis) this.made = undefined;
    const { wanted } = this;
    if (wanted && !this.making) {
      this.make(wanted);
      return;
    }
    // A report that is under way is finished even when it is not the last word: a log that is followed may change
    // faster than its report is made.
    if (!wanted) this.making = undefined;
    this.changed.fire(this.current);
  }

  /** What a report has to be made from, or undefined where there is the right one, or nothing to report. */
  private get wanted(): Inputs | undefined {
    const {
      analysis,
      period,
      settings: { limits, zone, period: usual },
      baseline,
    } = this.current;
    const inputs = analysis && { analysis, period, limits, zone, baseline, usual };
    return inputs && this.made && same(this.made.inputs, inputs) ? undefined : inputs;
  }

  private make(inputs: Inputs): void {
    this.making = inputs;
    try {
      doInSlices(
        making(inputs, this.made),
        (made) => {
          this.making = undefined;
          this.made = made;
          this.changed.fire(this.current);
          const { wanted } = this;
          if (wanted && !this.making) this.make(wanted);
        },
        () => this.making === inputs && !this.disposed,
      );
    } catch (error) {
      this.making = undefined;
      throw error;
    }
  }
}

/** Makes both reports, the one of the settings' period only where it is another one. */
function* making(inputs: Inputs, before: Made | undefined): TimeSlices<Made> {
  const { analysis, usual, ...view } = inputs;
  const report = yield* makingReport(analysis, view);
  if (isDeepStrictEqual(view.period, usual)) return { inputs, report, usual: report };
  const known = before && same({ ...before.inputs, period: usual }, { ...inputs, period: usual });
  return { inputs, report, usual: known ? before.usual : yield* makingReport(analysis, { ...view, period: usual }) };
}

function same(a: Inputs, b: Inputs): boolean {
  return (Object.keys(a) as (keyof Inputs)[]).every((key) => a[key] === b[key]);
}
