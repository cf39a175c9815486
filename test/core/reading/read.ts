import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { analyse } from '../../../src/core/reading/logreader';
import type { ColumnMapping } from '../../../src/core/connectors/columns';
import { formats } from '../../../src/core/formats/index';
import { defaultLimits } from '../../../src/core/insights/insight';
import type { Period } from '../../../src/core/report/period';
import type { ConnectorRule } from '../../../src/core/connectors/rules';
import { Segment } from '../../../src/core/reading/segment';
import type { Format } from '../../../src/core/reading/format';
import type { Source } from '../../../src/core/reading/source';
import { Zone } from '../../../src/core/text/zone';
import { jsonReport } from '../../../src/export/json';
import { makeReport } from '../../../src/export/report';
import type { Analysis } from '../../../src/core/reading/analysis';
import type { FileContext } from '../../../src/core/reading/sink';
import { root } from '../../root';

/** Where the fixtures are. */
export const fixtures = join(root, 'test/fixtures');

/** How a fixture is to be read; the same names as on the command line. */
export interface ReadSettings {
  timeZone?: string;
  year?: number;
  rules?: ConnectorRule[];
  format?: string;
  period?: Period;
  modified?: number;
  columns?: ColumnMapping[];
}

export type Json = ReturnType<typeof jsonReport>;

/** Bytes in memory as a source, given in chunks of `size` bytes. */
export function memorySource(path: string, bytes: Uint8Array, size = 1 << 20, modified?: number): Source {
  return {
    path,
    file: path,
    size: bytes.length,
    modified,
    position: 0,
    problems: [],
    head: async () => bytes.slice(0, 65536),
    async *chunks() {
      for (let at = 0; at < bytes.length; at += size) yield bytes.slice(at, at + size);
    },
    ranges: async () => [{ from: 0 }],
    sha256: async () => String(bytes.length) + Buffer.from(bytes).toString('base64'),
  };
}

/** Reads texts or bytes as one data set (`a.log`, `b.log` … in this order) and gives the JSON report. */
export async function read(files: (string | Uint8Array)[], settings: ReadSettings = {}, chunk?: number): Promise<Json> {
  const sources = files.map((file, i) =>
    memorySource(
      `${String.fromCharCode(97 + i)}.log`,
      typeof file === 'string' ? Buffer.from(file) : file,
      chunk,
      settings.modified,
    ),
  );
  return report(await analyse(sources, optionsOf(settings)), settings);
}

/** The JSON report of an analysis, over everything unless a period is given. */
export function report(analysis: Analysis, settings: ReadSettings = {}): Json {
  return jsonReport(
    makeReport(analysis, {
      period: settings.period ?? 'all',
      zone: new Zone(settings.timeZone ?? 'UTC'),
      limits: defaultLimits,
    }),
    { name: 'mail-flow-report', version: 'test', generated: new Date(0) },
  );
}

export function optionsOf(settings: ReadSettings) {
  return {
    formats,
    zone: new Zone(settings.timeZone ?? 'UTC'),
    year: settings.year ?? 2026,
    rules: settings.rules ?? [],
    format: settings.format,
    columns: settings.columns,
  };
}

/** A segment that has read these bytes of a file. `first`: nothing came before. */
export function segmentOf(
  format: Format,
  settings: ReadSettings,
  first: boolean,
  file: FileContext,
  bytes: Uint8Array,
): Segment {
  const segment = new Segment(format, optionsOf(settings), first);
  segment.open(file);
  segment.push(bytes);
  segment.end();
  return segment;
}

/** One folder of fixtures: its log files in the order of their names, and what must come out. */
export interface FixtureCase {
  id: string;
  name: string;
  files: { name: string; bytes: Buffer }[];
  options: ReadSettings;
  report: unknown;
}

/** Every case below `test/fixtures/<format id>/`. */
export function fixtureCases(): FixtureCase[] {
  return readdirSync(fixtures, { withFileTypes: true })
    .filter((e) => e.isDirectory())
    .flatMap(({ name: id }) =>
      readdirSync(join(fixtures, id), { withFileTypes: true })
        .filter((e) => e.isDirectory())
        .slice(0, process.env.MAIL_FLOW_FAST ? 1 : undefined)
        .map(({ name }) => {
          const folder = join(fixtures, id, name);
          const expected = JSON.parse(readFileSync(join(folder, 'expected.json'), 'utf8')) as {
            options?: ReadSettings;
            report: unknown;
          };
          const files = readdirSync(folder)
            .filter((file) => file !== 'expected.json')
            .sort()
            .map((file) => ({ name: file, bytes: readFileSync(join(folder, file)) }));
          return { id, name, files, options: expected.options ?? {}, report: expected.report };
        }),
    );
}

/** Where `actual` lacks something that `expected` states; objects may have more keys, lists may not have more items. Empty when all is there. */
export function missing(actual: unknown, expected: unknown, path = ''): string[] {
  if (typeof expected !== 'object' || expected === null)
    return Object.is(actual, expected)
      ? []
      : [`${path}: ${JSON.stringify(actual)} instead of ${JSON.stringify(expected)}`];
  if (typeof actual !== 'object' || actual === null)
    return [`${path}: ${JSON.stringify(actual)} instead of an object or list`];
  const lengths =
    Array.isArray(expected) && Array.isArray(actual) && expected.length !== actual.length
      ? [`${path}: ${actual.length} items instead of ${expected.length}`]
      : [];
  return [
    ...lengths,
    ...Object.entries(expected).flatMap(([key, value]) =>
      missing((actual as Record<string, unknown>)[key], value, `${path}/${key}`),
    ),
  ];
}
