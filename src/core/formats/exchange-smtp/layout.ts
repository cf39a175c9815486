import { Byte } from '../../text/ascii';
import { CsvFields } from '../../text/csv';
import { decode } from '../../text/words';

/**
 * Where a file has its columns, as its header lines say; −1 for a column that it does not have. Whether it is a log of received or
 * of sent mail is left to the sessions, since files are also put together.
 */
export interface Layout {
  time: number;
  connector: number;
  session: number;
  sequence: number;
  local: number;
  remote: number;
  event: number;
  data: number;
  context: number;
  /** How many fields must be found in a row. Where data and context come last, the search ends where the data begins. */
  width: number;
  /** Whether data and context are the last two columns, so that most rows need not be read to their end. */
  tail: boolean;
  /** The nine standard columns in their usual order, which are read in a faster way. */
  standard: boolean;
  /** The log is of another type: its rows are not ours. */
  foreign: boolean;
  /** The header line of the type, and that of the columns, was read here; else they are what the head of the file says. */
  typeSeen: boolean;
  columnsSeen: boolean;
}

/** Columns of Exchange 2007 to SE, which also hold for files whose header was stripped. */
const standardColumns =
  'date-time,connector-id,session-id,sequence-number,local-endpoint,remote-endpoint,event,data,context';

const standard = arrange(standardColumns.split(','), { foreign: false, typeSeen: false, columnsSeen: false });

/** The layout of a file from its first bytes. */
export function layoutOf(head: Uint8Array): Layout {
  let layout = standard;
  for (let start = 0, lines = 0; start < head.length && lines < 20; lines++) {
    let end = head.indexOf(10, start);
    if (end < 0) end = head.length;
    if (head[start] === 0xef) start += 3;
    if (head[start] !== Byte.hash) break;
    layout = readHeader(layout, head, start, end);
    start = end + 1;
  }
  return { ...layout, typeSeen: false, columnsSeen: false };
}

/** The layout after the header line `bytes[start, end)`, which begins with `#`. Names are compared without case. */
export function readHeader(before: Layout, bytes: Uint8Array, start: number, end: number): Layout {
  const text = decode(bytes.subarray(start, Math.min(end, start + 8192))).trim();
  const colon = text.indexOf(':');
  const key = text.slice(1, colon).trim().toLowerCase(),
    value = text
      .slice(colon + 1)
      .trim()
      .toLowerCase();
  if (colon < 0) return before;
  if (key === 'log-type')
    return { ...before, foreign: !/^smtp (?:receive|send) protocol log/.test(value), typeSeen: true };
  if (key === 'fields')
    return arrange(
      value.split(',').map((name) => name.trim()),
      { ...before, columnsSeen: true },
    );
  return before;
}

/** The layout of a file of which `before` was read, when `after` is read behind it: what no header line of its own says stays. */
export function continued(before: Layout | undefined, after: Layout): Layout {
  if (!before) return after;
  const columns = after.columnsSeen ? after : before,
    type = after.typeSeen ? after : before;
  return { ...columns, foreign: type.foreign, typeSeen: type.typeSeen };
}

function arrange(
  names: string[],
  { foreign, typeSeen, columnsSeen }: Pick<Layout, 'foreign' | 'typeSeen' | 'columnsSeen'>,
): Layout {
  const at = (name: string) => names.indexOf(name);
  const data = at('data'),
    context = at('context');
  const tail = context === data + 1 && context === names.length - 1;
  return {
    time: at('date-time'),
    connector: at('connector-id'),
    session: at('session-id'),
    sequence: at('sequence-number'),
    local: at('local-endpoint'),
    remote: at('remote-endpoint'),
    event: at('event'),
    data,
    context,
    width: Math.min(tail ? data + 1 : names.length, new CsvFields().starts.length),
    tail,
    standard: names.join() === standardColumns,
    foreign,
    typeSeen,
    columnsSeen,
  };
}

/** Whether rows of this layout say enough to be understood. */
export function isComplete({ time, session, sequence, event, data, context }: Layout): boolean {
  return Math.min(time, session, sequence, event, data, context) >= 0;
}
