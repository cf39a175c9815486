import { decode } from './words';

/** The fields of a journal entry (systemd.journal-fields(7)); a field may hold text, bytes, or several values. */
type JournalFields = Record<string, unknown>;

/** Longest record that is put together from lines, in bytes. */
const longestRecord = 1 << 20;
const encoder = new TextEncoder();

/**
 * A journal entry as a line of syslog with the time in seconds since 1970, as `journalctl -o short-unix` writes it:
 * `1795509211.893732 host prog[1]: text`. Undefined for entries without program, time or text.
 */
export function journalLine(fields: JournalFields): Uint8Array | undefined {
  const program = programOf(fields);
  const micros = word(fields._SOURCE_REALTIME_TIMESTAMP ?? fields.__REALTIME_TIMESTAMP);
  const text = valueOf(fields.MESSAGE);
  if (!program || !isMicros(micros) || text === undefined) return undefined;
  const pid = word(fields.SYSLOG_PID ?? fields._PID),
    host = word(fields._HOSTNAME) || '-',
    tag = /^\d+$/.test(pid) ? `${program}[${pid}]` : program;
  return encoder.encode(`${micros.slice(0, -6)}.${micros.slice(-6)} ${host} ${tag}: ${text.replace(/[\r\n]+/g, ' ')}`);
}

/** Whether an entry has a program, a text and a time, of which the time can't be one. */
export function hasBadTime(fields: JournalFields): boolean {
  const micros = fields._SOURCE_REALTIME_TIMESTAMP ?? fields.__REALTIME_TIMESTAMP;
  return (
    programOf(fields) !== '' && valueOf(fields.MESSAGE) !== undefined && micros !== undefined && !isMicros(word(micros))
  );
}

/** The program that wrote an entry; empty where none is named. */
export function programOf(fields: JournalFields): string {
  return word(fields.SYSLOG_IDENTIFIER ?? fields._COMM);
}

/** Whether the text of an entry was left out: journalctl writes null for fields of more than 4 KiB, unless run with `--all`. */
export function isTextLeftOut(fields: JournalFields): boolean {
  return fields.MESSAGE === null && isEntry(fields);
}

function isMicros(text: string): boolean {
  return /^\d{9,18}$/.test(text);
}

/** Whether an object of JSON is an entry of the journal, and not one of something else, such as a container's log. */
export function isEntry(fields: object): boolean {
  return '__REALTIME_TIMESTAMP' in fields || '__CURSOR' in fields || '_SOURCE_REALTIME_TIMESTAMP' in fields;
}

/**
 * The text of a field: journalctl writes invalid UTF-8 as an array of bytes, and several values as an array of texts.
 */
function valueOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  if (!Array.isArray(value) || value.length === 0) return undefined;
  return value.every((byte) => typeof byte === 'number') ? decode(Uint8Array.from(value)) : valueOf(value[0]);
}

function word(value: unknown): string {
  return (valueOf(value) ?? '').trim().replace(/\s+/g, '_');
}

/** What a line of a journal export of several lines a record has done. */
export const enum RecordPart {
  /** It stands before the first record that begins in this segment. */
  earlier,
  /** Part of a record that is not complete yet. */
  inside,
  /** The record is complete: `fields` holds it. */
  complete,
  /** The record is complete but can't be read. */
  broken,
}

/** Puts together the records of `journalctl -o json-pretty` and `-o export`, which have a line for each field. */
export class JournalRecords {
  fields: JournalFields = {};
  /** Whether a record's beginning has been seen. */
  begun = false;
  /** Where the record that is still incomplete began. */
  openLine = 0;
  openFile = 0;
  /** Lines of the record that is still incomplete; empty between records. */
  private open: string[] = [];
  private size = 0;

  constructor(readonly pretty: boolean) {}

  get incomplete(): boolean {
    return this.open.length > 0;
  }

  /** Reads a line, an empty one included. `onCut` is called where a record begins before the one before has ended. */
  line(bytes: Uint8Array, start: number, end: number, line: number, file: number, onCut: () => void): RecordPart {
    const text = decode(bytes.subarray(start, end));
    const begins = this.pretty ? text === '{' : text.startsWith('__CURSOR=');
    if (begins) {
      if (this.incomplete) onCut();
      this.begun = true;
      this.openLine = line;
      this.openFile = file;
      this.open = [text];
      this.size = text.length;
      return RecordPart.inside;
    }
    if (!this.incomplete) return this.begun && text === '' ? RecordPart.inside : RecordPart.earlier;
    if (this.pretty ? text === '}' : text === '') return this.close(text);
    this.size += text.length + 1;
    // A record without end may not fill the memory; what is kept is enough to see later that it is broken.
    if (this.size <= longestRecord) this.open.push(text);
    return RecordPart.inside;
  }

  /** Continues with what `right` has read of the same export; `shift`: lines of each file before it. */
  merge(right: JournalRecords, shift: readonly number[], onCut: () => void): void {
    if (!right.begun) return;
    if (this.incomplete) onCut();
    this.begun = true;
    this.open = [...right.open];
    this.size = right.size;
    this.openLine = right.openLine + (shift[right.openFile] ?? 0);
    this.openFile = right.openFile;
  }

  /** What has been read of the record that is incomplete. */
  save() {
    return {
      pretty: this.pretty,
      begun: this.begun,
      openLine: this.openLine,
      openFile: this.openFile,
      open: this.open,
      size: this.size,
    };
  }

  static load(saved: ReturnType<JournalRecords['save']>): JournalRecords {
    return Object.assign(new JournalRecords(saved.pretty), saved);
  }

  private close(last: string): RecordPart {
    const lines = this.open;
    this.open = [];
    if (this.size > longestRecord) return RecordPart.broken;
    this.fields = {};
    if (!this.pretty) return this.fromExport(lines);
    try {
      this.fields = JSON.parse(lines.join('\n') + last) as JournalFields;
      return RecordPart.complete;
    } catch {
      return RecordPart.broken;
    }
  }

  /** `KEY=value` lines. A value with control characters stands on the next line, behind its length as 8 bytes. */
  private fromExport(lines: readonly string[]): RecordPart {
    for (const [i, line] of lines.entries()) {
      const at = line.indexOf('=');
      if (/^[A-Z0-9_]+$/.test(line) && i + 1 < lines.length) this.fields[line] ??= lines[i + 1].slice(8);
      else if (at > 0) this.fields[line.slice(0, at)] ??= line.slice(at + 1);
    }
    return RecordPart.complete;
  }
}
