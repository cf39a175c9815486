import type { Direction } from '../model';
import type { InsightId, SettingName } from './index';
import type { Override } from './overrides';
import type { Finding, Severity } from './rule';

/** Thresholds of the rules, each in the unit of its rule; a rule without one is off. */
export interface Limits extends Partial<Record<SettingName, number | undefined>> {
  /** How many messages a share must be of, at least; 1 where none is given. */
  minimum?: Partial<Record<SettingName, number>>;
  /** Severities that the user chose instead of the rules' own. */
  severity?: Partial<Record<InsightId, Severity>>;
  /** Thresholds of single connectors, and insights that are ignored for them. */
  overrides?: readonly Override[];
}

/** A finding about one connector and direction, with the line that proves it. */
export interface Insight extends Finding {
  id: InsightId;
  connector: string | null;
  direction: Direction;
  /** In the unit of the rule. */
  threshold: number;
  severity: Severity;
}
