import { startsWith } from '../../text/ascii';
import { indexOfByte } from '../../text/bytes';
import { decode } from '../../text/words';
import { Opened, Tier, type Box } from './box';
import { joinLines, unescaped } from './jsontext';

const opening = '{"log":"',
  stream = '","stream":"';
const time = /,"time":"([^"\\]{20,40})"\}$/;

/**
 * Docker's json-file driver (https://docs.docker.com/engine/logging/drivers/json-file/):
 * `{"log":"text\n","stream":"stdout","time":"2026-11-24T08:29:06.123456789Z"}`. A line longer than 16 KiB is several
 * objects, of which only the last has the line end in its text.
 */
export const dockerFile: Box = {
  tier: Tier.certain,
  open(line) {
    const { bytes, start, end } = line;
    if (!startsWith(bytes, start, opening)) return Opened.none;
    const from = start + opening.length,
      to = closingQuote(bytes, from, end);
    // Another order of keys is left to the reader of JSON.
    if (to < 0) return Opened.broken;
    if (!startsWith(bytes, to, stream) || bytes[end - 1] !== 125) return Opened.none;
    const room = line.room(to - from);
    let length = unescaped(bytes, from, to, room);
    if (length < 0) return Opened.broken;
    line.stream += bytes[to + stream.length + 3] === 101 ? 'err' : 'out';
    if (needsTime(room)) line.time = time.exec(decode(bytes.subarray(Math.max(to, end - 60), end)))?.[1] ?? line.time;
    const whole = length > 0 && room[length - 1] === 10;
    if (whole) length--;
    joinLines(room, length);
    line.become(room, length);
    return whole ? Opened.line : Opened.part;
  },
};

/** Where a text of JSON ends that begins at `from`, or -1. */
function closingQuote(bytes: Uint8Array, from: number, end: number): number {
  for (let at = indexOfByte(bytes, 34, from); at >= 0 && at < end; at = indexOfByte(bytes, 34, at + 1)) {
    let before = at;
    while (before > from && bytes[before - 1] === 92) before--;
    if ((at - before) % 2 === 0) return at;
  }
  return -1;
}

/** Whether a line begins with what can't be a stamp, so that the box's time may be needed. */
function needsTime(b: Uint8Array): boolean {
  const c = b[0];
  return !((c >= 48 && c <= 57) || c === 60 || (c >= 65 && c <= 90 && b[3] === 32));
}
