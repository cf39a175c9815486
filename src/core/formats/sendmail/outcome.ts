import { OutcomeCode } from '../../model';
import { startsWith } from '../../text/ascii';

/** What `stat=` says of an attempt. */
export class Outcomes {
  /** It failed because this sendmail demands TLS (ruleset tls_server: `encryption too weak 0 less than 112`). */
  tlsDemanded = false;

  /** Reads `b[s, e)`; `dsn` is the class of the status code (RFC 3463), 0 where there is none. Undefined where nothing was tried. */
  read(b: Uint8Array, s: number, e: number, dsn: number): OutcomeCode | undefined {
    this.tlsDemanded = false;
    if (startsWith(b, s, 'Sent') && (e - s === 4 || b[s + 4] === 32)) return OutcomeCode.accepted;
    if (startsWith(b, s, 'queued') || startsWith(b, s, 'quarantined')) return undefined;
    // `Deferred: 454 4.7.0 encryption too weak`, in whatever class the administrator has put the refusal.
    for (let p = s; p < Math.min(e, s + 40); p++)
      if (b[p] === 101 && startsWith(b, p, 'encryption too weak')) this.tlsDemanded = true;
    if (dsn === 2) return OutcomeCode.accepted;
    if (dsn === 4 || startsWith(b, s, 'Deferred') || startsWith(b, s, 'Transient')) return OutcomeCode.deferred;
    return OutcomeCode.bounced;
  }
}
