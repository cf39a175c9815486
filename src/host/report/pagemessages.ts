import { readFigure } from '../../core/drilldown/figure';
import { readFilters } from '../../core/report/clauses';
import type { Place } from '../../core/report/order';
import { periods, type Period } from '../../core/report/period';
import { exportFormats } from '../../export/endings';
import type { FromReport } from '../../protocol';

const commandsOfPage = ['openLog', 'openSample', 'openSettings'] as const;

type Reader = (data: Record<string, unknown>) => FromReport | undefined;

/** How each message of the page is read. */
const readers: Record<FromReport['type'], Reader> = {
  ready: () => ({ type: 'ready' }),
  drawn: () => ({ type: 'drawn' }),
  reveal({ place }) {
    const { file, line } = (place ?? {}) as Partial<Place>;
    return isIndex(file, 0) && isIndex(line, 1) ? { type: 'reveal', place: { file: file!, line: line! } } : undefined;
  },
  lines(data) {
    const figure = readFigure(data.figure);
    return figure && { type: 'lines', figure };
  },
  period(data) {
    const period = readPeriod(data.period);
    return period === undefined ? undefined : { type: 'period', period };
  },
  export: readExport,
  picture: readPicture,
  copy: ({ text }) => (typeof text === 'string' && text.length <= longestCopy ? { type: 'copy', text } : undefined),
  filters: ({ filters }) => (Array.isArray(filters) ? { type: 'filters', filters: readFilters(filters) } : undefined),
  command({ command }) {
    const known = commandsOfPage.find((one) => one === command);
    return known && { type: 'command', command: known };
  },
};

/** Most characters that the page may copy. */
const longestCopy = 65_536;

/**
 * A message of the page, or undefined for anything that is none: the page shows text of strangers, so it is not
 * trusted.
 */
export function readMessage(data: unknown): FromReport | undefined {
  if (typeof data !== 'object' || data === null) return undefined;
  const { type } = data as { type?: unknown };
  return typeof type === 'string' && Object.hasOwn(readers, type)
    ? readers[type as FromReport['type']](data as Record<string, unknown>)
    : undefined;
}

function readPeriod(value: unknown): Period | undefined {
  const named = periods.find((one) => one === value);
  if (named || typeof value !== 'object' || value === null) return named;
  const { from, to } = value as { from?: unknown; to?: unknown };
  const date = (text: unknown) =>
    text === undefined ||
    (typeof text === 'string' &&
      /^\d{4}-\d\d-\d\d(?:T[\d:.]+(?:Z|[+-]\d\d:?\d\d)?)?$/.test(text) &&
      !Number.isNaN(Date.parse(text)));
  return date(from) && date(to) ? { from: from as string | undefined, to: to as string | undefined } : undefined;
}

function readExport(data: object): FromReport | undefined {
  const { format, pseudonyms, selection, servers } = data as {
    format?: unknown;
    pseudonyms?: unknown;
    selection?: { connector?: unknown; direction?: unknown };
    servers?: unknown;
  };
  const known = exportFormats.find((one) => one === format);
  if (!known || typeof pseudonyms !== 'boolean' || !(servers === undefined || isServers(servers))) return undefined;
  const all = { type: 'export', format: known, pseudonyms, ...(servers ? { servers } : {}) } as const;
  if (selection === undefined || selection === null) return all;
  const { connector, direction } = selection;
  if ((connector !== null && typeof connector !== 'string') || (direction !== 'inbound' && direction !== 'outbound'))
    return undefined;
  return { ...all, selection: { connector, direction } };
}

function isServers(value: unknown): value is (string | null)[] {
  return Array.isArray(value) && value.every((name) => name === null || typeof name === 'string');
}

/** Most bytes of a picture: a chart has some hundred kilobytes. */
const largestPicture = 20_000_000;

function readPicture(data: object): FromReport | undefined {
  const { format, data: content } = data as { format?: unknown; data?: unknown };
  if (typeof content !== 'string' || content.length > largestPicture || (format !== 'svg' && format !== 'png'))
    return undefined;
  return (format === 'svg' ? content.startsWith('<svg') : /^[\w+/]+=*$/.test(content))
    ? { type: 'picture', format, data: content }
    : undefined;
}

function isIndex(value: unknown, least: number): boolean {
  return Number.isSafeInteger(value) && (value as number) >= least;
}
