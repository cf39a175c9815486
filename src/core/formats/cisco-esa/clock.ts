import type { Milliseconds } from '../../model';
import { Verdict } from '../../reading/format';
import type { Sink } from '../../reading/sink';
import { decode } from '../../text/words';
import { TimeReader } from '../../text/time';
import type { Zone } from '../../text/zone';

/** The appliance's own time before the level, with the zone that some write behind it. */
const own =
  /((?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) [A-Z][a-z]{2} [ \d]?\d \d\d:\d\d:\d\d \d{4})(?: ([A-Z]{2,5}|(?:GMT ?|UTC ?)?[+-]\d\d:?\d\d))?\s*$/;
/** Zones are a quarter of an hour apart, and at most fourteen hours from UTC. */
const quarter = 900;
const farthest = 50_400;

/** Reads the times that an appliance writes itself, in the zone that the beginning of the file states. */
export class OwnClock {
  private reader: TimeReader | undefined;
  /** The zone that the current file states, as it stands behind a time. */
  private zone = '';
  /** The latest time was the appliance's own. */
  private isOwn = false;

  constructor(private readonly sink: Sink) {}

  /** The appliance's own time in what stands before the level, with its zone; undefined where it has none. */
  find(prefix: string): { text: string; index: number } | undefined {
    const { time, account } = this.sink;
    if (time !== this.reader) this.zone = zoneOf(account.file.head, time.zone);
    this.reader = time;
    const found = ownTime(prefix, this.zone);
    this.isOwn = found !== undefined;
    return found;
  }

  /** Reads the text of a line that may state an offset. `time` is the line's; it must have been read with this offset. */
  offset(text: string, time: Milliseconds, line: number): Verdict {
    if (!text.startsWith('Time offset from UTC: ')) return Verdict.context;
    const seconds = offsetOf(text),
      read = this.zone === '' ? this.sink.time.zone.offsetAt(time) / 1000 : secondsOf(this.zone);
    const agrees = this.isOwn ? seconds === read : !Number.isNaN(seconds);
    return agrees ? Verdict.used : this.sink.skip('bad-time', line);
  }
}

/**
 * The appliance's own time in what stands before the level, with its zone behind it: as stated there, else `zone`.
 * Its text is empty where the stated zone is not known.
 */
function ownTime(prefix: string, zone: string): { text: string; index: number } | undefined {
  const found = own.exec(prefix);
  if (!found) return undefined;
  const [, time, stated] = found;
  const digits = /[+-]\d\d:?\d\d$/.exec(stated ?? '')?.[0];
  const known = stated === undefined || digits !== undefined || stated === 'GMT' || stated === 'UTC';
  const behind = stated === undefined ? zone : ` ${(digits ?? '+0000').replace(':', '')}`;
  return { text: known ? time + behind : '', index: found.index };
}

/**
 * The seconds of `Time offset from UTC: -25200 seconds`, which the appliance writes when it begins a file (Cisco,
 * "AsyncOS user guide", Logging, "Timestamps in log files"); NaN where they can't be right.
 */
function offsetOf(text: string): number {
  const stated = /^Time offset from UTC: (-?\d{1,5}) seconds$/.exec(text.trimEnd());
  const seconds = Number(stated?.[1]);
  return seconds % quarter === 0 && Math.abs(seconds) <= farthest ? seconds : NaN;
}

/**
 * The zone of a file's own times, as it stands behind them: empty where the beginning of the file states none, or that
 * which its times are read in anyway. That one also knows when summer time begins.
 */
function zoneOf(head: Uint8Array, zone: Zone): string {
  const line = /^.*\d{4} Info: (Time offset from UTC: .*)$/m.exec(decode(head));
  const seconds = offsetOf(line?.[1] ?? '');
  if (!line || Number.isNaN(seconds)) return '';
  const minutes = Math.abs(seconds) / 60;
  const digits = `${Math.floor(minutes / 60)}`.padStart(2, '0') + `${minutes % 60}`.padStart(2, '0');
  const behind = ` ${seconds < 0 ? '-' : '+'}${digits}`;
  const stamp = ownTime(line[0].slice(0, line[0].indexOf('Info: ')), behind);
  if (!stamp) return '';
  const reader = new TimeReader(zone, { year: 0, month: 1, day: 1, forward: true });
  const time = reader.ctime(new TextEncoder().encode(stamp.text), 0);
  return zone.offsetAt(time) === seconds * 1000 ? '' : behind;
}

/** The seconds of a zone such as ` -0700`. */
function secondsOf(zone: string): number {
  const seconds = Number(zone.slice(2, 4)) * 3600 + Number(zone.slice(4)) * 60;
  return zone[1] === '-' ? -seconds : seconds;
}
