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
  /** Says when Postfix was started or has read its settings anew. */
  master,
  /** None of Postfix's parts, but a name like theirs: what is left of one, or another program beside it. */
  resembling,
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
  master: Daemon.master,
  lmtp: Daemon.local,
  local: Daemon.local,
  virtual: Daemon.local,
  pipe: Daemon.local,
};

/** Parts of Postfix that state nothing needed here. */
const others = new Set(
  ['bounce', 'defer', 'trace', 'verify', 'error', 'discard', 'retry', 'trivial-rewrite', 'anvil', 'scache', 'tlsmgr']
    .concat(['tlsproxy', 'postscreen', 'dnsblog', 'proxymap', 'flush', 'postqueue', 'postfix-script', 'sendmail'])
    .concat(['qmqpd', 'spawn', 'showq', 'postlog', 'postlogd', 'postdrop', 'postalias', 'postmap', 'postmulti'])
    .concat(['postkick', 'postlock', 'postcat', 'postconf']),
);

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

  /** The program that is named here. All programs that are none of Postfix are one, without a name. */
  named(text: string): Program {
    const name = parse(text);
    if (name.daemon === Daemon.other) return this.byId(0);
    const id = this.names.internText(text);
    return id === 1 ? { id, ...name } : this.byId(id);
  }

  /** A program by its id; 1 is any of those that are too many to be kept apart. */
  byId(id: number): Program {
    return (this.list[id] ??= { id, ...parse(id > 1 ? this.names.text(id) : '') });
  }

  /** Takes over the names of `right`; returns for each of its ids the id here. */
  join(right: Programs): Int32Array {
    return this.names.merge(right.names);
  }
}

/** The name of a part of Postfix whose slash is gone, or Postfix's own with one character more, less or another. */
const resembles = new RegExp(
  ['postfix|(?:smtpd?|[no]?qmgr|cleanup|pickup|lmtp|postsuper)$']
    .concat([...'postfix'].map((_, i, all) => `^${all.slice(0, i).join('')}.?${all.slice(i + 1).join('')}(?!\\w)`))
    .concat([...'postfix'].map((_, i, all) => `^${all.slice(0, i).join('')}.${all.slice(i).join('')}`))
    .join('|'),
);

function parse(name: string): Omit<Program, 'id'> {
  const parts = name.split('/');
  const last = parts.pop()!;
  if (parts.length === 0) {
    // rsyslog cuts the program's name at the slash in RFC 5424 output, and `journalctl -o with-unit` names the unit
    // instead.
    const unnamed =
      name === 'postfix' || name.startsWith('postfix-') || name.startsWith('postfix@') || name === 'postfix.service';
    return {
      daemon: unnamed ? Daemon.unnamed : resembles.test(name) ? Daemon.resembling : Daemon.other,
      service: name === 'postfix' || /[@.]/.test(name) ? '' : name,
    };
  }
  if (parts[0] === 'postfix') parts.shift();
  const unknown = others.has(last) ? Daemon.other : Daemon.resembling;
  return { daemon: Object.hasOwn(daemons, last) ? daemons[last] : unknown, service: parts.join('/') };
}

/** Whether a program of this name is a part of Postfix, whatever its instance or service is called. */
export function isOfPostfix(name: string): boolean {
  const { daemon } = parse(name);
  return daemon === Daemon.other ? name.includes('/') : daemon !== Daemon.resembling;
}
