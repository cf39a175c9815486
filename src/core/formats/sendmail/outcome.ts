import { OutcomeCode } from '../../model';
import { Byte, startsWith } from '../../text/ascii';
import type { Field } from './fields';

/**
 * Where in `stat=` a refusal by this Sendmail itself can stand, behind an answer's codes: `Deferred: 454 4.7.0
 * encryption …`.
 */
const longestCodes = 40;

/** What `stat=` says of an attempt. */
export class Outcomes {
  /** It failed because this Sendmail demands TLS (ruleset tls_server: `encryption too weak 0 less than 112`). */
  tlsDemanded = false;
  /** The other server was not reached, or the connection to it has broken. */
  isBroken = false;

  /** Reads the value of `stat=` and the code of RFC 3463 beside it, if any. Undefined where nothing was tried. */
  read(b: Uint8Array, { start: s, end: e }: Field, dsn: Field): OutcomeCode | undefined {
    this.tlsDemanded = this.isBroken = false;
    if (startsWith(b, s, 'Sent') && (e - s === 4 || b[s + 4] === Byte.space)) return OutcomeCode.accepted;
    if (startsWith(b, s, 'queued') || startsWith(b, s, 'quarantined')) return undefined;
    const outcome = outcomeOf(
      dsn.start > 0 ? b[dsn.start] - 48 : 0,
      startsWith(b, s, 'Deferred') || startsWith(b, s, 'Transient'),
    );
    if (outcome === OutcomeCode.accepted) return outcome;
    // `Deferred: Connection refused by mx.example.`, `… reset by …`, `… timed out with …`; 421 closes it (RFC 5321).
    this.isBroken = startsWith(b, s, 'Deferred: Connection ') || startsWith(b, s, 'Deferred: 421 ');
    // In whatever class the administrator has put the refusal.
    for (let p = s; p < Math.min(e, s + longestCodes); p++)
      if (b[p] === 101 && startsWith(b, p, 'encryption too weak')) this.tlsDemanded = true;
    return outcome;
  }
}

/** The outcome by the class of a code of RFC 3463, and by the words of older versions, which have none. */
function outcomeOf(dsn: number, isDelayed: boolean): OutcomeCode {
  if (dsn === 2) return OutcomeCode.accepted;
  return dsn === 4 || isDelayed ? OutcomeCode.deferred : OutcomeCode.bounced;
}
