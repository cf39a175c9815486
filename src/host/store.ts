import { EventEmitter, type Event } from 'vscode';
import type { Analysis } from '../core/analysis';
import type { Baseline } from '../core/baseline';
import type { Period } from '../core/period';
import { makeReport, type Report } from '../export/report';
import { Disposing } from './dispose';
import type { Settings } from './settings';

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

/** The one mutable thing. Its states are never changed, only replaced, so views may keep what they were given. */
export class Store extends Disposing {
  private readonly changed = this.own(new EventEmitter<State>());
  readonly onDidChange: Event<State> = this.changed.event;
  private derived: { from: unknown[]; report: Report } | undefined;
  private current: State;

  constructor(settings: Settings) {
    super();
    this.current = { files: [], analysis: undefined, reading: undefined, outdated: false, settings, period: settings.period, baseline: undefined };
  }

  get state(): State { return this.current; }

  update(change: Partial<State>): void {
    this.current = { ...this.current, ...change };
    this.changed.fire(this.current);
  }

  /** Figures and insights of the period. They are computed once for each analysis, period, baseline and set of limits; files are never read for them. */
  get report(): Report | undefined {
    const { analysis, period, settings, baseline } = this.current;
    if (!analysis) return undefined;
    const from = [analysis, period, settings.limits, settings.zone, baseline];
    if (!this.derived?.from.every((value, i) => value === from[i])) {
      this.derived = { from, report: makeReport(analysis, { period, zone: settings.zone, limits: settings.limits, baseline }) };
    }
    return this.derived!.report;
  }
}
