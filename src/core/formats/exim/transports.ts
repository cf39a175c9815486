import type { WordId } from '../../model';
import type { Words } from '../../text/words';

/** The transport of Exim's stock configuration for mail to the internet: no connector. */
const stock = 'remote_smtp';

/** Names of transports, and what they tell. */
export class Transports {
  private readonly stock: WordId;
  private readonly mailboxes: (boolean | undefined)[] = [];

  constructor(private readonly words: Words) {
    this.stock = words.internText(stock);
  }

  /** The connector that a transport is: its name, or 0 for the stock one. */
  connector(b: Uint8Array, s: number, e: number): WordId {
    const id = this.words.intern(b, s, e);
    return id === this.stock ? 0 : id;
  }

  /**
   * Whether a connector hands over to a mailbox server: Exim uses its SMTP transport for LMTP too, so only the name can
   * tell.
   */
  isLocal(connector: WordId): boolean {
    return (this.mailboxes[connector] ??= this.words.text(connector).toLowerCase().includes('lmtp'));
  }
}
