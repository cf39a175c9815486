import type { Limits } from './insight';
import type { Rule } from './rule';
import { list } from './rules/list';

export type InsightId = (typeof list)[number]['id'];
export type SettingName = (typeof list)[number]['setting'];

/** Every rule. The order decides between findings that are equally bad. */
export const rules: readonly Rule<InsightId, SettingName>[] = list;
export const insightIds: readonly InsightId[] = rules.map(({ id }) => id);

/**
 * Microsoft's own limits: "No TLS is over 25%" and "TLS 1.0 is above 50%". Every other rule is off until the user sets
 * its threshold.
 */
export const defaultLimits: Limits = Object.fromEntries(
  rules.flatMap((rule) => (rule.default === null ? [] : [[rule.setting, rule.default]])),
);

const byId = new Map(rules.map((rule) => [rule.id, rule]));

export function ruleOf(id: InsightId): Rule<InsightId, SettingName> {
  return byId.get(id)!;
}
