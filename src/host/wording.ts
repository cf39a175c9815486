/** Numbers, names and sentences as this window's user reads them. */
import { basename } from 'node:path';
import { env, l10n } from 'vscode';
import type { Insight } from '../core/insights/insight';
import { insightSentence, insightShare as shareOf } from '../core/insights/insightsentences';
import { failureSentence } from '../core/report/failures';
import type { Translate } from '../core/text/translate';
import { insightPeriod, type Report } from '../export/report';
import { Text } from '../presentation/text';
import { displayText } from '../core/text/display';
import { shareText } from '../core/text/share';

/** Sentences of the core in the user's language. */
export const translate: Translate = (message, ...args) => l10n.t(message, ...args);

const locale = Intl.NumberFormat.supportedLocalesOf([env.language]).length > 0 ? env.language : 'en';
/** Thousands are always set apart, also where a language does it only from 10,000 on, as in the report. */
const integers = new Intl.NumberFormat(locale, { useGrouping: 'always' } as Intl.NumberFormatOptions);

export function number(n: number): string {
  return integers.format(n);
}

/** Percentages by their number of decimals; making one takes longer than all the rest of a sentence. */
const percentages = new Map<number, Intl.NumberFormat>();

/** A share from 0 to 1 as a percentage with at most so many decimals. */
function percent(share: number, digits: number): string {
  let format = percentages.get(digits);
  if (!format)
    percentages.set(
      digits,
      (format = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: digits })),
    );
  return format.format(share);
}

/** `part` of `of` as a percentage that never claims too much. */
export function share(part: number, of: number): string {
  return shareText(part, of, percent);
}

/** "1 message", "8,453 messages". */
export function messageCount(n: number): string {
  return n === 1 ? l10n.t('1 message') : l10n.t('{0} messages', number(n));
}

/** "1 session", "8,453 sessions". */
export function sessionCount(n: number): string {
  return n === 1 ? l10n.t('1 session') : l10n.t('{0} sessions', number(n));
}

/** "1 insight", "12 insights". */
export function insightCount(n: number): string {
  return n === 1 ? l10n.t('1 insight') : l10n.t('{0} insights', number(n));
}

/** "1 line", "8,453 lines". */
export function lineCount(n: number): string {
  return n === 1 ? l10n.t('1 line') : l10n.t('{0} lines', number(n));
}

/** A size such as "1.2 GB". */
export function bytesText(bytes: number): string {
  const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'];
  const power = Math.min(units.length - 1, bytes < 1 ? 0 : Math.floor(Math.log10(bytes) / 3));
  return new Intl.NumberFormat(locale, {
    style: 'unit',
    unit: units[power],
    unitDisplay: power === 0 ? 'long' : 'short',
    maximumFractionDigits: 1,
  }).format(bytes / 1000 ** power);
}

/** The days from one moment to another in a zone, e.g. "Nov 3 – 10, 2026". */
export function days(from: number, to: number, timeZone: string): string {
  return new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeZone }).formatRange(from, to);
}

/**
 * Text of strangers (names in logs, names of files) for a place where VS Code looks for icons or links in plain
 * strings: labels,
 * notifications, quick picks. `$(icon)` and `[text](command:…)` lose their meaning, and control characters become
 * visible.
 */
export function plainText(text: string): string {
  return displayText(text).replace(/\$\(/g, '$ (').replace(/\]\(/g, '] (');
}

/** The last part of a path, safe to show. */
export function fileName(path: string): string {
  return plainText(basename(path));
}

/** Names of files for a list, in the same order: the last parts of their paths, as many as tell them apart. */
export function baseNames(paths: readonly string[]): string[] {
  const names = paths.map((path) => path.split(/[\\/]/)),
    shown = paths.slice();
  let open = names.map((_, i) => i);
  for (let parts = 1; parts < 4 && open.length > 0; parts++) {
    const times = new Map<string, number>();
    const label = (i: number) => names[i].slice(-parts).join('/');
    for (const i of open) times.set(label(i), (times.get(label(i)) ?? 0) + 1);
    open = open.filter((i) => {
      if (times.get(label(i))! > 1) return true;
      shown[i] = label(i);
      return false;
    });
  }
  return shown;
}

/** Names of files in a sentence: at most three, then how many more. */
export function fileNames(paths: readonly string[]): string {
  const shown = paths.slice(0, 3).map(fileName).join(', ');
  return paths.length > 3 ? l10n.t('{0} and {1} more', shown, number(paths.length - 3)) : shown;
}

/** The share of an insight, which is over its threshold and reads so; of a volume, by how much it changed. */
export function insightShare(insight: Insight): string {
  return shareOf(insight, percent);
}

let dates: { zone: string; text: Text } | undefined;

/** Dates in a zone; making their formats takes longer than all the rest of a sentence. */
function datesIn(zone: string): Text {
  if (dates?.zone !== zone) dates = { zone, text: new Text(locale, {}, zone) };
  return dates.text;
}

/** An insight of a report as a sentence, with period and share in the user's notation. */
export function insightText(insight: Insight, report: Report): string {
  const { from, to } = insightPeriod(report),
    period = datesIn(report.view.zone.name).span(from, to);
  return plainText(insightSentence(translate, insight, period, number, percent));
}

/** Why a file could not be read, from the system's error code or a problem of its container. */
export function failureText(code = 'EIO'): string {
  return failureSentence(translate, code);
}
