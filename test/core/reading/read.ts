import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { analyse } from './analyse';
import type { ColumnMapping } from '../../../src/core/connectors/columns';
import { carriers, formats } from '../../../src/core/formats/index';
import { defaultLimits } from '../../../src/core/insights/index';
import type { Period } from '../../../src/core/report/period';
import type { ConnectorRule } from '../../../src/core/connectors/rules';
import { Segment } from '../../../src/core/reading/segment';
import type { Format } from '../../../src/core/reading/format';
import type { Source } from '../../../src/core/reading/source';
import { Zone } from '../../../src/core/text/zone';
import { jsonReport } from '../../../src/export/json';
import { makeReport } from '../../../src/export/report';
import { cubeWords, type CubeWords } from './cells';
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
  return report(await analyse(sourcesOf(files, settings, chunk), optionsOf(settings)), settings);
}

/** Texts or bytes as the files of one data set: `a.log`, `b.log` … in this order. */
export function sourcesOf(files: (string | Uint8Array)[], settings: ReadSettings = {}, chunk?: number): Source[] {
  return files.map((file, i) =>
    memorySource(
      `${String.fromCharCode(97 + i)}.log`,
      typeof file === 'string' ? Buffer.from(file) : file,
      chunk,
      settings.modified,
    ),
  );
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
    carriers,
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

/** All that is known of a data set once it has been read. What a report does not tell apart, its cells do. */
export interface Figures extends CubeWords {
  report: Json;
}

/** The figures of an analysis as data of JSON, so that they can be compared with a file. */
export function figuresOf(analysis: Analysis, settings: ReadSettings = {}): Figures {
  const figures = {
    report: report(analysis, settings),
    ...cubeWords(analysis.cube, (file) => analysis.files[file].path),
  };
  return JSON.parse(JSON.stringify(figures)) as Figures;
}

/** One folder of fixtures: its log files in the order of their names, and what must come out. */
export interface FixtureCase {
  id: string;
  name: string;
  files: { name: string; bytes: Buffer }[];
  options: ReadSettings;
  /** Absent until it is accepted for the first time. */
  expected?: Figures;
}

/** Every case below `test/fixtures/<format id>/`; the smallest of each format where it has to be fast. */
export function fixtureCases(): FixtureCase[] {
  return foldersIn(fixtures).flatMap((id) => {
    const cases = foldersIn(join(fixtures, id)).map((name): FixtureCase => {
      const folder = join(fixtures, id, name);
      const { options = {}, expected } = expectationIn(folder);
      const files = readdirSync(folder)
        .filter((file) => file !== 'expected.json')
        .sort()
        .map((file) => ({ name: file, bytes: readFileSync(join(folder, file)) }));
      return { id, name, files, options, expected };
    });
    return process.env.MAIL_FLOW_FAST ? cases.sort((a, b) => sizeOf(a) - sizeOf(b)).slice(0, 1) : cases;
  });
}

function sizeOf({ files }: FixtureCase): number {
  return files.reduce((sum, { bytes }) => sum + bytes.length, 0);
}

function foldersIn(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name);
}

/** What `expected.json` holds: people write the options, `npm run accept` the figures. */
function expectationIn(folder: string): Pick<FixtureCase, 'expected'> & { options?: ReadSettings } {
  const path = join(folder, 'expected.json');
  if (!existsSync(path)) return {};
  const { options, ...expected } = JSON.parse(readFileSync(path, 'utf8'));
  return { options, expected: 'report' in expected ? expected : undefined };
}
