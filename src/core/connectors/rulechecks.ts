import { connectorTypes } from '../model';
import { directionError, membersOf, wordError } from './checks';
import type { Remark } from './remark';
import { floors, wildcard, type ConnectorRule } from './rules';
import { Network } from '../text/address';
import { english, type Translate } from '../text/translate';
import { displayText } from '../text/display';

const conditions = ['hosts', 'addresses', 'names'] as const;

/**
 * Rules from a setting that anybody may have written. Each wrong one is left out and named in `errors`; `notes` name
 * those that are right but get no mail, since an earlier one takes all of it.
 */
export function checkRules(
  value: unknown,
  t: Translate = english,
): { rules: ConnectorRule[]; errors: Remark[]; notes: Remark[] } {
  if (!Array.isArray(value))
    return { rules: [], errors: [{ at: [], message: t('A list of connectors is expected.') }], notes: [] };
  const errors: Remark[] = [];
  const rules = value.filter((rule: unknown, i): rule is ConnectorRule => {
    const error = ruleError(rule, t);
    if (error !== undefined) errors.push({ at: [i], message: t('Connector {0}: {1}', i + 1, error) });
    return error === undefined;
  });
  return { rules, errors, notes: errors.length > 0 ? [] : idleRules(rules, t) };
}

/** A remark for each rule that can't apply to anything. */
function idleRules(rules: readonly ConnectorRule[], t: Translate): Remark[] {
  return rules.flatMap((rule, i): Remark[] => {
    const name = displayText(rule.name);
    const empty = conditions.find((condition) => rule[condition]?.length === 0);
    if (empty) {
      const message = t('Connector {0} ({1}) gets no mail: its list "{2}" is empty.', i + 1, name, empty);
      return [{ at: [i, empty], message }];
    }
    const before = rules.slice(0, i).findIndex((one) => takesAllOf(one, rule));
    if (before < 0) return [];
    const message = t(
      'Connector {0} ({1}) gets no mail: connector {2} ({3}) stands before it and takes all of it.',
      i + 1,
      name,
      before + 1,
      displayText(rules[before].name),
    );
    return [{ at: [i], message }];
  });
}

/** Whether the first rule applies to every message to which the second applies. False where nobody can know. */
function takesAllOf(first: ConnectorRule, second: ConnectorRule): boolean {
  if (first.direction !== undefined && first.direction !== second.direction) return false;
  return conditions.every((condition) => {
    const wide = first[condition];
    if (!wide) return true;
    const holds = condition === 'addresses' ? holdsNetwork : (other: string, one: string) => wildcard(other)(one);
    return second[condition]?.every((one) => wide.some((other) => holds(other, one))) ?? false;
  });
}

/** Whether a network, or address, lies in another one. */
function holdsNetwork(wide: string, narrow: string): boolean {
  const inner = Network.of(narrow);
  return inner !== undefined && Network.of(wide)?.holds(inner) === true;
}

function ruleError(rule: unknown, t: Translate): string | undefined {
  const members = membersOf(rule);
  if (!members) return t('an object is expected.');
  const { name, direction, type, requireTls } = members;
  if (typeof name !== 'string' || name === '') return t('"name" is missing.');
  return (
    directionError(direction, t) ??
    wordError('type', type, connectorTypes, t) ??
    wordError('requireTls', requireTls, Object.keys(floors), t) ??
    conditionsError(members, t)
  );
}

function conditionsError(members: Record<string, unknown>, t: Translate): string | undefined {
  const wrongList = conditions.find((condition) => !isListOfStrings(members[condition]));
  if (wrongList !== undefined) return t('"{0}" is a list of strings.', wrongList);
  const wrongAddress = (members.addresses as string[] | undefined)?.find((one) => !Network.of(one));
  return wrongAddress === undefined
    ? undefined
    : t('{0} is not an address or network.', displayText(JSON.stringify(wrongAddress)));
}

/** Whether an optional member is a list of strings. */
function isListOfStrings(value: unknown): boolean {
  return value === undefined || (Array.isArray(value) && value.every((one) => typeof one === 'string'));
}
