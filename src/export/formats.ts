import type { Text } from '../presentation/text';
import { csvReport, type CsvMode } from './csv';
import type { ExportFormat } from './endings';
import type { Circumstances } from './evidence';
import { htmlReport, type Draw } from './html';
import { jsonReport } from './json';
import { jsonText } from './jsontext';
import { markdownReport } from './markdown';
import { remotesCsv } from './remotes-csv';
import type { Report } from './report';
import { sarifReport } from './sarif';

/** What the formats need from the world outside. */
export interface Means extends Circumstances {
  text: Text;
  csv: CsvMode;
  sha256(text: string): string;
  draw: Draw;
}

/** A report as the whole text of a file. */
export async function exportReport(format: ExportFormat, report: Report, means: Means): Promise<string> {
  const { text, tool } = means;
  switch (format) {
    case 'csv':
      return csvReport(report, means, text, means.csv);
    case 'json':
      return jsonText(jsonReport(report, tool, means));
    case 'markdown':
      return markdownReport(report, means, text);
    case 'html':
      return htmlReport(report, means, text, means.draw);
    case 'remote-hosts':
      return remotesCsv(report, means, text, means.csv);
    case 'sarif':
      return jsonText(sarifReport(report, means, text, means.sha256));
  }
}
