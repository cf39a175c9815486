import type { Analysis } from '../../core/reading/analysis';
import type { RereadRequest } from '../../protocol';
import type { State } from './store';

/** What a reading thread must know to read the logs of a report once more, as they were counted. */
export function rereadRequest({ cube, files: reports }: Analysis, { settings, files }: State): RereadRequest {
  return {
    files: files.filter(({ excluded, waiting }) => !excluded && !waiting).map(({ path }) => path),
    timeZone: settings.zone.name,
    year: settings.year,
    rules: settings.connectors,
    columns: settings.columns,
    leaveOut: reports.filter(({ state, format }) => state === 'duplicate' || format === null).map(({ path }) => path),
    extents: reports.map(({ path, lines, checkpoints, repeated }) => ({
      path,
      lines: lines.read,
      checkpoints,
      repeated,
    })),
    shownTls: cube.shownTls,
  };
}
