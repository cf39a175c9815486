/** Checks of settings that anybody may have written. Each returns what is wrong, or undefined. */
import { english, type Translate } from '../text/translate';

/** The value with its members, where it is an object that has some. */
export function membersOf(value: unknown): Record<string, unknown> | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : undefined;
}

/** An optional direction of mail. */
export function directionError(direction: unknown, t: Translate = english): string | undefined {
  return direction === undefined || direction === 'inbound' || direction === 'outbound'
    ? undefined
    : t('"direction" is inbound or outbound.');
}

/** An optional member that is one of some words. */
export function wordError(
  name: string,
  value: unknown,
  words: readonly string[],
  t: Translate = english,
): string | undefined {
  return value === undefined || words.includes(value as string)
    ? undefined
    : t('"{0}" is one of {1}.', name, words.join(', '));
}
