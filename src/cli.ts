/** The command line: arguments in, report out. */
import { rename, writeFile } from 'node:fs/promises';
import { version, name } from '../package.json';
import { parseArguments, UsageError, usage, type Arguments } from './cli/arguments';
import { expandInputs } from './cli/inputs';
import { jsonReport } from './export/json';
import { makeReport, type Report } from './export/report';
import { summaryText } from './export/summary';
import { readLogs } from './source/read';

const enum Exit { fine = 0, insight = 1, usage = 2, input = 3 }

async function main(): Promise<Exit> {
  const args = await parseArguments(process.argv.slice(2));
  if (args.help) { process.stdout.write(usage); return Exit.fine; }
  if (args.version) { process.stdout.write(`${version}\n`); return Exit.fine; }
  const { files, named } = await expandInputs(args.inputs);
  const showProgress = process.stderr.isTTY;
  const analysis = await readLogs(
    { files, timeZone: args.view.zone.name, year: args.year, rules: args.rules, format: args.inputFormat, hash: args.format === 'json', threads: args.threads, cache: args.cache },
    showProgress ? ({ progress }) => process.stderr.write(`\r${Math.floor(100 * progress.read / Math.max(1, progress.total))} %`) : undefined,
  );
  if (showProgress) process.stderr.write('\r      \r');
  const report = makeReport(analysis, args.view);
  await write(args, render(args, report));
  let code = args.failOn.includes('insight') && report.insights.length > 0 ? Exit.insight : Exit.fine;
  for (const file of analysis.files) {
    if (file.state === 'unrecognised' && named.has(file.path)) { complain(`${file.path}: no known mail log format. Name one with --input-format, or see README for the formats.`); code = Exit.input; }
    if (file.state === 'failed' || file.state === 'partial') { complain(`${file.path}: could not be read to its end (${file.detail}).`); code = Exit.input; }
  }
  return code;
}

function render(args: Arguments, report: Report): string {
  return args.format === 'json' ? `${JSON.stringify(jsonReport(report, { name, version, generated: new Date() }), null, 2)}\n` : summaryText(report);
}

/** To standard output, or to a temporary file that then takes the place of the old one: nobody sees half a report. */
async function write(args: Arguments, text: string): Promise<void> {
  if (args.output === undefined) { await new Promise<void>((done) => process.stdout.write(text, () => done())); return; }
  const temporary = `${args.output}.${process.pid}.tmp`;
  await writeFile(temporary, text);
  await rename(temporary, args.output);
}

function complain(text: string): void { process.stderr.write(`mail-flow-report: ${text}\n`); }

main().then((code) => { process.exitCode = code; }, (error: unknown) => {
  const code = (error as { code?: string }).code;
  if (error instanceof UsageError) complain(`${error.message}\n${usage}`);
  else complain(code ? `the report could not be written (${code}).` : `internal error: ${error instanceof Error ? error.stack : String(error)}`);
  process.exitCode = Exit.usage;
});
