import { isDeepStrictEqual } from 'node:util';
import { ConfigurationTarget, l10n, workspace, type WorkspaceConfiguration } from 'vscode';
import { checkColumns, type ColumnMapping } from '../core/connectors/columns';
import type { Limits } from '../core/insights/insight';
import { checkLimits } from '../core/insights/settings';
import { periods, type Period } from '../core/report/period';
import type { Remark } from '../core/connectors/remark';
import { checkRules } from '../core/connectors/rulechecks';
import type { ConnectorRule } from '../core/connectors/rules';
import { Zone } from '../core/text/zone';
import { translate } from './wording';

/** The user's settings below `mailFlow.`, checked. */
export interface Settings {
  connectors: ConnectorRule[];
  columns: ColumnMapping[];
  limits: Limits;
  period: Period;
  zone: Zone;
  year: number | undefined;
  autoAnalyze: { enabled: boolean; maxBytes: number };
}

/**
 * What is to say about a setting, by its key without `mailFlow.`. Of one that is wrong the default is used; a note is
 * about one that is right but does not do what it seems to.
 */
export interface SettingRemark extends Remark {
  key: string;
  wrong: boolean;
}

/** The settings, and what is wrong with them or should be known: no figure follows from half a setting. */
export function readSettings(config: WorkspaceConfiguration = workspace.getConfiguration('mailFlow')): {
  settings: Settings;
  remarks: SettingRemark[];
} {
  const remarks: SettingRemark[] = [];
  const wrong = (key: string, message: string, at: Remark['at'] = []) => {
    remarks.push({ key, at, wrong: true, message: l10n.t('{0} The default is used.', message) });
  };
  const whole = (key: string, least: number, most: number): number | undefined => {
    const value = config.get<unknown>(key);
    if (value === null || value === undefined) return undefined;
    if (Number.isInteger(value) && (value as number) >= least && (value as number) <= most) return value as number;
    wrong(key, l10n.t('A whole number from {0} to {1} is expected.', String(least), String(most)));
    return undefined;
  };
  const period = (): Period => {
    const value = config.get<unknown>('period');
    const known = periods.find((one) => one === value);
    if (!known) wrong('period', l10n.t('One of {0} is expected.', periods.join(', ')));
    return known ?? '7d';
  };
  const zone = (): Zone => {
    const name = config.get<unknown>('timeZone');
    if (name === '') return Zone.local();
    try {
      if (typeof name === 'string') return new Zone(name);
    } catch {
      /* Said below. */
    }
    wrong('timeZone', l10n.t('The name of a time zone such as Europe/Rome is expected.'));
    return Zone.local();
  };
  // Part of a list would give mail of an entry that is left out to another one, so a list is taken whole or not at all.
  const list = <T>(key: string, check: (value: unknown) => { good: T[]; errors: Remark[]; notes?: Remark[] }): T[] => {
    // A copy, since the objects of settings can't be posted to another thread.
    const { errors, notes = [], good } = check(JSON.parse(JSON.stringify(config.get<unknown>(key) ?? [])));
    for (const { message, at } of errors) wrong(key, message, at);
    remarks.push(...notes.map((note) => ({ ...note, key, wrong: false })));
    return errors.length > 0 ? [] : good;
  };
  const reportZone = zone();
  const limits = checkLimits((key) => config.get<unknown>(key), reportZone.dayOf(Date.now()), translate);
  for (const { key, message, at } of limits.errors) wrong(key, message, at);
  remarks.push(...limits.notes.map((note) => ({ ...note, wrong: false })));
  const settings: Settings = {
    connectors: list('connectors', (value) => {
      const { rules, ...found } = checkRules(value, translate);
      return { ...found, good: rules };
    }),
    columns: list('columns', (value) => {
      const { columns, errors } = checkColumns(value, translate);
      return { errors, good: columns };
    }),
    limits: limits.limits,
    period: period(),
    zone: reportZone,
    year: whole('year', 1970, 9999),
    autoAnalyze: {
      enabled: config.get<unknown>('autoAnalyze.enabled') !== false,
      maxBytes: (whole('autoAnalyze.maxSize', 0, 1_000_000) ?? 512) * 1024 * 1024,
    },
  };
  return { settings, remarks };
}

/**
 * The settings, with those parts of the ones before that are the same: what has been made from them stays as it is, and
 * nothing is drawn anew.
 */
export function keepingSame(before: Settings, after: Settings): Settings {
  return {
    ...after,
    limits: isDeepStrictEqual(before.limits, after.limits) ? before.limits : after.limits,
    zone: before.zone.name === after.zone.name ? before.zone : after.zone,
  };
}

/** Whether logs have to be read again, since something that the reader goes by has changed. */
export function readsDifferently(before: Settings, after: Settings): boolean {
  const read = ({ connectors, columns, zone, year }: Settings) =>
    JSON.stringify([connectors, columns, zone.name, year]);
  return read(before) !== read(after);
}

/** Where a setting goes that a command changes: with the workspace, where there is one that is trusted. */
export function settingsTarget(): ConfigurationTarget {
  return workspace.workspaceFolders && workspace.isTrusted ? ConfigurationTarget.Workspace : ConfigurationTarget.Global;
}
