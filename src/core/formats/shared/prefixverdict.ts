import { Verdict } from '../../reading/format';
import type { Sink } from '../../reading/sink';
import { Prefix } from '../../text/syslog';

/**
 * What becomes of a line of syslog with this prefix; undefined where a program wrote it, so that its text is to be
 * read.
 */
export function prefixVerdict(prefix: Prefix, sink: Sink, line: number): Verdict | undefined {
  switch (prefix) {
    case Prefix.badTime:
      return sink.skip('bad-time', line);
    case Prefix.badLine:
      return sink.skip('bad-line', line);
    case Prefix.remark:
      return Verdict.context;
    case Prefix.program:
      return undefined;
  }
}
