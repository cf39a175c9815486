import type { WordId } from '../../model';
import { decode, Words } from '../../text/words';

/** Daemons of the configurations that sendmail, Debian and FreeBSD install, for mail from anywhere: no connector. */
const stockDaemons = ['MTA', 'MTA-v4', 'MTA-v6', 'IPv4', 'IPv6', 'Daemon0'];
/** Mailers that MAILER(`smtp') defines for mail to the internet: no connector. `relay`, to the smart host, is one. */
const stockMailers = ['esmtp', 'smtp', 'smtp8', 'dsmtp'];
/** Mailers that deliver on this host or to its mailbox server. */
const localMailer = new RegExp(
  `^(?:${[
    // Of Sendmail itself (op.me, "Mailers").
    String.raw`local|prog|\*file\*|\*include\*|\*error\*|discard`,
    // Of its configuration (cf/README, "MAILER").
    'procmail|usenet|uucp.*|suucp|cyrus.*',
    // Of mailbox servers.
    'virtual|maildrop|.*lmtp.*',
  ].join('|')})$`,
  'i',
);

/** Names of daemons and mailers as connectors, each looked at once. */
export class Names {
  private readonly stock: Set<WordId>;
  private readonly stockDaemon: Set<WordId>;
  private readonly mailers = new Words(10_000);
  private readonly local: (boolean | undefined)[] = [];

  constructor(private readonly connectors: Words) {
    this.stock = new Set(stockMailers.map((name) => connectors.internText(name)));
    this.stockDaemon = new Set(stockDaemons.map((name) => connectors.internText(name)));
  }

  daemon(b: Uint8Array, s: number, e: number): WordId {
    const id = this.connectors.intern(b, s, e);
    return this.stockDaemon.has(id) ? 0 : id;
  }

  mailer(b: Uint8Array, s: number, e: number): WordId {
    const id = this.connectors.intern(b, s, e);
    return this.stock.has(id) ? 0 : id;
  }

  isLocal(b: Uint8Array, s: number, e: number): boolean {
    const id = this.mailers.intern(b, s, e);
    // Past the limit one word stands for all names.
    if (id === 1) return localMailer.test(decode(b.subarray(s, e)));
    return (this.local[id] ??= id > 1 && localMailer.test(this.mailers.text(id)));
  }
}
