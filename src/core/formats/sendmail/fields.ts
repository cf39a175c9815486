import { Byte, four, fourAt, startsWith } from '../../text/ascii';

/** Which of several fields with the same key counts. */
const enum Counts {
  first,
  last,
  /** The first in deliveries and handshakes, the last in arrivals. */
  byLine,
}

/** Where the value of a field stands in its line; a start of 0 means that the field is not there. */
export class Field {
  start = 0;
  end = 0;
  /** The first letters of its key, which are unique. */
  readonly key: number;

  constructor(
    key: string,
    readonly counts: Counts,
  ) {
    this.key = four(key);
  }
}

const tlsVersion = four('tls_'),
  version = four('vers'),
  tlsOther = four('_ver');
/** How the keys begin of fields in which nothing is looked for (op.me, "Log level"; envelope.c and deliver.c). */
const others = new Set(
  [
    'class',
    'bodytype',
    'ctladdr',
    'pri=',
    'ntries',
    'verify',
    'bits',
    'auth',
    'quarantine',
    'mech',
    'milter',
    '_ver',
  ].map(four),
);

/**
 * The fields `key=value, key=value` of a line of Sendmail.
 *
 * In a delivery `stat=`, what the other server says, comes last and is not looked into, so the first of each field
 * counts. In an arrival the message id, which a stranger writes, stands before the relay and what follows it, so there
 * the last counts; size and recipients stand before the message id.
 */
export class SendmailFields {
  /** How long ago the message arrived. */
  readonly delay = new Field('delay', Counts.first);
  readonly xdelay = new Field('xdelay', Counts.byLine);
  readonly mailer = new Field('mailer', Counts.byLine);
  readonly relay = new Field('relay', Counts.byLine);
  readonly stat = new Field('stat', Counts.last);
  readonly size = new Field('size', Counts.first);
  readonly recipients = new Field('nrcpts', Counts.first);
  readonly messageId = new Field('msgid', Counts.last);
  readonly protocol = new Field('proto', Counts.last);
  readonly daemon = new Field('daemon', Counts.last);
  /** `version=` of a handshake, or Proofpoint's `tls_version=`. */
  readonly version = new Field('version', Counts.byLine);
  readonly cipher = new Field('cipher', Counts.byLine);
  /** `dsn=2.0.0`, the code of RFC 3463. */
  readonly dsn = new Field('dsn=', Counts.last);
  /** What the other server answered, where `stat=` says it in other words (from 8.16 on). */
  readonly reply = new Field('reply', Counts.first);
  /** Recipients that `to=` lists. */
  listed = 0;
  /** The list of recipients goes on in the next line. */
  more = false;
  /** Something stands between the commas that is no field, or one that Sendmail does not write. */
  strange = false;

  private readonly all = [
    this.delay,
    this.xdelay,
    this.mailer,
    this.relay,
    this.stat,
    this.size,
    this.recipients,
    this.messageId,
    this.protocol,
    this.daemon,
    this.version,
    this.cipher,
    this.dsn,
    this.reply,
  ];
  private readonly places = placesOf(this.all);
  private lastCounts = false;

  /** Reads `b[p, e)`, behind `to=`. */
  delivery(b: Uint8Array, p: number, e: number): void {
    this.reset(false);
    p = this.list(b, p, e);
    while (p < e) {
      // `[more]` stands in place of the recipients that did not fit.
      if (b[p] === Byte.openBracket && b[p + 1] === 109) this.more = true;
      const end = valueEnd(b, p, e);
      if (this.take(b, p, end) === this.stat) {
        this.stat.end = e;
        return;
      }
      p = end + 2;
    }
  }

  /** Reads `b[p, e)`, behind `from=`. */
  arrival(b: Uint8Array, p: number, e: number): void {
    this.reset(true);
    this.takeAll(b, valueEnd(b, p, e) + 2, e);
  }

  /** Whether the key of a field that is missing stands in `b[p, e)` all the same, e.g. behind a comma that got lost. */
  hides(b: Uint8Array, p: number, e: number, key: string): boolean {
    for (let q = p + key.length; q < e; q++)
      if (b[q] === Byte.equals && startsWith(b, q - key.length, key)) return true;
    return false;
  }

  /** Reads `b[p, e)`, behind `STARTTLS=client, `. */
  handshake(b: Uint8Array, p: number, e: number): void {
    this.reset(false);
    this.takeAll(b, p, e);
  }

  private takeAll(b: Uint8Array, p: number, e: number): void {
    while (p < e) {
      const end = valueEnd(b, p, e);
      this.take(b, p, end);
      p = end + 2;
    }
  }

  /** Notes the field `b[p, e)`. Returns it, or undefined where it is of no interest. */
  private take(b: Uint8Array, p: number, e: number): Field | undefined {
    let v = p + 3;
    while (v < e && b[v] !== Byte.equals) v++;
    let key = v < e ? fourAt(b, p) : 0;
    if (key === tlsVersion) key = fourAt(b, p + 4) === version ? version : tlsOther;
    const field = this.places[placeOf(key)];
    if (field?.key !== key) {
      // `[more]` is no field, and what the other server answers may have commas: `stat=` ends it.
      if (!others.has(key) && b[p] !== Byte.openBracket && this.reply.start === 0) this.strange = true;
      return undefined;
    }
    if (field.start > 0 && !(field.counts === Counts.last || (this.lastCounts && field.counts === Counts.byLine)))
      return field;
    field.start = v + 1;
    field.end = e;
    return field;
  }

  /**
   * Counts the recipients of `to=`: commas without a space behind them, outside of quotes and angle brackets, part
   * them.
   */
  private list(b: Uint8Array, p: number, e: number): number {
    for (let s = p; s < e;) {
      const q = itemEnd(b, s, e);
      if (q > s) this.listed++;
      if (q >= e) return e;
      if (b[q + 1] === Byte.space) return q + 2;
      s = q + 1;
    }
    return e;
  }

  private reset(lastCounts: boolean): void {
    const { all } = this;
    for (let i = 0; i < all.length; i++) all[i].start = all[i].end = 0;
    this.lastCounts = lastCounts;
    this.listed = 0;
    this.more = this.strange = false;
  }
}

/** A place for each key among 32: the multiplier gives the keys above one of their own. */
function placeOf(key: number): number {
  return Math.imul(key, 30_355) >>> 27;
}

function placesOf(fields: Field[]): (Field | undefined)[] {
  const places = new Array<Field | undefined>(32).fill(undefined);
  for (const field of fields) {
    const place = placeOf(field.key);
    if (places[place]) throw new Error('Two fields have the same place.');
    places[place] = field;
  }
  return places;
}

/**
 * The end of the value at `p`: a comma and a space behind it, outside of quotes and angle brackets, or the line's end.
 */
function valueEnd(b: Uint8Array, p: number, e: number): number {
  for (let q = p; ;) {
    const end = itemEnd(b, q, e);
    if (end >= e || b[end + 1] === Byte.space) return end;
    q = end + 1;
  }
}

/**
 * The next comma at or behind `p` outside of quotes and angle brackets, or the line's end. What is never closed is no
 * bracket.
 */
function itemEnd(b: Uint8Array, p: number, e: number): number {
  for (; p < e; p++) {
    const c = b[p];
    if (c === Byte.comma) return p;
    if (c === Byte.quote || c === Byte.less) {
      const end = closing(b, p, e, c === Byte.quote ? Byte.quote : Byte.greater);
      if (end > 0) p = end;
    }
  }
  return e;
}

/** Where what is opened at `p` is closed by `mark`; 0 where it never is. */
function closing(b: Uint8Array, p: number, e: number, mark: number): number {
  for (let q = p + 1; q < e; q++) {
    const c = b[q];
    if (c === mark) return q;
    if (c === Byte.backslash) q++;
    else if (c === Byte.quote) {
      const end = closing(b, q, e, Byte.quote);
      if (end > 0) q = end;
    }
  }
  return 0;
}

/** `00:00:05` or `2+00:00:05` (days) in milliseconds; 0 for anything else. */
export function duration(b: Uint8Array, s: number, e: number): number {
  let total = 0,
    n = 0;
  for (let p = s; p < e; p++) {
    const c = b[p];
    if (c >= 48 && c <= 57) n = n * 10 + c - 48;
    else if (c === Byte.plus) {
      total = n * 24;
      n = 0;
    } else if (c === Byte.colon) {
      total = (total + n) * 60;
      n = 0;
    } else return 0;
  }
  return (total + n) * 1000;
}

/** Where the text behind a queue id begins; `p` where there is none. */
export function textEntry(b: Uint8Array, p: number, e: number): number {
  let q = p;
  while (q < e && isLetterOrDigit(b[q])) q++;
  return q - p >= 5 && q - p <= 20 && b[q] === Byte.colon && b[q + 1] === Byte.space ? q + 2 : p;
}

function isLetterOrDigit(c: number): boolean {
  return (c >= 48 && c <= 57) || (c >= 65 && c <= 90) || (c >= 97 && c <= 122);
}
