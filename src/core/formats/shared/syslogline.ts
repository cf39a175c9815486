import { ViewOf } from '../../text/ascii';
import { isEntry, journalLine } from '../../text/journal';
import { Prefix, SyslogReader } from '../../text/syslog';
import type { TimeReader } from '../../text/time';
import { decode } from '../../text/words';

/** The shortest prefix, `Nov 4 08:00:05 `: in a shorter line a look at it would run into the next. */
const shortest = 15;

/**
 * A line of a mail server that logs to syslog: as syslog daemons write it, or as `journalctl -o json` does.
 * `Source` is what a format wants to know of a host and program; it is made once for each of them.
 */
export class SyslogLine<Source> {
  /** What holds the text: the line itself, or what was made of a line of JSON. */
  bytes: Uint8Array = new Uint8Array(0);
  start = 0;
  textStart = 0;
  end = 0;
  /** In whole seconds. */
  time = NaN;
  /** The process id, or -1 where none is logged. */
  pid = -1;
  source!: Source;
  private readonly view = new ViewOf();
  private readonly sources: (Source | undefined)[] = [];

  /** @param reader that of the log, where other formats read it too. */
  constructor(
    private readonly make: (host: string, program: string) => Source,
    private readonly reader = new SyslogReader(),
  ) {}

  /** Reads the line `b[s, e)`; `clock` is that of its file. The fields hold after `Prefix.program`. */
  read(b: Uint8Array, s: number, e: number, clock: TimeReader): Prefix {
    if (b[s] === 123) {
      const line = fromJson(b, s, e);
      if (typeof line === 'number') return line;
      b = line;
      s = 0;
      e = line.length;
    }
    if (e - s < shortest) return Prefix.badLine;
    const { reader } = this;
    const prefix = reader.read(b, this.view.of(b), s, e, clock);
    if (prefix === Prefix.remark) return isRemark(b, s, e) ? prefix : Prefix.badLine;
    if (prefix !== Prefix.program) return prefix;
    this.bytes = b;
    this.start = s;
    this.textStart = reader.textStart;
    this.end = e;
    this.time = reader.time;
    this.pid = reader.pid;
    const { origin } = reader;
    this.source = origin > 1 ? (this.sources[origin] ??= this.newSource(b)) : this.newSource(b);
    return prefix;
  }

  private newSource(b: Uint8Array): Source {
    const { host, program } = this.reader.names(b);
    return this.make(host, program);
  }
}

/**
 * Whether a line without a program is a remark of syslog or of the journal: `last message repeated 2 times`, also behind
 * dashes, `-- MARK --`, `-- Reboot --`. Others are cut off, or damaged.
 */
function isRemark(b: Uint8Array, s: number, e: number): boolean {
  const text = decode(b.subarray(s, Math.min(e, s + 512)));
  return /(?:^| )(?:last message |-- )/.test(text) || isStartOrEnd(text);
}

function fromJson(b: Uint8Array, s: number, e: number): Uint8Array | Prefix {
  let fields: unknown;
  try {
    fields = JSON.parse(decode(b.subarray(s, e)));
  } catch {
    return Prefix.badLine;
  }
  if (typeof fields !== 'object' || fields === null) return Prefix.badLine;
  return journalLine(fields as Record<string, unknown>) ?? (isEntry(fields) ? Prefix.remark : Prefix.badLine);
}

/** The source of a regular expression for a stamp, in any of the forms that `SyslogReader` reads. */
export const stampPattern = `(?:${[
  String.raw`[A-Z][a-z]{2} [ \d]?\d \d\d:\d\d:\d\d(?:\.\d+)?`,
  String.raw`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\S*`,
  String.raw`[A-Z][a-z]{2} \d{4}-\d\d-\d\d \d\d:\d\d:\d\d\S* \S+`,
  String.raw`\d{9,11}\.\d+`,
].join('|')})`;

const startOrEnd = new RegExp(
  `^(?:<\\d{1,3}>)?${stampPattern} (?:[^\\s:]+ )?(?:${[
    String.raw`syslogd started: BusyBox v[\d.]+`,
    'syslogd exiting',
    String.raw`syslogd \(GNU inetutils [\d.]+\): restart`,
    String.raw`syslogd [\d.]+(?:#[\w.+~-]+)?: restart(?: \(remote reception\))?\.?`,
    String.raw`exiting on signal \d+`,
  ].join('|')})$`,
);

/**
 * Whether a syslog daemon says in a line, before which it writes no program as such, that it was started or ends:
 * BusyBox, GNU inetutils, sysklogd.
 */
export function isStartOrEnd(text: string): boolean {
  return startOrEnd.test(text);
}

/** A test whether one of these programs has written a line of syslog; `programs` is the source of a regular expression. */
export function writtenBy(programs: string): (line: string) => boolean {
  const plain = new RegExp(`^(?:<\\d{1,3}>)?${stampPattern} (?:[^\\s:]+ )?(?:${programs})(?:\\[\\d+\\])?: `);
  const structured = new RegExp(`^<\\d{1,3}>1 \\d{4}-\\d\\d-\\d\\dT\\S+ \\S+ (?:${programs}) \\S+ \\S+ `);
  const journal = new RegExp(`"SYSLOG_IDENTIFIER" ?: ?"(?:${programs})"`);
  const entry = new RegExp(`^(?:\\s+"SYSLOG_IDENTIFIER" ?: ?"(?:${programs})",?|SYSLOG_IDENTIFIER=(?:${programs}))$`);
  // Cutting bounds what the patterns can cost on a hostile line.
  return (line) => {
    const text = line.slice(0, 4096);
    return plain.test(text) || structured.test(text) || (text.startsWith('{') ? journal.test(text) : entry.test(text));
  };
}
