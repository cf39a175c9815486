/**
 * SMTP TLS reports (RFC 8460): what other senders say of their TLS sessions with us, as JSON of one line or many,
 * several reports in one file, or as the mails that carry them. They count sessions, not messages, and know success
 * and failure but no version.
 *
 * A report spans lines, so a segment from the middle of a file decides nothing; the files are small.
 */
import { Byte } from '../../text/ascii';
import type { LineNumber, ProblemCode } from '../../model';
import type { Sink } from '../../reading/sink';
import { at, hasDuplicateKeys, listOf, parse, shapeOf, stringEnd, textOf } from '../../text/json';
import { decode } from '../../text/words';
import { Verdict, type Format, type Head, type Parser } from '../../reading/format';
import { Hops } from '../shared/hops';
import { LastValue } from '../shared/lastvalue';
import { Noticed } from '../shared/noticed';
import { verdictOfAll } from '../shared/verdictofall';
import { endMail, newMail, readMailLine, type Attachment, type Mail } from './mail';
import { countReport } from './report';

export const tlsrpt: Format = {
  id: 'tlsrpt',
  name: 'SMTP TLS report',
  repeats: 'parser',
  document: true,
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
    isMail(text) &&
    /^(?:tls-report-(?:domain|submitter):|content-type:[^\n]*\btlsrpt\b|[ \t][^\n]*\breport-type="?tlsrpt\b)/im.test(
      text,
    )
  );
}

/** A longer report is not read, so that a file that never ends one can't fill the memory. */
const longestReport = 32 << 20;

/** Where the parser is in the current file. Plain data. */
interface Place {
  file: number;
  /** The mail that is read, where the file is one. */
  mail: Mail | undefined;
  /**
   * The JSON text that is open, with the line where it began, its depth of brackets, and whether a string ran over a
   * line end.
   */
  text: string[];
  length: number;
  begin: LineNumber;
  depth: number;
  broken: boolean;
}

class ReportParser implements Parser {
  readonly blankLines = true;
  private readonly hops: Hops;
  private readonly current = new LastValue<Place>({
    begin: 'line',
    mail: { bodyLine: 'line', promise: 'line', paragraphLine: 'line' },
  });
  /** Hashes of reports that were counted, and of their ids: the same report may be there as mail and as file. */
  private readonly seen = new Noticed<string>();
  readonly state = { current: this.current, seen: this.seen };

  constructor(private readonly sink: Sink) {
    this.hops = new Hops(sink);
  }

  line(bytes: Uint8Array, start: number, end: number, line: number): Verdict {
    if (!this.sink.first) return Verdict.unresolved;
    const text = decode(bytes.subarray(start, end));
    const file = this.sink.account.file.index;
    if (file !== this.current.value?.file) {
      if (text.trim() === '') return Verdict.context;
      this.leave();
      this.current.value = placeIn(file, isMail(text));
    }
    const place = this.current.value;
    return place.mail ? this.attachment(readMailLine(place.mail, text, line), file) : this.json(place, text, line);
  }

  finish(): void {
    this.leave();
  }

  /** The file has ended: what it left open is counted or noted. */
  private leave(): void {
    const place = this.current.value;
    if (!place) return;
    this.current.value = undefined;
    // The last line was taken as context, since only the end of the file shows that it completes a report.
    if (place.mail) {
      if (this.attachment(endMail(place.mail), place.file) === Verdict.used)
        this.sink.amend(place.file, 'context', 'used');
    } else if (place.depth > 0) this.sink.note('unfinished-record', place.begin, place.file);
  }

  private attachment(attachment: Attachment | undefined, file: number): Verdict {
    if (!attachment) return Verdict.context;
    if ('error' in attachment) return this.bad(attachment.error, attachment.line, file);
    return this.report(attachment.text, attachment.line, file);
  }

  /** Reads a line of JSON: reports that end on it are counted, one that goes on is kept. */
  private json(place: Place, text: string, line: number): Verdict {
    if (place.depth > 0 && beginsReport(text, place.text)) {
      this.sink.note('unfinished-record', place.begin, place.file);
      clear(place);
    }
    const verdict = this.brackets(place, text, line);
    if (place.depth === 0 || place.length <= longestReport) return verdict;
    clear(place);
    return this.bad('line-too-long', place.begin, place.file);
  }

  /** Follows the brackets of a line. */
  private brackets(place: Place, text: string, line: number): Verdict {
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
        verdict = worse(verdict, this.ended(place, text.slice(from, i + 1)));
    }
    if (place.depth > 0) {
      place.length += text.length;
      place.text.push(text.slice(from));
    }
    return verdict;
  }

  /** The report that is open ends with this text. */
  private ended(place: Place, last: string): Verdict {
    const { text, broken, begin, file } = place;
    clear(place);
    return broken ? this.bad('bad-json', begin, file) : this.report([...text, last].join('\n'), begin, file);
  }

  private bad(code: ProblemCode, line: number, file: number): Verdict {
    this.sink.note(code, line, file);
    return Verdict.skipped;
  }

  private report(text: string, line: number, file: number): Verdict {
    const value = parse(text);
    if (value === undefined || hasDuplicateKeys(text)) return this.bad('bad-json', line, file);
    return verdictOfAll(listOf(value), (one) => this.once(one, line, file));
  }

  /** Counts a report that was not counted yet. */
  private once(value: unknown, line: number, file: number): Verdict {
    const hash = hashOf(JSON.stringify(value));
    if (this.seen.has(hash)) return Verdict.context;
    this.seen.add(hash);
    const verdict = countReport(value, this.sink, this.hops, line, file);
    const id = textOf(at(value, 'report-id'));
    if (verdict !== Verdict.used || id === '') return verdict;
    const name = hashOf(JSON.stringify([at(value, 'organization-name'), id]));
    if (this.seen.has(name)) this.sink.note('same-report-id', line, file);
    this.seen.add(name);
    return verdict;
  }
}

function placeIn(file: number, mail: boolean): Place {
  return { file, mail: mail ? newMail(file) : undefined, text: [], length: 0, begin: 0, depth: 0, broken: false };
}

/** Whether a file that begins with this line is a mail. */
function isMail(text: string): boolean {
  return /^(?:From |[A-Za-z][A-Za-z0-9-]*:)/.test(text);
}

/** No report is open. */
function clear(place: Place): void {
  Object.assign(place, { text: [], length: 0, depth: 0, broken: false });
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
