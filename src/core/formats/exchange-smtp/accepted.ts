import { KeyTable, doubled } from '../../cube/keytable';
import { packable } from '../../cube/pack';
import type { Fingerprint } from '../../text/fingerprint';

/** What identifies a message in both logs; fingerprints of different kinds never meet. */
export const enum Identity {
  /** SMTP session and message id. */
  message = 1,
  /** SMTP session of messages that were sent, or whose id is not in the log: as many as the log has of it. */
  session = 2,
  /**
   * The receiving server's id of the message, and that server's name. Front ends log them too, in the reply they pass
   * on.
   */
  queued = 3,
  /** In message tracking only: the row, and the message in the whole organisation. */
  row = 4,
  network = 5,
}

/** Where the protocol log has counted a message. */
export const enum Counted {
  no,
  internal,
  external,
}

/** Most identities kept: 32 bytes each. */
const most = 1 << 22;

/**
 * Which messages the protocol logs have counted, so that message tracking does not count them again. Kept only when
 * both kinds of log are in the data set.
 */
export class AcceptedMessages {
  /** There were more messages than are kept, so that some will not be found. */
  full = false;
  private readonly identities = new KeyTable();
  private external = new Uint8Array(64);
  private times = new Int32Array(64);

  add({ a, b }: Fingerprint, internal: boolean): void {
    this.put(a, b, internal ? 0 : 1, 1);
  }

  /** Servers and front ends may log the same message; what a front end logs as coming from outside counts. */
  find(a: number, b: number): Counted {
    const row = this.identities.find(a, b, 0);
    return row < 0 ? Counted.no : this.external[row] === 1 ? Counted.external : Counted.internal;
  }

  /** How many messages had this identity. */
  timesOf(a: number, b: number): number {
    const row = this.identities.find(a, b, 0);
    return row < 0 ? 0 : this.times[row];
  }

  merge(right: AcceptedMessages): void {
    const { a, b, length } = right.identities;
    for (let row = 0; row < length; row++) this.put(a[row], b[row], right.external[row], right.times[row]);
    this.full ||= right.full;
  }

  private put(a: number, b: number, external: number, times: number): void {
    const { identities } = this;
    if (identities.length >= most && identities.find(a, b, 0) < 0) {
      this.full = true;
      return;
    }
    const row = identities.row(a, b, 0);
    if (row === this.times.length) {
      const external = new Uint8Array(row * 2);
      external.set(this.external);
      this.external = external;
      this.times = doubled(this.times);
    }
    this.external[row] |= external;
    this.times[row] += times;
  }
}

packable('AcceptedMessages', AcceptedMessages);
