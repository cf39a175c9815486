import type { Remark } from '../connectors/remark';
import { english, type Translate } from '../text/translate';
import { defaultLimits, rules, type InsightId, type SettingName } from './index';
import type { Limits } from './insight';
import { checkOverrides } from './overrides';
import { hasMinimum, mostMinimum, severities, type Rule, type Severity } from './rule';

/** Limits from settings. */
export interface CheckedLimits {
  limits: Limits;
  /** What is wrong, by the key of the setting; its default was taken, so that no figure follows from half a setting. */
  errors: (Remark & { key: string })[];
  /** What the user should know although nothing is wrong, such as overrides that have expired. */
  notes: (Remark & { key: string })[];
}

/**
 * Reads `insights.<name>.threshold`, `insights.<name>.minimumMessages`, `insights.severity` and `insights.overrides`.
 * @param get the value of a setting by its key without `mailFlow.`; undefined where it is not set.
 * @param today YYYY-MM-DD in the zone of the report.
 */
export function checkLimits(get: (key: string) => unknown, today: string, t: Translate = english): CheckedLimits {
  const limits: Limits = {},
    errors: CheckedLimits['errors'] = [];
  for (const { setting, least, most } of rules) {
    const key = `insights.${setting}.threshold`;
    const value = get(key);
    limits[setting] = defaultLimits[setting];
    if (value === null) limits[setting] = undefined;
    else if (typeof value === 'number' && value >= least && value <= most) limits[setting] = value;
    else if (value !== undefined)
      errors.push({ key, at: [], message: t('A number from {0} to {1} is expected, or null for off.', least, most) });
  }
  for (const rule of rules.filter(hasMinimum)) readMinimum(rule, get, limits, errors, t);
  const severity = get('insights.severity') ?? {};
  if (isSeverities(severity)) {
    if (Object.keys(severity).length > 0) limits.severity = { ...severity };
  } else
    errors.push({
      key: 'insights.severity',
      at: [],
      message: t('An object is expected whose keys are insights and whose values are {0}.', severities.join(', ')),
    });
  const { overrides, errors: wrong, expired } = checkOverrides(get('insights.overrides') ?? [], today, t);
  const inOverrides = (remark: Remark) => ({ ...remark, key: 'insights.overrides' });
  if (wrong.length > 0) errors.push(...wrong.map(inOverrides));
  else if (overrides.length > 0) limits.overrides = overrides;
  return { limits, errors, notes: expired.map(inOverrides) };
}

function readMinimum(
  { setting }: Rule<InsightId, SettingName>,
  get: (key: string) => unknown,
  limits: Limits,
  errors: CheckedLimits['errors'],
  t: Translate,
): void {
  const key = `insights.${setting}.minimumMessages`,
    value = get(key);
  if (value === undefined || value === 1) return;
  if (typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= mostMinimum)
    (limits.minimum ??= {})[setting] = value;
  else errors.push({ key, at: [], message: t('A whole number from {0} to {1} is expected.', 1, mostMinimum) });
}

function isSeverities(value: unknown): value is Partial<Record<InsightId, Severity>> {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    Object.entries(value).every(
      ([id, severity]) => rules.some((rule) => rule.id === id) && severities.includes(severity as Severity),
    )
  );
}
