import { l10n } from 'vscode';
import type { FigureLine } from '../../protocol';
import type { RawLine } from './excerpt';
import {
  baseNames,
  bytesText,
  failureText,
  fileNames,
  lineCount,
  messageCount,
  number,
  sessionCount,
} from '../wording';
import { displayText } from '../../core/text/display';

/** Where a search for the lines behind a figure stands. */
export interface Found {
  title: string;
  sessions: boolean;
  /** Messages or sessions that the report counts. */
  counted: number;
  /** Messages or sessions, and lines, of all that was found so far. */
  messages: number;
  lines: number;
  /** The last of these lines: those before are no longer shown. */
  rows: FigureLine[];
  /** Lines that the report knows and the search has not reached. */
  early: FigureLine[];
  state: 'searching' | 'page' | 'done' | 'cancelled' | 'failed';
  progress: { read: number; total: number };
  unread: { path: string; code: string }[];
}

/** A text, and for its lines what they lead to: a place in a log, or more lines. */
export interface FigureText {
  text: string;
  places: Map<number, RawLine & { width: number }>;
  more: number[];
}

/** Widest column of places. */
const widest = 60;

/** The lines that were found, in the order of the logs, each with its place, below what they are. */
export function figureText(found: Found): FigureText {
  const { title, state, lines, rows } = found;
  const places: FigureText['places'] = new Map(),
    more: number[] = [];
  const head = [title, statusText(found)];
  if (rows.length < lines)
    head.push(l10n.t('Lines {0} to {1} are shown here.', number(lines - rows.length + 1), number(lines)));
  if (found.unread.length > 0)
    head.push(
      l10n.t(
        'Not searched to their end: {0}. {1}',
        fileNames(found.unread.map(({ path }) => path)),
        failureText(found.unread[0].code),
      ),
    );
  const goOn = state === 'page' || state === 'cancelled' ? l10n.t('Show more lines') : undefined;
  if (goOn !== undefined) {
    more.push(head.length);
    head.push(goOn);
  }
  head.push('');
  const sorted = inOrder(found).flatMap(entriesOf),
    paths = [...new Set(sorted.map(({ path }) => path))],
    names = new Map(baseNames(paths).map((name, i) => [paths[i], displayText(name)]));
  const labels = sorted.map(({ path, line }) => `${names.get(path)}:${line}`),
    width = Math.min(
      widest,
      labels.reduce((most, label) => Math.max(most, label.length), 0),
    );
  const text = sorted.map((row, i) => {
    places.set(head.length + i, { path: row.path, line: row.line, width: labels[i].length });
    return `${labels[i].padEnd(width)}  ${row.text}`;
  });
  const tail = goOn !== undefined && sorted.length > 0 ? ['', goOn] : [];
  if (tail.length > 0) more.push(head.length + text.length + 1);
  return { text: [...head, ...text, ...tail].join('\n'), places, more };
}

interface Entry extends RawLine {
  text: string;
}

/** A counted line, and below it the one that shows its TLS. */
function entriesOf({ path, line, count, text, tls }: FigureLine): Entry[] {
  const many = count > 1 ? `${number(count)} × ` : '';
  const counted = { path, line, text: many + rawText(text) };
  if (!tls) return [counted];
  const raw = rawText(tls.text),
    proof = tls.none ? l10n.t('no line from here to there shows TLS: {0}', raw) : l10n.t('shows the TLS: {0}', raw);
  return [counted, { path: tls.path, line: tls.line, text: `  ↳ ${proof}` }];
}

function rawText(text: string | undefined): string {
  return text === undefined ? l10n.t('(this line is no longer there)') : oneLine(text);
}

function statusText({ sessions, counted, messages, lines, state, progress }: Found): string {
  const units = (n: number) => (sessions ? sessionCount(n) : messageCount(n));
  const so = l10n.t('{0} of {1} so far, in {2}.', number(messages), units(counted), lineCount(lines));
  switch (state) {
    case 'searching':
      return progress.total > 0
        ? `${so} ${l10n.t('Searching: {0} of {1}…', bytesText(progress.read), bytesText(progress.total))}`
        : `${so} ${l10n.t('Searching…')}`;
    case 'page':
      return so;
    case 'cancelled':
      return `${so} ${l10n.t('The search was cancelled.')}`;
    case 'failed':
      return `${so} ${l10n.t('The reading process stopped; run the command again.')}`;
    case 'done':
      return messages === counted
        ? l10n.t('{0} in {1}: all that the report counts.', units(counted), lineCount(lines))
        : l10n.t(
            'The report counts {0}, and these lines {1}: a log has changed since it was read, or is gone. Refresh the report.',
            units(counted),
            number(messages),
          );
  }
}

/**
 * Lines in the order of their logs, as far as the search has come; those of logs that it has not reached are last. What
 * is known early and was found is shown once.
 */
function inOrder({ rows, early }: Found): FigureLine[] {
  const ranks = new Map<string, number>();
  for (const { path } of [...rows, ...early]) if (!ranks.has(path)) ranks.set(path, ranks.size);
  const there = new Set(rows.map(({ path, line }) => `${line} ${path}`));
  return [...rows, ...early.filter(({ path, line }) => !there.has(`${line} ${path}`))].sort(
    (a, b) => ranks.get(a.path)! - ranks.get(b.path)! || a.line - b.line,
  );
}

/**
 * Text that may have line ends for the editor, though not for the log, as one line: what follows would else not stand
 * at its place.
 */
export function oneLine(text: string): string {
  return text.replace(/[\r\n\u0085\u2028\u2029]/g, (c) => `\\u{${c.codePointAt(0)!.toString(16)}}`);
}
