import { TlsCode, type Milliseconds, type WordId } from '../../model';
import type { DeliveryLine } from './delivery';

/** In place of a relay: the TLS line names one that can't be read. */
export const anyRelay = -1;

/** A process of smtp: it makes one delivery at a time. */
export class SmtpProcess {
  /** The relay of its last TLS line, and what that line said; 0 where another delivery came after it. */
  relay = 0;
  tls: TlsCode = TlsCode.absent;
  cipher: WordId = 0;
  /** The TLS line, as long as it is not known when the process had begun; else line 0. */
  tlsFile = 0;
  tlsLine = 0;
  /** Its last TLS line: see `MailEvent.tlsAt`. */
  tlsAt = 0;
  /** When that line was written, and the queue id whose delivery it belongs to (0: not logged yet). */
  tlsTime: Milliseconds = 0;
  tlsQueueId = 0;
  /** The relay of its last failed handshake, and the queue id whose delivery that was (0: not logged yet). */
  failedRelay = 0;
  failedQueueId = 0;
  /** Its last delivery line. */
  lastRelay = 0;
  lastQueueId = 0;
  lastResponse = 0;
  lastLength = 0;
  lastAttempt = 0;
  /** 0 where no delivery of it has been counted here. */
  lastSequence = 0;
  /** Nothing was logged of it yet but deliveries of `lastQueueId` to `lastRelay`, so that a TLS line from before may hold
   * for them. */
  early = true;

  static readonly width = 17;

  /** Writes all that is known of it, as `of` reads it. */
  write(to: Float64Array, at: number): void {
    to.set(
      [
        this.relay,
        this.tls,
        this.cipher,
        this.failedRelay,
        this.failedQueueId,
        this.lastRelay,
        this.lastQueueId,
        this.lastResponse,
        this.lastLength,
        this.lastSequence,
        this.early ? 1 : 0,
        this.tlsFile,
        this.tlsLine,
        this.tlsTime,
        this.tlsQueueId,
        this.lastAttempt,
        this.tlsAt,
      ],
      at,
    );
  }

  static of(from: Float64Array, at: number): SmtpProcess {
    const process = new SmtpProcess();
    // Whole numbers below 2^31, all but a few: as such they take no objects of their own.
    process.relay = from[at] | 0;
    process.tls = from[at + 1] | 0;
    process.cipher = from[at + 2] | 0;
    process.failedRelay = from[at + 3] | 0;
    process.failedQueueId = from[at + 4] | 0;
    process.lastRelay = from[at + 5] | 0;
    process.lastQueueId = from[at + 6] | 0;
    process.lastResponse = from[at + 7] | 0;
    process.lastLength = from[at + 8] | 0;
    process.lastSequence = from[at + 9];
    process.early = from[at + 10] === 1;
    process.tlsFile = from[at + 11] | 0;
    process.tlsLine = from[at + 12];
    process.tlsTime = from[at + 13];
    process.tlsQueueId = from[at + 14] | 0;
    process.lastAttempt = from[at + 15] | 0;
    process.tlsAt = from[at + 16];
    return process;
  }
}

/**
 * Whether a delivery line is about one more recipient of the hand-over before it. Postfix writes relay, times and
 * response
 * the same for all of them; many relays answer every message alike, so the times tell two hand-overs of a message
 * apart.
 */
export function isSameHandOver(process: SmtpProcess, relay: number, d: DeliveryLine): boolean {
  return (
    relay !== 1 &&
    process.lastRelay === relay &&
    process.lastAttempt === d.attempt &&
    process.lastResponse === d.response &&
    process.lastLength === d.responseLength
  );
}

/** Handshakes with another relay, and failed ones of another message, say nothing of a delivery. */
export function forgetOthers(process: SmtpProcess, relay: number, queueId: number): void {
  if (process.relay !== relay && process.relay !== anyRelay) process.relay = 0;
  if (process.failedRelay !== relay || (process.failedQueueId !== 0 && process.failedQueueId !== queueId))
    process.failedRelay = 0;
  process.failedQueueId = queueId;
}
