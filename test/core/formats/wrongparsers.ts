/**
 * Readers that are wrong on purpose, each like a bug that a parser may have: they read with the product's own parser
 * and spoil what it says.
 */
import { CubeBuilder } from '../../../src/core/cube/cubebuilder';
import { DirectionCode, ForcedCode, OutcomeCode, TlsCode, TypeCode, type MailEvent } from '../../../src/core/model';
import { Verdict, type Format, type Parser } from '../../../src/core/reading/format';
import type { GroupReader } from '../../../src/core/reading/logreader';
import { Segment } from '../../../src/core/reading/segment';
import { decode } from '../../../src/core/text/words';

/** A reader with a bug, and how often the bug has made a difference. */
export interface WrongReader {
  readGroup: GroupReader;
  differences(): number;
}

/** Makes another event of one. Events are reused by parsers, so the change goes into a copy. */
type Change = (event: MailEvent) => Partial<MailEvent>;

const swapped = { [DirectionCode.inbound]: DirectionCode.outbound, [DirectionCode.outbound]: DirectionCode.inbound };

/** Bugs in what a parser says of a message, by the words in which one would report them. */
const changes: Record<string, () => Change> = {
  'inbound and outbound are swapped':
    () =>
    ({ direction }) => ({ direction: direction === DirectionCode.internal ? direction : swapped[direction] }),
  // What the absence of TLS means is not the parser's to say.
  'TLS is always none':
    () =>
    ({ tls }) => ({ tls: tls === TlsCode.absent ? tls : TlsCode.none }),
  'recipients are always 7': () => () => ({ recipients: 7 }),
  'a session is kept over its end': keepTls,
  'the name of a connector is lost': () => () => ({ connector: 0 }),
  'the type of a connector is lost': () => () => ({ type: TypeCode.unknown }),
  'forced TLS is lost': () => () => ({ forced: ForcedCode.unknown }),
  'the cipher suite is lost': () => () => ({ cipher: 0 }),
  'the remote host is lost': () => () => ({ remote: 0 }),
  'a fault is lost': () => () => ({ fault: 0 }),
  'failures count as accepted': () => () => ({ outcome: OutcomeCode.accepted }),
  'messages count twice': () => (event) => ({ count: event.count * 2 }),
  'bytes are lost': () => () => ({ bytes: 0 }),
  'times are a minute late': () => (event) => ({ time: event.time + 60_000 }),
  'places are a line late': () => (event) => ({ line: event.line + 1 }),
};

const noTls: readonly TlsCode[] = [TlsCode.none, TlsCode.absent, TlsCode.unknown];

/** What is shown of TLS stays: the next message in that direction without a sign of TLS has that of the one before. */
function keepTls(): Change {
  const last: Partial<Record<DirectionCode, MailEvent>> = {};
  return (event) => {
    const shows = !noTls.includes(event.tls);
    if (shows) last[event.direction] = event;
    const { tls, cipher } = (shows ? undefined : last[event.direction]) ?? event;
    return { tls, cipher };
  };
}

interface Miscount {
  /** What is said of a line instead of what is right. */
  verdict?(right: Verdict): Verdict;
  /** Lines that the parser never gets. */
  unread?: RegExp;
  /** Spoils what has been read; gives whether that makes a difference. */
  after?(segment: Segment): boolean;
}

/** Bugs in what is said of lines. */
const miscounts: Record<string, Miscount> = {
  'a used line is accounted as context': { verdict: (right) => (right === Verdict.used ? Verdict.context : right) },
  'a skipped line is accounted as context': {
    verdict: (right) => (right === Verdict.skipped ? Verdict.context : right),
  },
  'one line too few is accounted': {
    after: ({ accounts: [{ lines }] }) => {
      const kind = lines.context > 0 ? 'context' : 'used';
      lines.read--;
      lines[kind]--;
      return true;
    },
  },
  'a problem is not told': {
    after: ({ accounts: [{ problems }] }) => problems.delete([...problems.keys()][0]),
  },
};

/** The names of all bugs. */
export const bugs: readonly string[] = [...Object.keys(changes), ...Object.keys(miscounts)];

/** Bugs that have to show in every format, and the formats in which they can't: nothing is there to be got wrong. */
export const everywhere: Readonly<Record<string, readonly string[]>> = {
  'inbound and outbound are swapped': [],
  'TLS is always none': [],
  'recipients are always 7': [],
  // They never show TLS.
  'a session is kept over its end': ['exo-enhanced', 'exo-summary'],
  // They name none.
  'the name of a connector is lost': ['exo-summary', 'haraka', 'opensmtpd', 'zeek-smtp'],
  'one line too few is accounted': [],
  'messages count twice': [],
  'times are a minute late': [],
  'places are a line late': [],
};

/** A reader with one of the `bugs`. */
export function wrongReader(bug: string): WrongReader {
  return bug in changes ? withChange(changes[bug]()) : withMiscount(miscounts[bug]);
}

/** A reader whose parser never gets the lines that begin or end a session. */
export function overlooking(lines: RegExp): WrongReader {
  return withMiscount({ unread: lines });
}

function withChange(change: Change): WrongReader {
  let differences = 0;
  const spoilt = (event: MailEvent) => {
    const wrong = { ...event, ...change({ ...event }) };
    differences += Number(JSON.stringify(wrong) !== JSON.stringify(event));
    return wrong;
  };
  const readGroup = readingWith(
    (format, options) => new Segment(format, options, true, new SpoilingBuilder(spoilt)),
    () => {},
  );
  return { readGroup, differences: () => differences };
}

/** Sums what a parser says after it has been spoilt. */
class SpoilingBuilder extends CubeBuilder {
  constructor(private readonly spoilt: (event: MailEvent) => MailEvent) {
    super();
  }

  override add(event: MailEvent, file: number): void {
    super.add(this.spoilt(event), file);
  }

  override scratch(): CubeBuilder {
    return new SpoilingBuilder(this.spoilt);
  }
}

function withMiscount({ verdict = (right) => right, unread, after = () => false }: Miscount): WrongReader {
  let differences = 0;
  const readGroup = readingWith(
    (format, options) => {
      const wrong = parserWith(format, (text, right) => {
        if (unread?.test(text)) {
          differences++;
          return Verdict.context;
        }
        const said = right();
        differences += Number(verdict(said) !== said);
        return verdict(said);
      });
      return new Segment(wrong, options, true);
    },
    (segment) => {
      differences += Number(after(segment));
    },
  );
  return { readGroup, differences: () => differences };
}

/** A format whose lines are read by `read` instead, which may let the right parser do it. */
function parserWith(format: Format, read: (text: string, right: () => Verdict) => Verdict): Format {
  return {
    ...format,
    parser: (sink) => {
      const right = format.parser(sink);
      const line: Parser['line'] = (bytes, start, end, number) =>
        read(decode(bytes.subarray(start, end)), () => right.line(bytes, start, end, number));
      return new Proxy(right, {
        get(target, name) {
          if (name === 'line') return line;
          const value = name === 'block' ? undefined : Reflect.get(target, name, target);
          return typeof value === 'function' ? value.bind(target) : value;
        },
      });
    },
  };
}

function readingWith(
  segmentFor: (format: Format, options: Segment['options']) => Segment,
  after: (segment: Segment) => void,
): GroupReader {
  return async ({ format, files, options }) => {
    const segment = segmentFor(format, options);
    for (const { source, file } of files) {
      segment.end();
      segment.open(file);
      for await (const chunk of source.chunks()) segment.push(chunk);
    }
    segment.end();
    after(segment);
    return { segment, partialLine: new Uint8Array(0) };
  };
}
