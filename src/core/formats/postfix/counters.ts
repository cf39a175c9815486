import { digitsEnd, numberAt } from '../../text/digits';
import { decode } from '../../text/words';
import { SessionEnd } from './session';

/** Longest name of a command. */
const mostName = 30;
/** The commands that smtpd counts. */
const names = new Set(
  ['ehlo', 'helo', 'auth', 'mail', 'rcpt', 'data', 'bdat', 'rset', 'noop', 'vrfy', 'etrn', 'quit', 'help'].concat([
    'starttls',
    'xclient',
    'xforward',
    'unknown',
  ]),
);
/** Most digits of a number. */
const mostDigits = 7;

/**
 * What the counters in `b[p, e)` behind the client say, or undefined where they are not whole:
 * ` ehlo=2 starttls=1 mail=1 … commands=N`; `starttls=0/1` is one that failed, which must agree with the sum in the last
 * counter. None at all is how Postfix before 3.0 ends a session.
 */
export function countersOf(b: Uint8Array, p: number, e: number): SessionEnd | undefined {
  let end = SessionEnd.plain,
    good = 0,
    all = 0;
  if (p >= e) return SessionEnd.uncounted;
  while (p < e) {
    const q = nameEnd(b, p, e),
      count = q === p ? undefined : countAt(b, q + 1, e);
    if (count === undefined) return undefined;
    const name = decode(b.subarray(p + 1, q));
    if (name === 'commands') {
      const agrees = end !== SessionEnd.failedStartTls || (count.succeeded === good && count.tried === all);
      return count.end === e && agrees ? end : undefined;
    }
    if (!names.has(name)) return undefined;
    if (name === 'starttls') end = count.succeeded > 0 ? SessionEnd.startTls : SessionEnd.failedStartTls;
    good += count.succeeded;
    all += count.tried;
    p = count.end;
  }
  return undefined;
}

/** Where the `=` behind a space and a name stands; `p` where none does. */
function nameEnd(b: Uint8Array, p: number, e: number): number {
  if (b[p] !== 32) return p;
  for (let q = p + 1; q < e && q - p <= mostName; q++) if (b[q] === 61) return q;
  return p;
}

/** `7`, or `7/8` where not all succeeded. */
function countAt(b: Uint8Array, p: number, e: number): { succeeded: number; tried: number; end: number } | undefined {
  const stop = digitsEnd(b, p, e),
    succeeded = count(b, p, stop);
  if (succeeded === undefined || stop >= e || b[stop] !== 47)
    return succeeded === undefined ? undefined : { succeeded, tried: succeeded, end: stop };
  const end = digitsEnd(b, stop + 1, e),
    tried = count(b, stop + 1, end);
  return tried === undefined ? undefined : { succeeded, tried, end };
}

function count(b: Uint8Array, s: number, e: number): number | undefined {
  return e > s && e - s <= mostDigits ? numberAt(b, s, e) : undefined;
}
