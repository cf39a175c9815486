import type { Milliseconds } from '../model';
import { Byte, Piece } from './ascii';
import { plausible } from './coveredtime';
import { monthAt, type TimeReader } from './time';
import { decode, Words } from './words';

/** What stands before the text of a syslog line. */
export const enum Prefix {
  /** Time, host and program were read. */
  program,
  /** Understood, but no program wrote it: "last message repeated 2 times", "-- Reboot --". */
  remark,
  badTime,
  /** Not a syslog line. */
  badLine,
}

/** The shortest stamp, `Nov 4 08:00:05 `: in a shorter line a look at it would run into the next. */
const shortest = 15;
/** Longest zone of a time stamp that is compared as a whole. */
const zoneLength = 8;
/** Bytes that are there behind a line's first one before it is read the quick way, so that no test runs past the end of the array. */
const quickLength = 192;
/** Longest `host program[` that is compared as a whole. */
const originLength = 96;
/** How many of them are remembered; a power of two. */
const recentOrigins = 256;

/**
 * Reads what syslog daemons and `journalctl` put before a message, on bytes. The forms, with an optional `<PRI>`:
 * traditional (RFC 3164) `Nov 24 08:29:06 host prog[1]: text`; RFC 3339 `2026-11-24T08:29:06.123+00:00 host prog[1]: text`
 * (journalctl `short-iso` writes `+0000`); RFC 5424 `<22>1 2026-… host prog 1 - - text`; journalctl `short-full` and `with-unit`
 * `Tue 2026-11-24 08:29:06 UTC host prog[1]: text`; `short-unix` `1795509211.893732 host prog[1]: text`.
 *
 * After `Prefix.program` the fields hold the positions of its parts. They stay until the next line is read.
 */
export class SyslogReader {
  time: Milliseconds = NaN;
  hostStart = 0;
  hostEnd = 0;
  programStart = 0;
  programEnd = 0;
  /** The process id, or -1 where none is logged. */
  pid = -1;
  textStart = 0;
  /** The same small number for the same host and program; 1 where there are too many, 0 where the line has no process id. */
  origin = 0;
  /** Whether the line has the form of RFC 5424, in which rsyslog writes the program's name only up to its first slash. */
  structured = false;

  /** What `peek` has found. */
  private peeked: Prefix | undefined;
  private clock: TimeReader | undefined;
  /** The last stamp: all of a traditional one, or an ISO 8601 one up to its seconds, with its zone apart. */
  private stamp: Piece | undefined;
  private zone: Piece | undefined;
  /** `host program[` */
  private readonly originNames = new Words(8192);
  private readonly origins: (Origin | undefined)[] = new Array<Origin | undefined>(recentOrigins).fill(undefined);
  private hostLength = 0;

  /** Reads the line `b[s, e)`; `v` looks at the same array, `clock` is that of its file. */
  read(b: Uint8Array, v: DataView, s: number, e: number, clock: TimeReader): Prefix {
    const { peeked } = this;
    if (peeked !== undefined) {
      this.peeked = undefined;
      return peeked;
    }
    if (clock !== this.clock) {
      this.clock = clock;
      this.stamp = this.zone = undefined;
    }
    this.structured = false;
    const p = b[s] === 60 ? priority(b, s) : s;
    const known = this.behindKnownStamp(b, v, p);
    if (known > 0) return this.known(b, v, known, e);
    this.structured = p > s && b[p] === 49 && b[p + 1] === 32;
    return this.withStamp(b, v, this.structured ? p + 2 : p, e, clock);
  }

  /** Reads a line that somebody else is to read as well: his `read` finds what stands before the text at once. */
  peek(b: Uint8Array, v: DataView, s: number, e: number, clock: TimeReader): Prefix {
    this.peeked = undefined;
    return (this.peeked = this.read(b, v, s, e, clock));
  }

  /** The next line that is read is another one than that of `peek`. */
  forgetPeeked(): void {
    this.peeked = undefined;
  }

  /** Host and program of the line `b` that was read last. */
  names(b: Uint8Array): { host: string; program: string } {
    if (this.origin <= 1)
      return {
        host: decode(b.subarray(this.hostStart, this.hostEnd)),
        program: decode(b.subarray(this.programStart, this.programEnd)),
      };
    const text = this.originNames.text(this.origin),
      space = text.indexOf(' ');
    return { host: text.slice(0, Math.max(space, 0)), program: text.slice(space + 1, -1) };
  }

  /** The position behind the stamp at `p`, where it is that of the line before, the commonest one by far; else 0. */
  private behindKnownStamp(b: Uint8Array, v: DataView, p: number): number {
    const { stamp, zone } = this;
    if (stamp === undefined || p + quickLength > b.length || !stamp.at(v, p)) return 0;
    let q = p + stamp.length;
    if (zone === undefined) return q;
    if (b[q] === 46 || b[q] === 44) for (q++; isDigit(b[q]); q++);
    return q < p + 40 && zone.at(v, q) ? q + zone.length : 0;
  }

  /** A line whose stamp is to be read. */
  private withStamp(b: Uint8Array, v: DataView, p: number, e: number, clock: TimeReader): Prefix {
    const c = b[p];
    if (c === 45 && b[p + 1] === 45 && b[p + 2] === 32) return Prefix.remark;
    if (e - p < shortest) return Prefix.badLine;
    if (c >= 65 && c <= 90 && monthAt(b, p) > 0 && b[p + 3] === 32) return this.traditional(b, v, p, e, clock);
    if (isDigit(c)) return b[p + 4] === 45 ? this.iso(b, v, p, e, clock) : this.unix(b, v, p, e, clock);
    if (b[p + 3] === 32 && b[p + 8] === 45) return this.full(b, v, p + 4, e, clock);
    return Prefix.badLine;
  }

  private traditional(b: Uint8Array, v: DataView, p: number, e: number, clock: TimeReader): Prefix {
    this.time = clock.syslog(b, p);
    const end = clock.end;
    if (Number.isNaN(this.time) || end >= e || b[end] !== 32) return this.forget(Prefix.badTime);
    if (this.stamp === undefined) this.stamp = new Piece(v, p, end + 1);
    else this.stamp.become(v, p, end + 1);
    this.zone = undefined;
    return this.known(b, v, end + 1, e);
  }

  /** Whole seconds are enough for everything that is counted, so a line of the same second needs no conversion. */
  private iso(b: Uint8Array, v: DataView, p: number, e: number, clock: TimeReader): Prefix {
    const time = clock.iso(b, p);
    const end = clock.end;
    if (Number.isNaN(time) || end >= e || b[end] !== 32) return Prefix.badTime;
    this.time = Math.floor(time / 1000) * 1000;
    let q = p + 19;
    if (b[q] === 46 || b[q] === 44) for (q++; isDigit(b[q]); q++);
    if (this.structured) return this.forget(this.structuredRest(b, end + 1, e));
    if (end + 1 - q > zoneLength) this.stamp = undefined;
    else {
      if (this.stamp === undefined) this.stamp = new Piece(v, p, p + 19);
      else this.stamp.become(v, p, p + 19);
      if (this.zone === undefined) this.zone = new Piece(v, q, end + 1);
      else this.zone.become(v, q, end + 1);
    }
    return this.known(b, v, end + 1, e);
  }

  /** Seconds since 1970 with a fraction. */
  private unix(b: Uint8Array, v: DataView, p: number, e: number, clock: TimeReader): Prefix {
    let seconds = 0,
      q = p;
    for (; isDigit(b[q]) && q - p < 12; q++) seconds = seconds * 10 + b[q] - 48;
    if (q - p < 9 || b[q] !== 46) return Prefix.badLine;
    for (q++; isDigit(b[q]); q++);
    if (q >= e || b[q] !== 32) return Prefix.badLine;
    this.time = clock.saw(plausible(seconds * 1000));
    if (Number.isNaN(this.time)) return this.forget(Prefix.badTime);
    return this.forget(this.rest(b, v, q + 1, e));
  }

  /** A date, a time and the short name of a zone; only UTC and offsets can be told from it, else it is the log's own zone. */
  private full(b: Uint8Array, v: DataView, p: number, e: number, clock: TimeReader): Prefix {
    const wall = clock.date(number(b, p, 4), number(b, p + 5, 2), number(b, p + 8, 2)) + clock.clock(b, p + 11);
    const end = clock.end;
    if (b[p + 7] !== 45 || b[p + 10] !== 32 || Number.isNaN(wall)) return Prefix.badTime;
    if (end >= e || b[end] !== 32) return Prefix.badTime;
    let q = end + 1;
    while (q < e && b[q] !== 32) q++;
    const offset = zoneOffset(b, end + 1, q),
      time = offset === undefined ? clock.zone.toUtc(wall) : wall - offset;
    this.time = clock.saw(Math.floor(time / 1000) * 1000);
    return this.forget(this.rest(b, v, q + 1, e));
  }

  /** `time` is no longer that of the remembered stamp. */
  private forget(prefix: Prefix): Prefix {
    this.stamp = this.zone = undefined;
    return prefix;
  }

  /** The part behind the time: a host and program that were seen before are known at a glance. */
  private known(b: Uint8Array, v: DataView, p: number, e: number): Prefix {
    if (p + quickLength > b.length) return this.rest(b, v, p, e);
    const known = this.origins[slotOf(v, p + this.hostLength + 9)];
    if (known !== undefined && p + known.text.length < e && known.text.at(v, p)) {
      const digits = p + known.text.length;
      let q = digits,
        pid = 0;
      for (; isDigit(b[q]) && q - digits < 10; q++) pid = pid * 10 + b[q] - 48;
      if (q > digits && b[q] === 93 && b[q + 1] === 58 && b[q + 2] === 32 && b[q + 3] !== 32 && q + 3 < e) {
        this.origin = known.id;
        this.pid = pid;
        this.textStart = q + 3;
        return Prefix.program;
      }
    }
    return this.rest(b, v, p, e);
  }

  /** `host prog[pid]: text`, also without host or without process id. */
  private rest(b: Uint8Array, v: DataView, p: number, e: number): Prefix {
    while (p < e && b[p] === 32) p++;
    const begin = p;
    this.hostStart = p;
    while (p < e && b[p] !== 32) p++;
    this.hostEnd = p;
    if (p >= e) return Prefix.remark;
    if (b[p - 1] === 58) {
      this.hostEnd = p = this.hostStart;
    } else p++;
    this.programStart = p;
    p = nameEnd(b, p, e);
    this.programEnd = p;
    this.origin = 0;
    if (b[p] === 91) p = this.behindProcessId(b, p, e);
    else this.pid = -1;
    if (p >= e || b[p] !== 58 || this.programEnd === this.programStart)
      return namesProcess(b, begin, e) ? Prefix.badLine : Prefix.remark;
    // Only now: whoever meets a host and program for the first time takes their names from this line.
    if (this.pid >= 0) this.remember(b, v, begin, this.programEnd + 1);
    p++;
    while (p < e && b[p] === 32) p++;
    this.textStart = p;
    return Prefix.program;
  }

  /** Reads `[pid]` at `p`; gives the position behind it, or that of the next colon where none stands there. */
  private behindProcessId(b: Uint8Array, p: number, e: number): number {
    let pid = 0,
      q = p + 1;
    for (; q < e && isDigit(b[q]) && q - p < 11; q++) pid = pid * 10 + b[q] - 48;
    if (b[q] === 93 && q > p + 1) {
      this.pid = pid;
      return q + 1;
    }
    this.pid = -1;
    while (p < e && b[p] !== 58) p++;
    return p;
  }

  private remember(b: Uint8Array, v: DataView, s: number, e: number): void {
    this.origin = this.originNames.intern(b, s, e);
    this.hostLength = Math.min(this.hostEnd - this.hostStart, originLength);
    const at = s + this.hostLength + 9;
    if (e - s <= originLength && this.origin > 1 && at + 5 <= b.length)
      this.origins[slotOf(v, at)] = { id: this.origin, text: new Piece(v, s, e) };
  }

  /** `HOST APP-NAME PROCID MSGID STRUCTURED-DATA MSG` (RFC 5424 section 6). */
  private structuredRest(b: Uint8Array, p: number, e: number): Prefix {
    this.origin = 0;
    this.hostStart = p;
    this.hostEnd = p = wordEnd(b, p, e);
    this.programStart = ++p;
    this.programEnd = p = wordEnd(b, p, e);
    const pidStart = ++p;
    p = wordEnd(b, p, e);
    this.pid = processId(b, pidStart, p);
    p = wordEnd(b, p + 1, e) + 1;
    if (p >= e || this.programEnd === this.programStart) return Prefix.badLine;
    p = b[p] === 91 ? elementsEnd(b, p, e) : p + 1;
    while (p < e && b[p] === 32) p++;
    if (b[p] === 0xef && b[p + 1] === 0xbb && b[p + 2] === 0xbf) p += 3;
    while (p < e && b[p] === 32) p++;
    this.textStart = Math.min(p, e);
    return Prefix.program;
  }
}

/** A host and program, `host program[`. */
interface Origin {
  id: number;
  text: Piece;
}

/** Where a host and program are remembered, by letters from the middle of the program's name. */
function slotOf(v: DataView, p: number): number {
  return Math.imul(v.getInt32(p, true) ^ (v.getUint8(p + 4) << 5), 0x9e3779b1) >>> 24;
}

function isDigit(c: number): boolean {
  return c >= 48 && c <= 57;
}

/** The position behind `<PRI>`, or the same where there is none. */
function priority(b: Uint8Array, p: number): number {
  let q = p + 1;
  while (q - p < 4 && isDigit(b[q])) q++;
  return b[q] === 62 && q > p + 1 ? q + 1 : p;
}

/** The process id that `b[s, e)` is; -1 where it is none. */
function processId(b: Uint8Array, s: number, e: number): number {
  let pid = 0;
  for (let i = s; i < e; i++) pid = isDigit(b[i]) ? pid * 10 + b[i] - 48 : NaN;
  return s < e && pid < 1e10 ? pid : -1;
}

/** Behind elements in brackets; in their quoted values a bracket may stand behind a backslash or bare. */
function elementsEnd(b: Uint8Array, p: number, e: number): number {
  for (let quoted = false; p < e; p++) {
    const c = b[p];
    if (c === 92) p++;
    else if (c === 34) quoted = !quoted;
    else if (c === 93 && !quoted && b[p + 1] !== 91) return p + 1;
  }
  return p;
}

/** Where a program's name ends. */
function nameEnd(b: Uint8Array, p: number, e: number): number {
  while (p < e && b[p] !== 91 && b[p] !== 58 && b[p] !== 32) p++;
  return p;
}

function wordEnd(b: Uint8Array, p: number, e: number): number {
  while (p < e && b[p] !== 32) p++;
  return p;
}

function number(b: Uint8Array, p: number, digits: number): number {
  let n = 0;
  for (let i = 0; i < digits; i++) n = n * 10 + b[p + i] - 48;
  return n;
}

/** The offset that `UTC`, `GMT`, `+02` or `-0330` names, in milliseconds; undefined for other names of zones. */
function zoneOffset(b: Uint8Array, s: number, e: number): Milliseconds | undefined {
  if (e - s === 3 && isUniversal(b, s)) return 0;
  const sign = b[s] === 43 ? 1 : b[s] === 45 ? -1 : 0;
  if (sign === 0 || !(e - s === 3 || e - s === 5)) return undefined;
  for (let i = s + 1; i < e; i++) if (!isDigit(b[i])) return undefined;
  return sign * (number(b, s + 1, 2) * 3_600_000 + (e - s === 5 ? number(b, s + 3, 2) * 60_000 : 0));
}

/** `UTC` or `GMT` */
function isUniversal(b: Uint8Array, s: number): boolean {
  return (b[s] === 85 && b[s + 1] === 84 && b[s + 2] === 67) || (b[s] === 71 && b[s + 1] === 77 && b[s + 2] === 84);
}

/** Whether `program[1]: ` stands somewhere in `[p, e)`: then the line is no remark, and something stands before its host. */
function namesProcess(b: Uint8Array, p: number, e: number): boolean {
  for (let q = p + 1; q + 2 < e; q++)
    if (b[q] === Byte.closeBracket && b[q + 1] === Byte.colon && b[q + 2] === Byte.space && isDigit(b[q - 1]))
      return true;
  return false;
}
