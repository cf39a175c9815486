import { TlsCode, UnitCode, tlsVersions, type Direction, type Milliseconds } from '../core/model';
import type { KeyExchangeSum } from '../core/report/keyexchanges';
import { knownTls, protectedByTls, type TlsCounts } from '../core/report/query';
import type { Period } from '../core/report/period';
import type { PeriodWords } from './coverage';
import { tlsLabel } from '../core/report/sentences';
import type { Text } from './text';

/**
 * The beginning of a sentence about a period: "In the last 7 days"; where the logs cover less, "In the 2 days that the
 * logs cover,". Undefined where they cover nothing of it.
 */
export function sentenceStart(text: Text, { period, from, to, words }: PeriodInWords): string | undefined {
  const { t } = text;
  if (words.covered === 'none') return undefined;
  if (words.covered === 'wholly') return periodPhrase(text, { period, from, to, words });
  return words.days === 1
    ? t('In the 1 day that the logs cover,')
    : t('In the {0} days that the logs cover,', text.number(words.days));
}

/** A period as it was asked for and resolved, and how much of it the logs cover. */
export interface PeriodInWords {
  period: Period;
  from?: Milliseconds;
  to?: Milliseconds;
  words: PeriodWords;
}

/** A period in words, e.g. for a title: "In the last 7 days", or what the logs cover of them. */
export function periodPhrase(text: Text, { period, from, to, words }: PeriodInWords): string {
  const { t } = text;
  if (words.covered === 'partly')
    return words.days === 1
      ? t('In the 1 day that the logs cover')
      : t('In the {0} days that the logs cover', text.number(words.days));
  switch (period) {
    case '7d':
      return t('In the last 7 days');
    case '30d':
      return t('In the last 30 days');
    case '90d':
      return t('In the last 90 days');
    case 'all':
      return t('In the whole log');
  }
  // The end is exclusive: a period that ends at midnight has the day before as its last.
  if (from !== undefined && to !== undefined) return t('From {0} to {1}', text.day(from), text.day(to - 1));
  if (from !== undefined) return t('Since {0}', text.day(from));
  return to !== undefined ? t('Until {0}', text.day(to - 1)) : t('In the whole log');
}

/** "8,453 messages", "1 message"; sessions where those are counted. */
export function counted(text: Text, n: number, unit: UnitCode): string {
  const { t } = text;
  if (unit === UnitCode.session) return n === 1 ? t('1 session') : t('{0} sessions', text.number(n));
  return n === 1 ? t('1 message') : t('{0} messages', text.number(n));
}

/** What is left out of a list: "1 other", "12 others". */
export function others(text: Text, n: number): string {
  return n === 1 ? text.t('1 other') : text.t('{0} others', text.number(n));
}

/**
 * The sentence beside a donut of the widget, in the words of the original: "In the last 7 days 8,453 messages were
 * sent, of which
 * 97% were protected in transit (by TLS)." The share is over messages whose TLS is known; the others are said apart.
 * @param period as `sentenceStart` returns it.
 */
export function flowSentence(
  text: Text,
  direction: Exclude<Direction, 'internal'>,
  period: string | undefined,
  tls: TlsCounts,
  unit: UnitCode,
): string {
  const { t } = text;
  if (period === undefined) return t('No log covers this period.');
  const all = tls.reduce((sum, n) => sum + n, 0),
    known = knownTls(tls);
  const share = text.percent(protectedByTls(tls), known),
    count = counted(text, all, unit);
  if (unit === UnitCode.session) {
    if (all === 0) return t('{0} no sessions were reported.', period);
    return known === 0
      ? t('{0} {1} were reported.', period, count)
      : t('{0} {1} were reported, of which {2} were protected in transit (by TLS).', period, count, share);
  }
  if (direction === 'outbound') {
    if (all === 0) return t('{0} no messages were sent.', period);
    if (all === 1)
      return known === 0
        ? t('{0} 1 message was sent.', period)
        : t('{0} 1 message was sent, of which {1} was protected in transit (by TLS).', period, share);
    return known === 0
      ? t('{0} {1} messages were sent.', period, text.number(all))
      : t(
          '{0} {1} messages were sent, of which {2} were protected in transit (by TLS).',
          period,
          text.number(all),
          share,
        );
  }
  if (all === 0) return t('{0} no messages were received.', period);
  if (all === 1)
    return known === 0
      ? t('{0} 1 message was received.', period)
      : t('{0} 1 message was received, of which {1} was protected in transit (by TLS).', period, share);
  return known === 0
    ? t('{0} {1} messages were received.', period, text.number(all))
    : t(
        '{0} {1} messages were received, of which {2} were protected in transit (by TLS).',
        period,
        text.number(all),
        share,
      );
}

/** What can't be part of a share, or an empty string: "TLS of 3 messages is unknown." */
export function unknownSentence(text: Text, unknown: number, all: number, unit: UnitCode): string {
  const { t } = text;
  if (unknown === 0) return '';
  const count = counted(text, unknown, unit);
  return unknown === all
    ? t('TLS of {0} is unknown: the log does not tell.', count)
    : t('TLS of {0} is unknown; shares are of the other {1}.', count, text.number(all - unknown));
}

/**
 * "No TLS 3%, TLS 1.2 97%": what is not protected first, then the largest share first; unknown is a count, since it is
 * no part of a share.
 * @param most shares named before the rest becomes "…".
 */
export function mixText(text: Text, tls: TlsCounts, most = Infinity): string {
  const known = knownTls(tls);
  const shares = tlsVersions
    .map((version, v) => ({ v, n: tls[v], words: `${tlsLabel(text.t, version)} ${text.percent(tls[v], known)}` }))
    .filter(({ v, n }) => n > 0 && v !== TlsCode.unknown)
    .sort((a, b) => Number(b.v === TlsCode.none) - Number(a.v === TlsCode.none) || b.n - a.n)
    .map(({ words }) => words);
  const shown = shares.length > most ? [...shares.slice(0, most), '…'] : shares;
  if (tls[TlsCode.unknown] > 0) shown.push(text.t('{0} unknown', text.number(tls[TlsCode.unknown])));
  return shown.join(', ');
}

/** How many of some key exchanges a quantum computer could not undo. */
export function keyExchangeSentence(text: Text, found: readonly KeyExchangeSum[], unit: UnitCode): string {
  const { t } = text,
    sum = (some: typeof found) => some.reduce((all, one) => all + one.messages, 0);
  const known = sum(found.filter((one) => one.postQuantum !== undefined)),
    safe = sum(found.filter((one) => one.postQuantum));
  return known > 0
    ? t(
        'Post-quantum key exchange: {0} of {1} ({2}) for which it is known.',
        text.number(safe),
        counted(text, known, unit),
        text.percent(safe, known),
      )
    : t('The log does not tell whether the key exchange was post-quantum.');
}
