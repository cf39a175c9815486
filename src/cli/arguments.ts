import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { checkColumns, type ColumnMapping } from '../core/connectors/columns';
import { formats } from '../core/formats/index';
import { readBaseline, type Baseline } from '../core/report/baseline';
import { checkLimits } from '../core/insights/settings';
import { directions, type Direction } from '../core/model';
import { momentOf, periods, type Period } from '../core/report/period';
import { years } from '../core/text/coveredtime';
import type { ConnectorRule } from '../core/connectors/rules';
import { checkRules } from '../core/connectors/rulechecks';
import { Zone } from '../core/text/zone';
import type { CsvMode } from '../export/csv';
import { exportFormats } from '../export/endings';
import type { View } from '../export/report';

const formatIds = formats.map((format) => format.id);

const outputFormats = ['summary', ...exportFormats] as const;

export const usage = `Usage: mail-flow-report [options] <file | directory | glob | ->...
  --format ${outputFormats.join('|')}
                             what to write (default: summary)
  --output FILE              write there instead of standard output
  --pseudonymise             hosts, connectors and files under pseudonyms, addresses cut to their network
  --keep-domains             with --pseudonymise: keep the domains of hosts
  --csv-raw                  CSV with names exactly as logged, for programs; a spreadsheet may take some for formulas
  --period 7d|30d|90d|all    the last days of the log (default: 7d)
  --from DATE, --to DATE     a period between two ISO 8601 dates, to the minute; --to is exclusive
  --direction inbound|outbound, --connector NAME   only these (repeatable; --connector "" is mail without a connector)
  --host NAME                only mail of this mail server, as the log names it (repeatable; --host "" is mail of
                             which no line names a server)
  --config FILE              JSON with the extension's settings without their prefix
  --time-zone ZONE           IANA name, for logs in local time and for dates (default: this machine's)
  --year YEAR                the year of a file's first line, for logs without a year
  --input-format ID          ${formatIds.join(', ')}
  --threads N                most threads for reading (default: cores - 1, at most 8; the last core hashes files)
  --cache DIR                keep summaries of big logs there, so that known ones need not be read again
  --baseline FILE            an earlier report of --format json, to tell which connectors got better or worse
  --fail-on insight,regression,incomplete   exit with 1 when there is an insight; a connector with a larger share
                             without TLS or with TLS 1.0 than in the baseline; a file that was not read whole, or in
                             which mail may stand that is not counted or is counted twice
  --help, --version
Exit codes: 0 fine, 1 a finding of --fail-on, 2 usage, 3 an input could not be read or recognised.
`;

/** Wrong arguments; the message says which. */
export class UsageError extends Error {
  /** @param withUsage whether the list of options helps. */
  constructor(
    message: string,
    readonly withUsage = true,
  ) {
    super(message);
  }
}

/** The command line, checked. */
export interface Arguments {
  help: boolean;
  version: boolean;
  inputs: string[];
  format: (typeof outputFormats)[number];
  output?: string;
  /** Undefined: names as logged. */
  pseudonyms?: 'all' | 'keep-domains';
  csv: CsvMode;
  view: View;
  rules: ConnectorRule[];
  columns: ColumnMapping[];
  year?: number;
  inputFormat?: string;
  threads?: number;
  cache?: string;
  failOn: string[];
  /** What the user should know about the settings although nothing is wrong. */
  notes: string[];
}

const options = {
  format: { type: 'string' },
  output: { type: 'string' },
  pseudonymise: { type: 'boolean' },
  'keep-domains': { type: 'boolean' },
  'csv-raw': { type: 'boolean' },
  period: { type: 'string' },
  from: { type: 'string' },
  to: { type: 'string' },
  direction: { type: 'string', multiple: true },
  connector: { type: 'string', multiple: true },
  host: { type: 'string', multiple: true },
  config: { type: 'string' },
  'time-zone': { type: 'string' },
  year: { type: 'string' },
  'input-format': { type: 'string' },
  threads: { type: 'string' },
  cache: { type: 'string' },
  baseline: { type: 'string' },
  'fail-on': { type: 'string' },
  help: { type: 'boolean' },
  version: { type: 'boolean' },
} as const;

/** Reads and checks the arguments and the configuration file. @throws UsageError */
export async function parseArguments(argv: string[]): Promise<Arguments> {
  const { values: v, positionals } = parsed(argv);
  const config = v.config === undefined ? {} : await readConfig(v.config);
  const help = v.help ?? false,
    version = v.version ?? false;
  if (positionals.length === 0 && !help && !version) throw new UsageError('no file given.');
  const zone = zoneOf(v['time-zone'] ?? config.timeZone);
  const { limits, errors, notes } = checkLimits((key) => config[key], zone.dayOf(Date.now()));
  if (errors.length > 0) throw new UsageError(errors.map(({ key, message }) => `${key}: ${message}`).join(' '));
  return {
    help,
    version,
    inputs: positionals,
    output: v.output,
    cache: v.cache,
    pseudonyms: pseudonymsOf(v),
    csv: v['csv-raw'] ? 'raw' : 'safe',
    format: oneOf('--format', v.format ?? 'summary', outputFormats),
    view: { ...(await viewOf(v, config, zone)), zone, limits },
    rules: rulesOf(config.connectors),
    columns: columnsOf(config.columns),
    year: given(v.year ?? config.year, (year) => whole('--year', year, years.first, years.last)),
    inputFormat: given(v['input-format'], (id) => oneOf('--input-format', id, formatIds)),
    threads: given(v.threads, (threads) => whole('--threads', threads, 1, 256)),
    failOn: failOnOf(v),
    notes: notes.map(({ message }) => message),
  };
}

function parsed(argv: string[]) {
  try {
    return parseArgs({ args: argv, options, allowPositionals: true });
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

type Values = ReturnType<typeof parsed>['values'];

/** What an option says, or undefined where it is not there. */
function given<T, R>(value: T | undefined, read: (value: T) => R): R | undefined {
  return value === undefined ? undefined : read(value);
}

async function viewOf(v: Values, config: Config, zone: Zone): Promise<Omit<View, 'zone' | 'limits'>> {
  return {
    period: periodOf(v, config, zone),
    directions: v.direction?.map((d): Direction => oneOf('--direction', d, directions.slice(0, 2))),
    connectors: v.connector?.map((name) => (name === '' ? null : name)),
    servers: v.host?.map((name) => (name === '' ? null : name)),
    baseline: v.baseline === undefined ? undefined : await baselineOf(v.baseline),
  };
}

function pseudonymsOf({ pseudonymise, 'keep-domains': keepDomains }: Values): Arguments['pseudonyms'] {
  if (keepDomains && !pseudonymise) throw new UsageError('--keep-domains goes with --pseudonymise.');
  if (!pseudonymise) return undefined;
  return keepDomains ? 'keep-domains' : 'all';
}

function failOnOf({ 'fail-on': value = '', baseline }: Values): string[] {
  const failOn = value
    .split(',')
    .filter(Boolean)
    .map((what) => oneOf('--fail-on', what, ['insight', 'regression', 'incomplete'] as const));
  if (failOn.includes('regression') && baseline === undefined)
    throw new UsageError('--fail-on regression needs --baseline.');
  return failOn;
}

type Config = { [key: string]: unknown; period?: string; timeZone?: string; year?: number };

async function readConfig(path: string): Promise<Config> {
  const config = await readJson('--config', path);
  if (typeof config !== 'object' || config === null || Array.isArray(config))
    throw new UsageError(`--config ${path}: an object of settings is expected.`);
  return config as Config;
}

async function readJson(option: string, path: string): Promise<unknown> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    throw new UsageError(`${option} ${path}: ${(error as { code?: string }).code}.`);
  }
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch {
    throw new UsageError(`${option} ${path}: not valid JSON.`);
  }
}

async function baselineOf(path: string): Promise<Baseline> {
  const { baseline, wrong } = readBaseline(await readJson('--baseline', path));
  if (!baseline) throw new UsageError(`--baseline ${path}: not a report of --format json (${wrong}).`);
  return baseline;
}

function periodOf({ from, to, period }: Values, config: Config, zone: Zone): Period {
  if (from === undefined && to === undefined) return oneOf('--period', period ?? config.period ?? '7d', periods);
  const first = given(from, (date) => dateOf('--from', date, zone)),
    end = given(to, (date) => dateOf('--to', date, zone));
  if (first !== undefined && end !== undefined && first >= end) throw new UsageError('--from is not before --to.');
  return { from, to };
}

function dateOf(option: string, date: string, zone: Zone): number {
  try {
    return momentOf(date, zone);
  } catch (error) {
    throw new UsageError(`${option}: ${(error as RangeError).message}.`);
  }
}

function zoneOf(name: string | undefined): Zone {
  if (!name) return Zone.local();
  try {
    return new Zone(name);
  } catch {
    throw new UsageError(`--time-zone: ${JSON.stringify(name)} is not an IANA time zone.`);
  }
}

function rulesOf(value: unknown): ConnectorRule[] {
  const { rules, errors } = checkRules(value ?? []);
  if (errors.length > 0) throw new UsageError(`connectors: ${errors.map(({ message }) => message).join(' ')}`);
  return rules;
}

function columnsOf(value: unknown): ColumnMapping[] {
  const { columns, errors } = checkColumns(value ?? []);
  if (errors.length > 0) throw new UsageError(`columns: ${errors.map(({ message }) => message).join(' ')}`);
  return columns;
}

function whole(option: string, text: string | number, least: number, most: number): number {
  const n = Number(text);
  if (!Number.isInteger(n) || n < least || n > most)
    throw new UsageError(`${option}: a whole number from ${least} to ${most}.`);
  return n;
}

function oneOf<T extends string>(option: string, value: string, allowed: readonly T[]): T {
  const found = allowed.find((one) => one === value);
  if (found === undefined)
    throw new UsageError(`${option}: ${JSON.stringify(value)} is not one of ${allowed.join(', ')}.`);
  return found;
}
