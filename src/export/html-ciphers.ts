import { keyExchangesOf } from '../core/report/keyexchanges';
import { UnitCode } from '../core/model';
import type { Summary } from '../core/report/query';
import { directionLabel } from '../core/report/sentences';
import { displayText } from '../core/text/display';
import type { Text } from '../presentation/text';
import { keyExchangeSentence } from '../presentation/wording';
import type { Markup } from './markup';
import { name, tag } from './markup';

/** A heading and a table; columns from `right` on are numbers. */
type Section = (title: string, head: string[], right: number, rows: (Markup | string)[][]) => Markup;

/** Cipher suites and key exchanges of each direction, where the log has any. */
export function cipherTables({ connectors }: Summary, section: Section, text: Text): Markup[] {
  const { t } = text,
    parts: Markup[] = [],
    suites: (Markup | string)[][] = [],
    exchanges: (Markup | string)[][] = [],
    sentences: Markup[] = [];
  for (const direction of ['outbound', 'inbound'] as const) {
    const own = connectors.filter((connector) => connector.direction === direction),
      sums = new Map<string, number>(),
      found = keyExchangesOf(own),
      label = directionLabel(t, direction);
    for (const { ciphers } of own)
      for (const [suite, messages] of ciphers) sums.set(suite, (sums.get(suite) ?? 0) + messages);
    suites.push(
      ...[...sums]
        .sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
        .map(([suite, messages]) => [label, name(displayText(suite)), text.number(messages)]),
    );
    exchanges.push(
      ...found.map((one) => [
        label,
        name(displayText(one.name)),
        one.postQuantum === undefined ? t('Not known') : one.postQuantum ? t('Yes') : t('No'),
        text.number(one.messages),
      ]),
    );
    if (found.length > 0)
      sentences.push(tag('p', {}, `${label}: ${keyExchangeSentence(text, found, UnitCode.message)}`));
  }
  if (suites.length > 0)
    parts.push(section(t('Cipher suites'), [t('Direction'), t('Cipher suite'), t('Messages')], 2, suites));
  if (exchanges.length > 0)
    parts.push(
      section(t('Key exchange'), [t('Direction'), t('Key exchange'), t('Post-quantum'), t('Messages')], 3, exchanges),
      ...sentences,
    );
  return parts;
}
