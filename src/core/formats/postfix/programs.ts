import { Words } from '../../text/words';

/** The Postfix programs whose lines matter here. */
export const enum Daemon {
  /** Not Postfix, or a part of it that states nothing needed here. */
  other,
  smtpd,
  queueManager,
  smtp,
  /** Local delivery: lmtp, local, virtual, pipe. */
  local,
  pickup,
  postsuper,
  /** Postfix, but which part of it can only be told from the text. */
  unnamed,
  /** Takes messages in; may throw one away that its client believes to be accepted. */
  cleanup,
}

const daemons: Record<string, Daemon> = {
  smtpd: Daemon.smtpd,
  qmgr: Daemon.queueManager,
  nqmgr: Daemon.queueManager,
  oqmgr: Daemon.queueManager,
  smtp: Daemon.smtp,
  pickup: Daemon.pickup,
  cleanup: Daemon.cleanup,
  postsuper: Daemon.postsuper,
  lmtp: Daemon.local,
  local: Daemon.local,
  virtual: Daemon.local,
  pipe: Daemon.local,
};

/** A program as syslog names it, e.g. `postfix/submission/smtpd`. */
export interface Program {
  id: number;
  daemon: Daemon;
  /**
   * The connector's name: what stands between Postfix's own name and the daemon (`-o syslog_name=postfix/submission`),
   * or the name of
   * another instance (`postfix-out/smtp`). Empty for the stock services `postfix/smtpd` and `postfix/smtp`.
   */
  service: string;
}

/** Every program name of a log, read once. */
export class Programs {
  private readonly list: Program[] = [];

  constructor(readonly names = new Words(10_000)) {}

  /** Stands for any part of Postfix where no program is named. */
  get unnamed(): Program {
    return this.byId(this.names.internText('postfix'));
  }

  at(b: Uint8Array, s: number, e: number): Program {
    return this.byId(this.names.intern(b, s, e));
  }

  byId(id: number): Program {
    return (this.list[id] ??= { id, ...parse(id > 1 ? this.names.text(id) : '') });
  }

  /** Takes over the names of `right`; returns for each of its ids the id here. */
  join(right: Programs): Int32Array {
    return this.names.merge(right.names);
  }
}

function parse(name: string): Omit<Program, 'id'> {
  const parts = name.split('/');
  const last = parts.pop()!;
  if (parts.length === 0) {
    // rsyslog cuts the program's name at the slash in RFC 5424 output, and `journalctl -o with-unit` names the unit
    // instead.
    const unnamed =
      name === 'postfix' || name.startsWith('postfix-') || name.startsWith('postfix@') || name === 'postfix.service';
    return {
      daemon: unnamed ? Daemon.unnamed : Daemon.other,
      service: name === 'postfix' || /[@.]/.test(name) ? '' : name,
    };
  }
  if (parts[0] === 'postfix') parts.shift();
  return { daemon: Object.hasOwn(daemons, last) ? daemons[last] : Daemon.other, service: parts.join('/') };
}
