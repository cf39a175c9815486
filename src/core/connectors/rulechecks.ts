import { connectorTypes, type ConnectorType } from '../model';
import type { Remark } from './remark';
import { floors, wildcard, type ConnectorRule } from './rules';
import { Network } from '../text/address';
import { english, type Translate } from '../text/translate';
import { displayText } from '../text/display';

const conditions = ['hosts', 'addresses', 'names'] as const;

/**
 * Rules from a setting that anybody may have written. Each wrong one is left out and named in `errors`; `notes` name those that are right
 * but get no mail, since an earlier one takes all of it.
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
    const empty = conditions.find((condition) => rule[condition]?.length === 0);
    if (empty)
      return [
        {
          at: [i, empty],
          message: t(
            'Connector {0} ({1}) gets no mail: its list "{2}" is empty.',
            i + 1,
            displayText(rule.name),
            empty,
          ),
        },
      ];
    const before = rules.slice(0, i).findIndex((one) => takesAllOf(one, rule));
    return before < 0
      ? []
      : [
          {
            at: [i],
            message: t(
              'Connector {0} ({1}) gets no mail: connector {2} ({3}) stands before it and takes all of it.',
              i + 1,
              displayText(rule.name),
              before + 1,
              displayText(rules[before].name),
            ),
          },
        ];
  });
}

/** Whether every message to which the second rule applies is one to which the first applies. False where that can't be told. */
function takesAllOf(first: ConnectorRule, second: ConnectorRule): boolean {
  if (first.direction !== undefined && first.direction !== second.direction) return false;
  return conditions.every((condition) => {
    const wide = first[condition],
      narrow = second[condition];
    return (
      !wide ||
      (narrow !== undefined &&
        narrow.every((one) =>
          wide.some((other) => (condition === 'addresses' ? holdsNetwork(other, one) : wildcard(other)(one))),
        ))
    );
  });
}

/** Whether a network, or address, lies in another one. */
function holdsNetwork(wide: string, narrow: string): boolean {
  const inner = Network.of(narrow);
  return inner !== undefined && Network.of(wide)?.holds(inner) === true;
}

function ruleError(rule: unknown, t: Translate): string | undefined {
  if (typeof rule !== 'object' || rule === null) return t('an object is expected.');
  const { name, direction, type, requireTls, ...lists } = rule as Record<string, unknown>;
  if (typeof name !== 'string' || name === '') return t('"name" is missing.');
  if (direction !== undefined && direction !== 'inbound' && direction !== 'outbound')
    return t('"direction" is inbound or outbound.');
  if (type !== undefined && !connectorTypes.includes(type as ConnectorType))
    return t('"{0}" is one of {1}.', 'type', connectorTypes.join(', '));
  if (requireTls !== undefined && !(typeof requireTls === 'string' && Object.hasOwn(floors, requireTls)))
    return t('"{0}" is one of {1}.', 'requireTls', Object.keys(floors).join(', '));
  for (const key of conditions) {
    const list = lists[key];
    if (list !== undefined && !(Array.isArray(list) && list.every((one) => typeof one === 'string')))
      return t('"{0}" is a list of strings.', key);
  }
  const wrong = (lists.addresses as string[] | undefined)?.find((one) => Network.of(one) === undefined);
  return wrong === undefined ? undefined : t('{0} is not an address or network.', displayText(JSON.stringify(wrong)));
}
