import { Byte } from '../../text/ascii';
import { CsvFields } from '../../text/csv';
import { headerLine } from '../shared/exchange-header';
import { decode } from '../../text/words';

/**
 * Where a file has its columns, as its header lines say; −1 for a column that it does not have. Whether it is a log of
 * received or of sent mail is left to the sessions, since files are also put together.
 */
export interface ProtocolLayout {
  time: number;
  connector: number;
  session: number;
  sequence: number;
  local: number;
  remote: number;
  event: number;
  data: number;
  context: number;
  /** How many fields to look for in a row: where data and context come last, those up to the beginning of the data. */
  width: number;
  /** Whether data and context are the last two columns, so that most rows need not be read to their end. */
  tail: boolean;
  /** The nine standard columns in their usual order, which are read in a faster way. */
  standard: boolean;
  /** The log is of another type: its rows are not ours. */
  foreign: boolean;
  /** The header line of the type, and that of the columns, was read here; else they come from the head of the file. */
  typeSeen: boolean;
  columnsSeen: boolean;
}

/** Columns of Exchange 2007 to SE, which also hold for files whose header was stripped. */
const standardColumns =
  'date-time,connector-id,session-id,sequence-number,local-endpoint,remote-endpoint,event,data,context';

const standard = withColumns(standardColumns.split(','), { foreign: false, typeSeen: false, columnsSeen: false });

/** A longer header line is cut off. */
const longestHeader = 8192;

/** The layout of a file from its first bytes. */
export function protocolLayout(head: Uint8Array): ProtocolLayout {
  let layout = standard;
  for (let start = 0, lines = 0; start < head.length && lines < 20; lines++) {
    let end = head.indexOf(Byte.lineFeed, start);
    if (end < 0) end = head.length;
    if (head[start] === 0xef) start += 3;
    if (head[start] !== Byte.hash) break;
    layout = afterHeader(layout, head, start, end);
    start = end + 1;
  }
  return { ...layout, typeSeen: false, columnsSeen: false };
}

/** The layout after the header line `bytes[start, end)`, which begins with `#`. Names are compared without case. */
export function afterHeader(before: ProtocolLayout, bytes: Uint8Array, start: number, end: number): ProtocolLayout {
  const header = headerLine(decode(bytes.subarray(start, Math.min(end, start + longestHeader))).toLowerCase());
  switch (header?.key) {
    case 'log-type':
      return { ...before, foreign: !/^smtp (?:receive|send) protocol log/.test(header.value), typeSeen: true };
    case 'fields':
      return withColumns(
        header.value.split(',').map((name) => name.trim()),
        { ...before, columnsSeen: true },
      );
    default:
      return before;
  }
}

/** The layout of a file whose parts have these layouts: what no header line of the second part says stays. */
export function continued(before: ProtocolLayout | undefined, after: ProtocolLayout): ProtocolLayout {
  if (!before) return after;
  const columns = after.columnsSeen ? after : before,
    type = after.typeSeen ? after : before;
  return { ...columns, foreign: type.foreign, typeSeen: type.typeSeen };
}

/** The layout with these columns. */
function withColumns(
  names: string[],
  { foreign, typeSeen, columnsSeen }: Pick<ProtocolLayout, 'foreign' | 'typeSeen' | 'columnsSeen'>,
): ProtocolLayout {
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
export function isComplete({ time, session, sequence, event, data, context }: ProtocolLayout): boolean {
  return Math.min(time, session, sequence, event, data, context) >= 0;
}
