import { basename } from 'node:path';
import { l10n, Location, Range, Uri, type TextDocument } from 'vscode';
import { number } from '../wording';

/** A raw line of a log: what a figure follows from. */
export interface RawLine {
  path: string;
  line: number;
}

export const linesScheme = 'mailflow-lines';
/** Lines before and after the one in question. */
const around = 500;

/** Which lines a document shows around a line, from 1. */
export function excerptOf({ line }: RawLine): { from: number; count: number } {
  const from = Math.max(1, line - around);
  return { from, count: line - from + 1 + around };
}

/**
 * The text of such a document: each line behind its number. VS Code would begin another line at a carriage return,
 * hence a sign for it.
 */
export function excerptText(lines: readonly string[], from: number): string {
  const width = String(from + lines.length).length;
  return lines.map((text, i) => `${String(from + i).padStart(width)}  ${text.replaceAll('\r', '␍')}`).join('\n');
}

/**
 * A line in a document with the lines around it, for a log that VS Code shows in no editor, or keeps from extensions.
 */
export function inExcerpt(at: RawLine): Location {
  const uri = Uri.from({
    scheme: linesScheme,
    path: `/${basename(at.path)} (${l10n.t('line {0}', number(at.line))})`,
    query: JSON.stringify({ path: at.path, line: at.line }),
  });
  return new Location(uri, wholeLine(at.line - excerptOf(at).from));
}

/** The line that such a document is about. */
export function lineOf(uri: Uri): RawLine {
  return JSON.parse(uri.query) as RawLine;
}

/**
 * The whole of a line (from 0), however long: VS Code cuts it to what there is, also in files that no extension can
 * open.
 */
export function wholeLine(line: number): Range {
  return new Range(Math.max(0, line), 0, Math.max(0, line), 10_000);
}

/** Lines of a log as a document shows them. Numbers are the log's, from 1. */
export interface ShownLog {
  path: string;
  /** Of the lines that the document has; a file may have one that is empty behind its last. */
  first: number;
  last: number;
  whole: boolean;
  /** A line without what the document puts before it. */
  text(line: number): string;
}

/** The log that a document shows, as a file or around a line; undefined for any other document. */
export function shownLog(document: TextDocument): ShownLog | undefined {
  const { uri, lineCount } = document;
  if (uri.scheme === 'file')
    return { path: uri.fsPath, first: 1, last: lineCount, whole: true, text: (line) => document.lineAt(line - 1).text };
  if (uri.scheme !== linesScheme) return undefined;
  const at = lineOf(uri),
    { from } = excerptOf(at);
  return {
    path: at.path,
    first: from,
    last: from + lineCount - 1,
    whole: false,
    text: (line) => document.lineAt(line - from).text.replace(/^ *\d+ {2}/, ''),
  };
}
