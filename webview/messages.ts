import { readFilters } from '../src/core/report/clauses';
import { Zone } from '../src/core/text/zone';
import { periods } from '../src/core/report/period';
import type { ReportSnapshot, ReportView, ToReport } from '../src/protocol';

/**
 * What came in: a message of the protocol, `broken` for a snapshot that does not hold together, or undefined for
 * anything else.
 */
export function readMessage(data: unknown): ToReport | 'broken' | undefined {
  if (!isRecord(data)) return undefined;
  if (data.type === 'snapshot')
    return isSnapshot(data.snapshot)
      ? { type: 'snapshot', snapshot: { ...data.snapshot, filters: readFilters(data.snapshot.filters) } }
      : 'broken';
  if (data.type === 'view')
    return isView(data.view)
      ? { type: 'view', view: { ...data.view, filters: readFilters(data.view.filters) } }
      : 'broken';
  if (
    data.type === 'show' &&
    (data.connector === null || typeof data.connector === 'string') &&
    (data.direction === 'inbound' || data.direction === 'outbound')
  ) {
    return { type: 'show', connector: data.connector, direction: data.direction };
  }
  return undefined;
}

function isSnapshot(value: unknown): value is ReportSnapshot {
  if (!isRecord(value) || !isRecord(value.analysis)) return false;
  const { analysis } = value;
  return (
    isCube(analysis.cube) &&
    Array.isArray(analysis.files) &&
    analysis.files.every(isFile) &&
    isRecord(analysis.progress) &&
    isNumber(analysis.progress.read) &&
    isNumber(analysis.progress.total) &&
    typeof analysis.complete === 'boolean' &&
    isView(value) &&
    Array.isArray(value.fileNames) &&
    value.fileNames.length === analysis.files.length &&
    value.fileNames.every((name) => typeof name === 'string')
  );
}

function isView(value: unknown): value is ReportView {
  if (!isRecord(value) || !isRecord(value.limits) || !isRecord(value.sentences)) return false;
  const { limits, sentences } = value;
  return (
    typeof value.reading === 'boolean' &&
    typeof value.language === 'string' &&
    isZone(value.timeZone) &&
    isPeriod(value.period) &&
    optional(value.from, isNumber) &&
    optional(value.to, isNumber) &&
    optional(limits.noTls, isNumber) &&
    optional(limits.tls10, isNumber) &&
    Object.values(sentences).every((sentence) => typeof sentence === 'string')
  );
}

function isFile(value: unknown): boolean {
  return (
    isRecord(value) &&
    typeof value.path === 'string' &&
    (value.format === null || typeof value.format === 'string') &&
    typeof value.state === 'string' &&
    optional(value.detail, (detail) => typeof detail === 'string') &&
    isRecord(value.lines) &&
    [value.lines.read, value.lines.used, value.lines.context, value.lines.skipped].every(isNumber) &&
    Array.isArray(value.problems) &&
    value.problems.every(
      (problem) =>
        isRecord(problem) &&
        typeof problem.code === 'string' &&
        isNumber(problem.count) &&
        isNumber(problem.line) &&
        optional(problem.format, (format) => typeof format === 'string'),
    ) &&
    Array.isArray(value.advice) &&
    value.advice.every((code) => typeof code === 'string')
  );
}

const seriesColumns = [
  'unit',
  'direction',
  'outcome',
  'tls',
  'fault',
  'forced',
  'type',
  'connector',
  'cipher',
  'server',
];
const cellColumns = ['minute', 'series', 'messages', 'recipients', 'bytes', 'file', 'line', 'tlsAt'];
const remoteColumns = ['minute', 'series', 'remote', 'messages', 'recipients', 'file', 'line'];

function isCube(value: unknown): boolean {
  return (
    isRecord(value) &&
    isWords(value.connectors) &&
    isWords(value.ciphers) &&
    isWords(value.servers) &&
    isWords(value.remotes) &&
    isNumber(value.cellMinutes) &&
    isNumber(value.remoteMinutes) &&
    hasColumns(value.series, seriesColumns) &&
    hasColumns(value.cells, cellColumns) &&
    hasColumns(value.remoteCells, remoteColumns)
  );
}

function hasColumns(value: unknown, names: readonly string[]): boolean {
  return (
    isRecord(value) &&
    names.every(
      (name) =>
        ArrayBuffer.isView(value[name]) && (value[name] as unknown as { length: number }).length === value.length,
    )
  );
}

function isWords(value: unknown): boolean {
  return Array.isArray(value) && value.length >= 2 && value.every((word) => typeof word === 'string');
}
function isNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}
function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
function optional(value: unknown, test: (value: unknown) => boolean): boolean {
  return value === undefined || test(value);
}

function isPeriod(value: unknown): boolean {
  return typeof value === 'string'
    ? periods.includes(value as (typeof periods)[number])
    : isRecord(value) && [value.from, value.to].every((date) => optional(date, (text) => typeof text === 'string'));
}

function isZone(name: unknown): boolean {
  try {
    return typeof name === 'string' && new Zone(name).name === name;
  } catch {
    return false;
  }
}
