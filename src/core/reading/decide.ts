import { Verdict, type Parser } from './format';
import { LongLine } from './longline';
import type { Sink } from './sink';

/** Reads a line that depends on what came before as if nothing had. */
export function decideAlone(
  sink: Sink,
  parser: Parser,
  bytes: Uint8Array,
  start: number,
  end: number,
  line: number,
): Verdict {
  sink.note('join-evicted', line);
  sink.storedInstead = undefined;
  sink.leftUnread = false;
  sink.first = true;
  const decided = parser.line(bytes, start, end, line);
  sink.first = false;
  return decided;
}

/**
 * The records of long lines, each read by a parser with the number of its line. They are decided at once: what is read
 * again when more is known are lines.
 * @param number that of the line at hand.
 */
export function recordsOf(sink: Sink, parser: Parser, number: () => number): LongLine {
  return new LongLine(
    (bytes, start, end) => {
      if (bytes.subarray(start, end).includes(0)) return sink.skip('bad-line', number());
      const verdict = parser.line(bytes, start, end, number());
      return verdict === Verdict.unresolved ? decideAlone(sink, parser, bytes, start, end, number()) : verdict;
    },
    (why) => sink.skip(why, number()),
  );
}
