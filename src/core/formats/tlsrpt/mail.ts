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

/** What a finished attachment holds: text that should be JSON, or the reason why there is none. */
export type Attachment = { line: number; text: string } | { line: number; error: 'damaged-file' | 'line-too-long' };

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
  };
}

/** Reads a line of a mail. Returns the attachment that ended before it, if one did. */
export function readMailLine(mail: Mail, text: string, line: number): Attachment | undefined {
  const isBoundary =
    text.startsWith('--') && mail.boundaries.some((one) => text === `--${one}` || text === `--${one}--`);
  if (isBoundary || (mail.blank && text.startsWith('From '))) {
    const ended = endMail(mail);
    if (!isBoundary) mail.boundaries = [];
    mail.headers = true;
    mail.header = '';
    mail.blank = false;
    return ended;
  }
  mail.blank = text === '';
  if (mail.headers) readHeader(mail, text, line);
  else if (mail.wanted) readBody(mail, text, line);
  return undefined;
}

/** The mail has ended. Returns the attachment that was still open. */
export function endMail(mail: Mail): Attachment | undefined {
  const { wanted, body, bodyLine: line, length, encoding } = mail;
  mail.wanted = false;
  mail.body = [];
  mail.length = 0;
  const text = body.join('\n');
  if (!wanted || text.trim() === '') return undefined;
  if (length > longestAttachment) return { line, error: 'line-too-long' };
  const plain = unpack(bytesOf(text, encoding));
  return plain ? { line, text: decode(plain).replace(/^\ufeff/, '') } : { line, error: 'damaged-file' };
}

function readHeader(mail: Mail, text: string, line: number): void {
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

/**
 * Unpacks gzip by its first two bytes, whatever the type says, piece by piece so that a small bomb can't fill the
 * memory; undefined where it is damaged or too long.
 */
function unpack(bytes: Uint8Array): Uint8Array | undefined {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  const parts: Uint8Array[] = [];
  let length = 0,
    member = 0;
  const gunzip = new Gunzip((part) => {
    parts.push(part);
    length += part.length;
    member += part.length;
  });
  gunzip.onmember = () => {
    member = 0;
  };
  try {
    for (let at = 0; at < bytes.length; at += 4096) {
      gunzip.push(bytes.subarray(at, at + 4096), at + 4096 >= bytes.length);
      if (length > longestReport) return undefined;
    }
  } catch {
    return undefined;
  }
  // The last four bytes say how long the text is (RFC 1952, section 2.3.1); the library does not look.
  if (bytes.length < 18 || new DataView(bytes.buffer, bytes.byteOffset).getUint32(bytes.length - 4, true) !== member)
    return undefined;
  const all = new Uint8Array(length);
  let end = 0;
  for (const part of parts) {
    all.set(part, end);
    end += part.length;
  }
  return all;
}
