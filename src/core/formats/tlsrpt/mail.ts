import { Byte } from '../../text/ascii';
import { Gunzip } from 'fflate';
import { decode } from '../../text/words';

/**
 * Most bytes of an attachment as it stands in the mail, and unpacked. A report of a large sender has some hundred
 * kilobytes.
 */
const longestAttachment = 16 << 20;
const longestReport = 16 << 20;
/** Boundaries of nested parts that are remembered. */
const mostBoundaries = 16;

/** Content types under which reports are sent: RFC 8460, section 6.4 and 6.5, and what real senders write instead. */
const reportTypes =
  /^(?:application\/tlsrpt(?:\+json|\+gzip)?|application\/json|application\/(?:x-)?gzip|application\/octet-stream)$/i;

/** What a finished attachment holds: text that should be JSON, or the reason why there is none. */
export type Attachment = { line: number; text: string } | { line: number; error: 'damaged-file' | 'line-too-long' };

/**
 * Finds the reports in mails (RFC 5322, RFC 2045): one mail, or several in one file that each begin with a line `From
 * `. Plain data, so that it can be saved.
 */
export class MailReader {
  private headers = true;
  /** The header lines of the current part, unfolded. */
  private header = '';
  private boundaries: string[] = [];
  private encoding = '';
  private wanted = false;
  private body: string[] = [];
  private bodyLine = 0;
  private length = 0;
  private blank = true;

  /** Reads a line. Gives the attachment that ended before it, if one did. */
  line(text: string, line: number): Attachment | undefined {
    const boundary =
      text.startsWith('--') && this.boundaries.some((one) => text === `--${one}` || text === `--${one}--`);
    if (boundary || (this.blank && text.startsWith('From '))) {
      const ended = this.end();
      if (!boundary) this.boundaries = [];
      this.headers = true;
      this.header = '';
      this.blank = false;
      return ended;
    }
    this.blank = text === '';
    if (this.headers) {
      if (text !== '') {
        if (this.header.length < 65536) this.header += /^[ \t]/.test(text) ? ` ${text.trim()}` : `\n${text}`;
        return undefined;
      }
      this.headers = false;
      this.begin(line);
      return undefined;
    }
    if (this.wanted) {
      if (this.body.length === 0) this.bodyLine = line;
      this.length += text.length + 1;
      if (this.length <= longestAttachment) this.body.push(text);
    }
    return undefined;
  }

  /** The mail has ended. Gives the attachment that was still open. */
  end(): Attachment | undefined {
    const { wanted, body, bodyLine: line, length, encoding } = this;
    this.wanted = false;
    this.body = [];
    this.length = 0;
    const text = body.join('\n');
    if (!wanted || text.trim() === '') return undefined;
    if (length > longestAttachment) return { line, error: 'line-too-long' };
    const plain = unpack(bytesOf(text, encoding));
    return plain ? { line, text: decode(plain).replace(/^\ufeff/, '') } : { line, error: 'damaged-file' };
  }

  private begin(line: number): void {
    const type = field(this.header, 'content-type');
    const kind = type.split(';')[0].trim();
    const boundary = /;\s*boundary\s*=\s*(?:"([^"]*)"|([^\s;]+))/i.exec(type);
    if (boundary && this.boundaries.length < mostBoundaries) this.boundaries.push(boundary[1] ?? boundary[2]);
    this.encoding = field(this.header, 'content-transfer-encoding').trim().toLowerCase();
    // A generic type counts only with the name that a report has; a part of type tlsrpt needs none.
    const named = /name\*?\s*=[^\n]*\.json(?:\.gz)?\b/i.test(this.header);
    this.wanted = reportTypes.test(kind) && (/tlsrpt/i.test(kind) || named);
    this.bodyLine = line;
  }

  /** As data, and back. */
  save(): unknown {
    return { ...this };
  }
  load(saved: unknown): void {
    Object.assign(this, saved);
  }
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
