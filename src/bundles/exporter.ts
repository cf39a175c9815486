/** Makes exports. The extension loads it as a bundle of its own, since reading logs does not need it. */
import { createHash, createHmac, randomBytes } from 'node:crypto';
import type { Cube } from '../core/cube/cube';
import type { ConnectorRule } from '../core/connectors/rules';
import { Zone } from '../core/text/zone';
import type { CsvMode } from '../export/csv';
import type { ExportFormat } from '../export/endings';
import type { Tool } from '../export/evidence';
import { exportReport } from '../export/formats';
import { pseudonymise } from '../export/pseudonyms';
import { makeReport, type Report } from '../export/report';
import { Text } from '../presentation/text';
import type { ExportRequest } from '../protocol';
import { hashed } from '../source/hash';

/** How a report is written. Pseudonyms hold in this one file: nobody has their key. */
export interface Writing {
  format: ExportFormat;
  tool: Tool;
  rules: readonly ConnectorRule[];
  text: Text;
  csv: CsvMode;
  pseudonyms: 'all' | 'keep-domains' | undefined;
}

/** The report under the names that a way of writing demands. */
export function named(report: Report, pseudonyms: Writing['pseudonyms']): Report {
  if (!pseudonyms) return report;
  const key = randomBytes(32);
  return pseudonymise(report, {
    keyed: (text) => createHmac('sha256', key).update(text).digest('hex'),
    keepDomains: pseudonyms === 'keep-domains',
  });
}

/** A report as the whole text of a file. */
export function textOf(report: Report, { format, pseudonyms, ...means }: Writing): Promise<string> {
  return exportReport(format, named(report, pseudonyms), {
    ...means,
    pseudonymised: pseudonyms !== undefined,
    sha256: (text) => createHash('sha256').update(text).digest('hex'),
    draw: async (chart, text) => (await import('./drawing')).drawSvg(chart, text),
  });
}

/** The export that the extension asks for, as UTF-8. Computes the SHA-256 of files that have none yet. */
export async function makeExport(
  { format, pseudonyms, analysis, view: { timeZone, ...view }, tool, rules, language, sentences }: ExportRequest,
  cube: Cube,
): Promise<Uint8Array<ArrayBuffer>> {
  const zone = new Zone(timeZone),
    files = await Promise.all(analysis.files.map(hashed));
  const report = makeReport({ ...analysis, files, cube }, { ...view, zone });
  return new TextEncoder().encode(
    await textOf(report, {
      format,
      rules,
      csv: 'safe',
      tool,
      text: new Text(language, sentences, timeZone),
      pseudonyms: pseudonyms ? 'all' : undefined,
    }),
  );
}
