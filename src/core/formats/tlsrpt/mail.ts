import { Byte } from '../../text/ascii';
import { Gunzip } from 'fflate';
import type { LineNumber } from '../../model';
import { decode } from '../../text/words';

/**
 * Most bytes of an attachment as it stands in the mail, and unpacked. A report of a large sender has some hundred
 * kilobytes.
 */
const longestAttachment = 16 << 20;
const longestReport = 16 << 20;
/** Most letters of the headers of a part. */
const longestHeader = 65_536;
/** Boundaries of nested parts that are remembered. */
const mostBoundaries = 16;

/** Content types under which reports are sent: RFC 8460, section 6.4 and 6.5, and what real senders write instead. */
const reportTypes =
  /^(?:application\/tlsrpt(?:\+json|\+gzip)?|application\/json|application\/(?:x-)?gzip|application\/octet-stream)$/i;

/** Most letters of a paragraph that are looked at for a report where none is expected. */
const longestGlance = 4096;

/** Members that every report has. `organization-name` and `policies` stand in other files too. */
const reportNames = /"(?:date-range|start-datetime|report-id|policy-type|total-successful-session-count)"/g;

/** What a finished attachment holds: text that should be JSON, or the reason why there is none. */
export type Attachment =
  | { line: number; text: string }
  | { line: number; error: 'damaged-file' | 'line-too-long' | 'unfinished-record' | 'bad-line' };

/** How far a mail has been read (RFC 5322, RFC 2045), or several in one file. Plain data. */
export interface Mail {
  file: number;
  /** The present line belongs to the headers of a part. */
  headers: boolean;
  /** The header lines of the current part, unfolded. */
  header: string;
  boundaries: string[];
  encoding: string;
  /** The current part is a report; its body so far, with the line where that begins. */
  wanted: boolean;
  body: string[];
  bodyLine: LineNumber;
  length: number;
  /** The last line was blank. */
  blank: boolean;
  /** Where the headers of a mail say that it has a report, while none has come; else 0. */
  promise: LineNumber;
  /** The present paragraph of a part that is no report by its headers, as much of it as is looked at. */
  paragraph: string;
  paragraphLine: LineNumber;
}

/** A mail of which nothing has been read. */
export function newMail(file: number): Mail {
  return {
    file,
    headers: true,
    header: '',
    boundaries: [],
    encoding: '',
    wanted: false,
    body: [],
    bodyLine: 0,
    length: 0,
    blank: true,
    promise: 0,
    paragraph: '',
    paragraphLine: 0,
  };
}

/** Reads a line of a mail. Returns the attachment that ended before it, if one did. */
export function readMailLine(mail: Mail, text: string, line: number): Attachment | undefined {
  const boundary = text.startsWith('--')
    ? mail.boundaries.find((one) => text === `--${one}` || text === `--${one}--`)
    : undefined;
  if (boundary !== undefined) {
    const ended = endPart(mail);
    beginPart(mail, text === `--${boundary}`);
    return ended;
  }
  // What a mailbox writes between two mails (RFC 4155); a sentence may begin with the word.
  if (mail.blank && /^From \S+ .*\d\d:\d\d/.test(text)) {
    const ended = endMail(mail);
    mail.boundaries = [];
    beginPart(mail, true);
    return ended;
  }
  if (goesOn(mail, text)) {
    const ended = endPart(mail);
    beginPart(mail, true);
    if (!text.startsWith('From ')) readHeader(mail, text, line);
    return ended;
  }
  mail.blank = text === '';
  if (mail.headers) readHeader(mail, text, line);
  else if (mail.wanted) readBody(mail, text, line);
  else return readOther(mail, text, line);
  return undefined;
}

/** Whether a line is a header in the body of a report: the boundary or blank line before it is missing. */
function goesOn({ headers, wanted, encoding }: Mail, text: string): boolean {
  return !headers && wanted && encoding !== 'quoted-printable' && /^(?:From |[A-Za-z][A-Za-z0-9-]*: )/.test(text);
}

/** The mail has ended. Returns the attachment that was still open, or that none has come though one was promised. */
export function endMail(mail: Mail): Attachment | undefined {
  const ended = endPart(mail),
    line = mail.promise;
  mail.promise = 0;
  return ended ?? (line > 0 ? { line, error: 'unfinished-record' } : undefined);
}

function beginPart(mail: Mail, headers: boolean): void {
  mail.headers = headers;
  mail.header = '';
  mail.blank = false;
}

function endPart(mail: Mail): Attachment | undefined {
  // The blank line behind the headers is missing, and with it all of the body.
  if (mail.headers && mail.header !== '') beginBody(mail, mail.bodyLine);
  const { wanted, body, bodyLine: line, length, encoding } = mail;
  mail.wanted = false;
  mail.body = [];
  mail.length = 0;
  if (!wanted) return endParagraph(mail);
  mail.promise = 0;
  const text = body.join('\n');
  if (text.trim() === '') return { line, error: 'unfinished-record' };
  if (length > longestAttachment) return { line, error: 'line-too-long' };
  const plain = unpack(bytesOf(text, encoding));
  return plain ? { line, text: decode(plain).replace(/^\ufeff/, '') } : { line, error: 'damaged-file' };
}

function readHeader(mail: Mail, text: string, line: number): void {
  if (mail.header === '') mail.bodyLine = line;
  if (text === '') {
    mail.headers = false;
    beginBody(mail, line);
  } else if (mail.header.length < longestHeader) mail.header += /^[ \t]/.test(text) ? ` ${text.trim()}` : `\n${text}`;
}

function readBody(mail: Mail, text: string, line: number): void {
  if (mail.body.length === 0) mail.bodyLine = line;
  mail.length += text.length + 1;
  if (mail.length <= longestAttachment) mail.body.push(text);
}

/** Reads a line of a part that is no report by its headers. Returns that it looks like one, where it does. */
function readOther(mail: Mail, text: string, line: number): Attachment | undefined {
  if (text === '') return endParagraph(mail);
  if (mail.paragraph === '') mail.paragraphLine = line;
  if (mail.paragraph.length < longestGlance) mail.paragraph += `${text.slice(0, longestGlance)}\n`;
  return undefined;
}

/** A boundary or a header is damaged where a report stands in a part that is none by its headers. */
function endParagraph(mail: Mail): Attachment | undefined {
  const { paragraph, paragraphLine: line } = mail;
  mail.paragraph = '';
  if (!hasReport(paragraph)) return undefined;
  mail.promise = 0;
  return { line, error: 'bad-line' };
}

/** Whether a paragraph has the beginning of a report in it, as it is, in base64, or compressed. */
function hasReport(paragraph: string): boolean {
  const found = (text: string): boolean => new Set(text.match(reportNames)).size > 1;
  if (!/^[A-Za-z0-9+/=\n]{40,}$/.test(paragraph)) return found(paragraph.replaceAll('=\n', ''));
  return found(decode(beginningOf(bytesOf(paragraph, 'base64'))));
}

/** The headers of a part have ended: what they say of its body. */
function beginBody(mail: Mail, line: number): void {
  const type = field(mail.header, 'content-type');
  const kind = type.split(';')[0].trim();
  const boundary = /;\s*boundary\s*=\s*(?:"([^"]*)"|([^\s;]+))/i.exec(type);
  if (boundary && mail.boundaries.length < mostBoundaries) mail.boundaries.push(boundary[1] ?? boundary[2]);
  mail.encoding = field(mail.header, 'content-transfer-encoding').trim().toLowerCase();
  // A generic type counts only with the name that a report has; a part of type tlsrpt needs none.
  const named = /name\*?\s*=[^\n]*\.json(?:\.gz)?\b/i.test(mail.header);
  mail.wanted = reportTypes.test(kind) && (/tlsrpt/i.test(kind) || named);
  mail.bodyLine = line;
  if (mail.promise === 0 && /^tls-report-\w+:|\btlsrpt\b/im.test(mail.header)) mail.promise = line;
}

/** The value of a header field among unfolded lines; empty where it is missing. */
function field(header: string, name: string): string {
  const line = header.split('\n').find((one) => one.toLowerCase().startsWith(`${name}:`));
  return line ? line.slice(name.length + 1) : '';
}

/** The bytes of a body (RFC 2045, section 6). What base64 does not allow is left out, as the standard demands. */
function bytesOf(text: string, encoding: string): Uint8Array {
  if (encoding === 'base64') {
    const clean = text.replace(/[^A-Za-z0-9+/]/g, '');
    return Uint8Array.from(atob(clean.slice(0, clean.length - (clean.length % 4 === 1 ? 1 : 0))), (c) =>
      c.charCodeAt(0),
    );
  }
  if (encoding !== 'quoted-printable') return new TextEncoder().encode(text);
  const raw = new TextEncoder().encode(text.replace(/[ \t]+$/gm, '').replace(/=\n/g, ''));
  const out = new Uint8Array(raw.length);
  let length = 0;
  for (let i = 0; i < raw.length; i++) {
    const code = raw[i] === Byte.equals ? parseInt(String.fromCharCode(raw[i + 1] ?? 0, raw[i + 2] ?? 0), 16) : NaN;
    if (Number.isNaN(code)) out[length++] = raw[i];
    else {
      out[length++] = code;
      i += 2;
    }
  }
  return out.subarray(0, length);
}

/** The beginning of what is packed in bytes that may break off. */
function beginningOf(bytes: Uint8Array): Uint8Array {
  if (!isGzip(bytes)) return bytes;
  let first: Uint8Array = new Uint8Array(0);
  const gunzip = new Gunzip((part) => {
    if (first.length === 0) first = part.slice(0, longestGlance);
  });
  try {
    gunzip.push(bytes);
  } catch {
    // What came before the damage is enough.
  }
  return first;
}

function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

/**
 * Unpacks gzip by its first two bytes, whatever the type says, piece by piece so that a small bomb can't fill the
 * memory; undefined where it is damaged or too long.
 */
function unpack(bytes: Uint8Array): Uint8Array | undefined {
  if (!isGzip(bytes)) return bytes;
  const parts: Uint8Array[] = [];
  let length = 0,
    member = new Checked();
  const gunzip = new Gunzip((part) => {
    parts.push(part);
    length += part.length;
    member.add(part);
  });
  let sound = true;
  gunzip.onmember = (offset) => {
    sound &&= offset === 0 || member.endsAt(bytes, offset);
    member = new Checked();
  };
  try {
    for (let at = 0; at < bytes.length; at += 4096) {
      gunzip.push(bytes.subarray(at, at + 4096), at + 4096 >= bytes.length);
      if (length > longestReport) return undefined;
    }
  } catch {
    return undefined;
  }
  if (!sound || !member.endsAt(bytes, bytes.length)) return undefined;
  const all = new Uint8Array(length);
  let end = 0;
  for (const part of parts) {
    all.set(part, end);
    end += part.length;
  }
  return all;
}

/** The sum and length of a gzip member's text, which the library does not compare with those behind it. */
class Checked {
  private sum = -1;
  private length = 0;

  add(part: Uint8Array): void {
    this.length += part.length;
    for (const byte of part) this.sum = sums[(this.sum ^ byte) & 255] ^ (this.sum >>> 8);
  }

  /** Whether the member that ends there says the same of itself (RFC 1952, section 2.3.1). */
  endsAt(bytes: Uint8Array, end: number): boolean {
    if (end < 18) return false;
    const stated = new DataView(bytes.buffer, bytes.byteOffset + end - 8, 8);
    return stated.getInt32(0, true) === ~this.sum && stated.getUint32(4, true) === this.length;
  }
}

/** CRC-32 of each byte (RFC 1952, section 8). */
const sums = Int32Array.from({ length: 256 }, (_, byte) => {
  for (let bit = 0; bit < 8; bit++) byte = byte & 1 ? 0xedb88320 ^ (byte >>> 1) : byte >>> 1;
  return byte;
});
