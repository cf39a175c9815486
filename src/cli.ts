/** The command line: arguments in, report out. */
import { rename, rm, writeFile } from 'node:fs/promises';
import { version, name } from '../package.json';
import { parseArguments, UsageError, usage, type Arguments } from './cli/arguments';
import { expandInputs, mostFiles } from './cli/inputs';
import { keepNurserySmall } from './cli/nursery';
import type { Analysis } from './core/reading/analysis';
import { areSameServers, compareAll } from './core/report/baseline';
import { failureSentence } from './core/report/failures';
import { incompleteFiles } from './core/report/incomplete';
import { problemSentence } from './core/report/sentences';
import { displayText } from './core/text/display';
import { english } from './core/text/translate';
import { unknownConnectors } from './core/insights/overrides';
import { serversOf, type Server } from './core/report/servers';
import { makeReport, type Report, type View } from './export/report';
import { summaryText } from './export/summary';
import { named, textOf } from './bundles/exporter';
import { Text } from './presentation/text';
import { collectGarbage } from './source/collect';
import { readLogs } from './source/read';

/** Most names in a message. */
const mostServersShown = 20;

const enum Exit {
  fine = 0,
  finding = 1,
  usage = 2,
  input = 3,
}

async function main(): Promise<Exit> {
  keepNurserySmall();
  const args = await parseArguments(process.argv.slice(2));
  if (args.help || args.version) {
    process.stdout.write(args.help ? usage : `${version}\n`);
    return Exit.fine;
  }
  const inputs = await expandInputs(args.inputs);
  const analysis = await read(args, inputs.files);
  const report = makeReport(analysis, { ...args.view, servers: chosenServers(args.view, analysis) });
  await write(args, await render(args, report));
  for (const note of notesOf(args, analysis)) complain(`insights.overrides: ${note}`);
  const wrong = wrongInputs(analysis, inputs);
  for (const complaint of wrong) complain(complaint);
  if (wrong.length > 0) return Exit.input;
  const holes = args.failOn.includes('incomplete') ? holesOf(analysis) : [];
  for (const hole of holes) complain(hole);
  return fails(args, report) || holes.length > 0 ? Exit.finding : Exit.fine;
}

/**
 * The servers of `--host` as the logs name them. @throws UsageError where they name none so, or the baseline is of
 * others.
 */
function chosenServers({ servers, baseline }: View, { cube }: Analysis): View['servers'] {
  const known = serversOf(cube);
  const chosen = servers?.map((name) => {
    const found = known.find((one) => one?.toLowerCase() === name?.toLowerCase());
    if (found === undefined) throw new UsageError(`--host: ${unknownServer(name, known)}`, false);
    return found;
  });
  if (baseline && !areSameServers(baseline.servers, chosen))
    throw new UsageError('--baseline: the earlier report is of other servers (--host) than this one.', false);
  return chosen;
}

function unknownServer(name: Server, known: readonly Server[]): string {
  const names = known.map((one) => (one === null ? '""' : displayText(one))),
    shown = names.slice(0, mostServersShown).join(', '),
    more = names.length - mostServersShown;
  const there =
    names.length === 0
      ? 'There is no mail in these logs.'
      : `There are: ${shown}${more > 0 ? ` and ${more} more` : ''}.`;
  return `${name === null ? 'every line names its server' : `no mail of the server ${JSON.stringify(name)}`}. ${there}`;
}

/** Reads the files, with progress on standard error where that is a terminal. */
async function read(args: Arguments, files: string[]): Promise<Analysis> {
  const showProgress = process.stderr.isTTY;
  const analysis = await readLogs(
    {
      files,
      pipes: true,
      timeZone: args.view.zone.name,
      year: args.year,
      rules: args.rules,
      columns: args.columns,
      format: args.inputFormat,
      hash: args.format !== 'summary',
      threads: args.threads,
      cache: args.cache,
    },
    showProgress
      ? ({ progress }) => process.stderr.write(`\r${Math.floor((100 * progress.read) / Math.max(1, progress.total))} %`)
      : undefined,
  );
  if (showProgress) process.stderr.write('\r      \r');
  collectGarbage();
  return analysis;
}

/** What the user should know about overrides although nothing is wrong. */
function notesOf({ notes, view }: Arguments, { cube }: Analysis): string[] {
  return [...notes, ...unknownConnectors(view.limits.overrides ?? [], cube).map(({ message }) => message)];
}

/** What is wrong with the inputs. */
function wrongInputs(analysis: Analysis, { named: inputs, more }: Awaited<ReturnType<typeof expandInputs>>): string[] {
  const wrong: string[] = [];
  if (more > 0) wrong.push(`${more} files are left out: a report takes at most ${mostFiles}. Give fewer at a time.`);
  const unknown = 'no known mail log format. Name one with --input-format, or see README for the formats.';
  for (const { path, state, detail } of analysis.files) {
    if (state === 'unrecognised' && inputs.has(path)) wrong.push(`${path}: ${unknown}`);
    if (state === 'failed' || state === 'partial')
      wrong.push(`${path}: could not be read to its end (${detail}). ${failureSentence(english, detail ?? 'EIO')}`);
  }
  // An archive may hold anything, as a folder may, but not nothing else.
  for (const path of inputs) {
    const inside = analysis.files.filter((file) => file.path.startsWith(`${path}/`));
    if (inside.length > 0 && inside.every(({ state }) => state === 'unrecognised')) wrong.push(`${path}: ${unknown}`);
  }
  return wrong;
}

/** Why figures may not be whole, by file. */
function holesOf({ files }: Analysis): string[] {
  return incompleteFiles(files).flatMap(({ file, problems }) =>
    problems.map((problem) => {
      const { count, line } = problem;
      return `${displayText(file.path)}:${line}: ${problemSentence(english, problem)} (${count} ×, first here)`;
    }),
  );
}

/** Whether the report has what the user wants to fail on. */
function fails({ failOn, view }: Arguments, report: Report): boolean {
  if (failOn.includes('insight') && report.insights.length > 0) return true;
  return failOn.includes('regression') && compareAll(report.messages, view.baseline!, report.filter).counts.worse > 0;
}

function render(args: Arguments, report: Report): Promise<string> {
  const { format, pseudonyms, rules, csv } = args;
  if (format === 'summary') return Promise.resolve(summaryText(named(report, pseudonyms)));
  return textOf(report, {
    format,
    pseudonyms,
    rules,
    csv,
    tool: { name, version, generated: new Date() },
    text: new Text('en', {}, args.view.zone.name),
  });
}

/** To standard output, or to a temporary file that then takes the place of the old one: nobody sees half a report. */
async function write(args: Arguments, text: string): Promise<void> {
  if (args.output === undefined) {
    await new Promise<void>((done) => process.stdout.write(text, () => done()));
    return;
  }
  const temporary = `${args.output}.${process.pid}.tmp`;
  try {
    await writeFile(temporary, text);
    await rename(temporary, args.output);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

function complain(text: string): void {
  process.stderr.write(`mail-flow-report: ${text}\n`);
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    const code = (error as { code?: string }).code;
    if (error instanceof UsageError) complain(error.withUsage ? `${error.message}\n${usage}` : error.message);
    else
      complain(
        code
          ? `the report could not be written (${code}).`
          : `internal error: ${error instanceof Error ? error.stack : String(error)}`,
      );
    process.exitCode = Exit.usage;
  },
);
