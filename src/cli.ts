/** The command line: arguments in, report out. */
import { rename, rm, writeFile } from 'node:fs/promises';
import { version, name } from '../package.json';
import { parseArguments, UsageError, usage, type Arguments } from './cli/arguments';
import { expandInputs, mostFiles } from './cli/inputs';
import { keepNurserySmall } from './cli/nursery';
import { compareAll } from './core/report/baseline';
import { unknownConnectors } from './core/insights/overrides';
import { makeReport, type Report } from './export/report';
import { summaryText } from './export/summary';
import { named, textOf } from './bundles/exporter';
import { Text } from './presentation/text';
import { collectGarbage } from './source/collect';
import { readLogs } from './source/read';

const enum Exit {
  fine = 0,
  insight = 1,
  usage = 2,
  input = 3,
}

async function main(): Promise<Exit> {
  keepNurserySmall();
  const args = await parseArguments(process.argv.slice(2));
  if (args.help) {
    process.stdout.write(usage);
    return Exit.fine;
  }
  if (args.version) {
    process.stdout.write(`${version}\n`);
    return Exit.fine;
  }
  const { files, named: inputs, more } = await expandInputs(args.inputs);
  const showProgress = process.stderr.isTTY;
  const analysis = await readLogs(
    {
      files,
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
  const report = makeReport(analysis, args.view);
  await write(args, await render(args, report));
  const fails =
    (args.failOn.includes('insight') && report.insights.length > 0) ||
    (args.failOn.includes('regression') &&
      compareAll(report.messages, args.view.baseline!, report.filter).counts.worse > 0);
  let code = fails ? Exit.insight : Exit.fine;
  for (const note of [
    ...args.notes,
    ...unknownConnectors(args.view.limits.overrides ?? [], analysis.cube).map(({ message }) => message),
  ])
    complain(`insights.overrides: ${note}`);
  if (more > 0) {
    complain(`${more} files are left out: a report takes at most ${mostFiles}. Give fewer at a time.`);
    code = Exit.input;
  }
  for (const file of analysis.files) {
    if (file.state === 'unrecognised' && inputs.has(file.path)) {
      complain(`${file.path}: no known mail log format. Name one with --input-format, or see README for the formats.`);
      code = Exit.input;
    }
    if (file.state === 'failed' || file.state === 'partial') {
      complain(`${file.path}: could not be read to its end (${file.detail}).`);
      code = Exit.input;
    }
  }
  return code;
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
    if (error instanceof UsageError) complain(`${error.message}\n${usage}`);
    else
      complain(
        code
          ? `the report could not be written (${code}).`
          : `internal error: ${error instanceof Error ? error.stack : String(error)}`,
      );
    process.exitCode = Exit.usage;
  },
);
