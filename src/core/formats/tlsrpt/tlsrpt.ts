/**
 * SMTP TLS reports (RFC 8460): what other senders say of their TLS sessions with us, as JSON of one line or many,
 * several reports in one file, or as the mails that carry them. They count sessions, not messages, and know success
 * and failure but no version.
 *
 * A report spans lines, so a segment from the middle of a file decides nothing; the files are small.
 */
import { Byte } from '../../text/ascii';
import type { IdMap } from '../../cube/cubebuilder';
import type { Sink } from '../../reading/sink';
import { hasDuplicateKeys, listOf, parse, shapeOf, stringEnd } from '../../text/json';
import { decode } from '../../text/words';
import { Verdict, type Format, type Head, type Parser } from '../../reading/format';
import { Hops } from '../shared/hops';
import { MailReader, type Attachment } from './mail';
import { countReport } from './report';

export const tlsrpt: Format = {
  id: 'tlsrpt',
  name: 'SMTP TLS report',
  detect,
  parser: (sink) => new ReportParser(sink),
};

/** Names that only these reports have. */
const keys = [
  ...['organization-name', 'date-range', 'report-id', 'contact-info', 'policies', 'policy-type'],
  ...['total-successful-session-count', 'failure-details', 'failed-session-count'],
];
const names = new RegExp(`"(${keys.join('|')})"\\s*:`, 'g');

function detect({ lines }: Head): boolean {
  const text = lines.join('\n');
  if (/^\s*[[{]/.test(text)) return new Set(Array.from(text.matchAll(names), (match) => match[1])).size > 1;
  return (
    /^(?:From |[A-Za-z][A-Za-z0-9-]*:)/.test(text) &&
    /^(?:tls-report-(?:domain|submitter):|content-type:[^\n]*\btlsrpt\b|[ \t][^\n]*\breport-type="?tlsrpt\b)/im.test(
      text,
    )
  );
}

/** A longer report is not read, so that a file that never ends one can't fill the memory. */
const longestReport = 32 << 20;

/** Where the parser is in the current file. Plain data. */
interface Place {
  /** Position of the file in the data set, −1 before the first line. */
  file: number;
  mail: boolean;
  /**
   * The JSON text that is open, with the line where it began, its depth of brackets, and whether a string ran over a
   * line end.
   */
  text: string[];
  length: number;
  begin: number;
  depth: number;
  broken: boolean;
}

class ReportParser implements Parser {
  readonly blankLines = true;
  private readonly hops: Hops;
  private readonly mail = new MailReader();
  private place: Place = { file: -1, mail: false, text: [], length: 0, begin: 0, depth: 0, broken: false };
  /** Hashes of reports that were counted: the same report may be there as mail and as file. */
  private seen = new Set<string>();

  constructor(private readonly sink: Sink) {
    this.hops = new Hops(sink);
  }

  line(bytes: Uint8Array, start: number, end: number, line: number): Verdict {
    if (!this.sink.first) return Verdict.unresolved;
    const text = decode(bytes.subarray(start, end));
    const file = this.sink.account.file.index;
    if (file !== this.place.file) {
      if (text.trim() === '') return Verdict.context;
      this.leave();
      this.place = {
        file,
        mail: /^(?:From |[A-Za-z][A-Za-z0-9-]*:)/.test(text),
        text: [],
        length: 0,
        begin: 0,
        depth: 0,
        broken: false,
      };
    }
    if (this.place.mail) return this.attachment(this.mail.line(text, line));
    return this.json(text, line);
  }

  merge(other: Parser, _ids: IdMap, shift: readonly number[]): void {
    const right = other as ReportParser;
    for (const hash of right.seen) this.seen.add(hash);
    if (right.place.file < 0) return;
    this.place = {
      ...right.place,
      text: [...right.place.text],
      begin: right.place.begin + (shift[right.place.file] ?? 0),
    };
    this.mail.load(structuredClone(right.mail.save()));
  }

  finish(): void {
    this.leave();
  }

  advice(): string[] {
    return [];
  }

  save(): unknown {
    return { place: this.place, mail: this.mail.save(), seen: this.seen };
  }

  load(saved: unknown): void {
    const { place, mail, seen } = saved as { place: Place; mail: unknown; seen: Set<string> };
    this.place = place;
    this.seen = seen;
    this.mail.load(mail);
  }

  /** The file has ended: what it left open is counted or said. */
  private leave(): void {
    if (this.place.file < 0) return;
    // The last line was taken as context, since only the end of the file shows that it completes a report.
    if (this.place.mail) {
      if (this.attachment(this.mail.end()) === Verdict.used) this.sink.amend(this.place.file, 'context', 'used');
    } else if (this.place.depth > 0) this.sink.note('unfinished-record', this.place.begin, this.place.file);
    this.place.file = -1;
    this.mail.load({ ...new MailReader() });
  }

  private attachment(attachment: Attachment | undefined): Verdict {
    if (!attachment) return Verdict.context;
    if ('error' in attachment) {
      this.sink.note(attachment.error, attachment.line, this.place.file);
      return Verdict.skipped;
    }
    return this.report(attachment.text, attachment.line);
  }

  /** Reads a line of JSON: reports that end on it are counted, one that goes on is kept. */
  private json(text: string, line: number): Verdict {
    const { place } = this;
    if (place.depth > 0 && beginsReport(text, place.text)) {
      this.sink.note('unfinished-record', place.begin, place.file);
      this.clear();
    }
    const verdict = this.brackets(text, line);
    return place.depth > 0 && place.length > longestReport ? this.tooLong() : verdict;
  }

  /** Follows the brackets of a line. */
  private brackets(text: string, line: number): Verdict {
    const { place } = this;
    let verdict = Verdict.context;
    let from = 0;
    for (let i = 0; i < text.length; i++) {
      const c = text.charCodeAt(i);
      if (c === Byte.openBrace || c === Byte.openBracket) {
        if (place.depth++ > 0) continue;
        from = i;
        place.begin = line;
      } else if (place.depth === 0) {
        if (c > Byte.space && c !== Byte.comma) return worse(verdict, this.sink.skip('bad-json', line));
      } else if (c === Byte.quote) {
        i = stringEnd(text, i);
        place.broken ||= i === text.length;
      } else if ((c === Byte.closeBrace || c === Byte.closeBracket) && --place.depth === 0)
        verdict = worse(verdict, this.ended(text.slice(from, i + 1)));
    }
    if (place.depth > 0) {
      place.length += text.length;
      place.text.push(text.slice(from));
    }
    return verdict;
  }

  /** The report that is open ends with this text. */
  private ended(last: string): Verdict {
    const { text, broken, begin } = this.place;
    this.clear();
    return broken ? this.bad(begin) : this.report([...text, last].join('\n'), begin);
  }

  private tooLong(): Verdict {
    this.sink.note('line-too-long', this.place.begin, this.place.file);
    this.clear();
    return Verdict.skipped;
  }

  private clear(): void {
    Object.assign(this.place, { text: [], length: 0, depth: 0, broken: false });
  }

  private bad(line: number): Verdict {
    this.sink.note('bad-json', line, this.place.file);
    return Verdict.skipped;
  }

  private report(text: string, line: number): Verdict {
    const value = parse(text);
    if (value === undefined || hasDuplicateKeys(text)) return this.bad(line);
    const hash = hashOf(JSON.stringify(value));
    if (this.seen.has(hash)) return Verdict.context;
    this.seen.add(hash);
    let verdict = Verdict.context;
    for (const one of listOf(value))
      verdict = worse(verdict, countReport(one, this.sink, this.hops, line, this.place.file));
    return verdict;
  }
}

/** A line that states a fact is used whatever else it holds; one that only fails is skipped. */
function worse(a: Verdict, b: Verdict): Verdict {
  if (a === Verdict.used || b === Verdict.used) return Verdict.used;
  return a === Verdict.skipped || b === Verdict.skipped ? Verdict.skipped : Verdict.context;
}

/**
 * Whether a line begins a report though one is still open: that one was cut off, and must not swallow those after it.
 * A bare brace begins one only where the open report is indented.
 */
function beginsReport(text: string, open: readonly string[]): boolean {
  if (!text.startsWith('{')) return false;
  if (text.trimEnd() === '{') return open[0]?.trimEnd() === '{' && /^\s/.test(open[1] ?? '');
  const shape = shapeOf(text);
  return shape.has('report-id') || shape.has('policies') || shape.has('organization-name');
}

/** 64 bits of FNV-1a with the length: two different reports of one data set do not share it by chance. */
function hashOf(text: string): string {
  let a = 0x811c9dc5,
    b = 0x01000193;
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    a = Math.imul(a ^ c, 0x01000193);
    b = Math.imul(b ^ c, 0x85ebca6b);
  }
  return `${(a >>> 0).toString(36)}.${(b >>> 0).toString(36)}.${text.length}`;
}
