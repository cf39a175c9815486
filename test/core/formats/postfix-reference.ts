/**
 * The rules for Postfix logs once more, as plainly as they can be said: one expression a line, strings, no limits and no cuts.
 * Only tests use it, to find out where the quick reader says something else.
 */

interface Session {
  service: string;
  /** The number of its first line; −1 where that is missing. */
  began: number;
  open: boolean;
  tls: string;
  client: string;
  waiting: Message[];
}
interface Message {
  session: Session | undefined;
  service: string;
  client: string;
  tls: string;
  fault: string;
  accepted: boolean;
  recipients: number;
  /** In clear by the rules of evidence: where its session began, and whether counters were logged and prove it too. */
  proof: { key: string; at: number; counters: string };
}
interface Process {
  relay: string;
  tls: string;
  failed: string;
  failedId: string;
  last: string;
  lastId: string;
  early: boolean;
  lastRelay: string;
  /** When its last TLS line was written, and the queue id whose delivery that belongs to. */
  tlsTime: number;
  tlsId: string;
}

const newProcess: Process = {
  relay: '',
  tls: '',
  failed: '',
  failedId: '',
  last: '',
  lastId: '',
  early: true,
  lastRelay: '',
  tlsTime: 0,
  tlsId: '',
};
/** Where a line stands, and what is before its text. */
interface Line {
  at: number;
  time: number;
  pid: string;
  service: string;
}
/** What the lines of a program mean that read like this. */
type Rule = [daemon: string, pattern: RegExp, act: (groups: string[], line: Line) => void];

const versions: Record<string, string> = { TLSv1: 'tls1.0', 'TLSv1.2': 'tls1.2', 'TLSv1.3': 'tls1.3' };
const outcomes: Record<string, string> = { sent: 'accepted', deferred: 'deferred', bounced: 'bounced' };

/**
 * What the log says, in the words of `facts`: one line a series and remote host, with the key exchange, without
 * connectors and cipher suites.
 */
export function reference(lines: readonly string[]): string[] {
  const sums = new Map<string, [number, number]>(),
    shown = new Map<string, number>(),
    startTls = new Set<string>(),
    counted: (() => void)[] = [];
  const sessions = new Map<string, Session>(),
    queue = new Map<string, Message>(),
    processes = new Map<string, Process>();
  const start = timeOf(lines[0]);

  const count = (
    direction: string,
    outcome: string,
    tls: () => string,
    remote: string,
    fault: () => string,
    messages: number,
    recipients: number,
  ) =>
    counted.push(() => {
      const [version, ...exchange] = tls().split(' '),
        key = [direction, outcome, version, remote, ...exchange, fault()].filter(Boolean).join(' ');
      const sum = sums.get(key) ?? [0, 0];
      sums.set(key, [sum[0] + messages, sum[1] + recipients]);
    });
  const add = (m: Message) =>
    count(
      'inbound',
      'accepted',
      () => meaning(m.tls, m.proof.key, m.proof.at, m.proof.counters),
      m.client.split('[')[0],
      () => m.fault,
      1,
      m.recipients,
    );
  // All lines are of one day and without a restart: what came after the first TLS line of its kind is proved.
  const meaning = (tls: string, key: string, at: number, counters = '') =>
    tls !== 'absent'
      ? tls
      : (at >= 0 && (shown.get(key) ?? Infinity) < at) || startTls.has(counters)
        ? 'none'
        : 'unknown';
  const shows = (key: string, at: number) => shown.set(key, Math.min(at, shown.get(key) ?? Infinity));
  const settle = (m: Message, tls: string, counters = '') => {
    Object.assign(m, { tls, proof: { key: m.service, at: m.session!.began, counters } });
    if (m.accepted) add(m);
  };
  const close = (s: Session | undefined, counters: string | undefined) => {
    if (!s?.open) return;
    s.open = false;
    const waiting = s.waiting.splice(0);
    const worked = counters !== undefined && /starttls=[1-9]/.test(counters);
    for (const m of waiting) {
      if (worked) settle(m, 'tls');
      else if (counters === undefined) settle(m, s.began >= 0 ? 'absent' : 'unknown');
      else {
        if (/starttls=0/.test(counters)) m.fault = 'clear-after-failed-handshake';
        settle(m, 'absent', s.service || 'smtpd');
      }
    }
  };
  const sessionOf = (pid: string, service: string): Session => {
    const s = sessions.get(pid);
    if (s?.open && s.service === service) return s;
    close(s, undefined);
    return begin(pid, service, -1);
  };
  const begin = (pid: string, service: string, began: number): Session => {
    const s: Session = { service, began, open: true, tls: '', client: '', waiting: [] };
    sessions.set(pid, s);
    return s;
  };

  const processOf = (pid: string): Process => {
    const known = processes.get(pid) ?? { ...newProcess };
    processes.set(pid, known);
    return known;
  };
  /** Forgets of a handshake what does not hold for a delivery, which may be another connection's. */
  const compare = (p: Process, id: string, relay: string, begun: number) => {
    if (p.lastRelay && (p.lastRelay !== relay || p.lastId !== id)) p.early = false;
    if (p.relay !== relay) p.relay = '';
    if (p.tlsId && p.lastId !== id) p.relay = '';
    if (p.tlsTime < begun) p.relay = '';
    p.tlsId = id;
    if (p.failed !== relay || (p.failedId && p.failedId !== id)) p.failed = '';
    p.failedId = id;
  };

  const rules: Rule[] = [
    [
      'smtpd',
      /^connect from /,
      (_, { at, pid, service }) => {
        close(sessions.get(pid), undefined);
        begin(pid, service, at);
      },
    ],
    [
      'smtpd',
      /^\w+ TLS connection established from ([^\s:]+): (\S+)(.*)$/,
      ([, client, version, rest], { at, pid, service }) => {
        shows(service, at);
        const s = sessionOf(pid, service);
        for (const waiting of s.waiting.splice(0)) settle(waiting, 'none');
        Object.assign(s, { tls: session(version, rest), client });
      },
    ],
    [
      'smtpd',
      /^(\w+): client=(\S+)$/,
      ([, id, client], { pid, service }) => {
        let s = sessionOf(pid, service);
        if (s.tls && s.client !== client) s = begin(pid, service, -1);
        const proof = { key: '', at: -1, counters: '' };
        const message = { session: s, service, client, tls: s.tls, fault: '', accepted: false, recipients: 0, proof };
        if (!s.tls) s.waiting.push(message);
        queue.set(id, message);
      },
    ],
    [
      'smtpd',
      /^disconnect from \S+(?: (.*))?$/,
      ([, counters], { pid, service }) => {
        if (counters && /starttls=[1-9]/.test(counters)) startTls.add(service || 'smtpd');
        close(sessionOf(pid, service), counters);
      },
    ],
    [
      'qmgr',
      /^(\w+): from=<.*nrcpt=(\d+) \(queue active\)$/,
      ([, id, recipients]) => {
        const message = queue.get(id);
        if (!message) return;
        queue.delete(id);
        Object.assign(message, { accepted: true, recipients: Number(recipients) });
        if (message.tls) add(message);
      },
    ],
    ['pickup', /^(\w+): uid=/, ([, id]) => queue.delete(id)],
    [
      'qmgr',
      /^(\w+): removed$/,
      ([, id]) => {
        queue.delete(id);
        for (const p of processes.values()) if (p.lastId === id) Object.assign(p, { last: '', lastId: '' });
      },
    ],
    [
      'smtp',
      /^\w+ TLS connection established to (\S+): (\S+)(.*)$/,
      ([, relay, version, rest], { at, pid, time }) => {
        shows('outbound', at);
        const p = Object.assign(processOf(pid), { relay, tls: session(version, rest), failed: '', early: false });
        Object.assign(p, { last: '', lastId: '', lastRelay: '', tlsTime: time, tlsId: '' });
      },
    ],
    [
      'smtp',
      /^SSL_connect error to (\S+): -1$/,
      ([, failed], { pid }) => {
        const p = Object.assign(processOf(pid), { relay: '', failed, failedId: '', early: false });
        Object.assign(p, { last: '', lastId: '', lastRelay: '' });
      },
    ],
    [
      'smtp',
      /^(\w+): to=<\S+>, relay=(\S+), (.*delays=[\d.]+\/[\d.]+\/([\d.]+)\/([\d.]+), dsn=\S+), status=(\w+) (.*)$/,
      ([, id, relay, attempt, setUp, transmission, status, response], { at, pid, time }) => {
        const p = processOf(pid),
          took = Number(setUp) + Number(transmission);
        compare(p, id, relay, time - took * 1050 - 2000);
        const last = `${id} ${relay} ${attempt} ${status} ${response}`,
          again = p.last === last;
        const hidden = p.early && time - took * 1000 < start + 1000;
        const tls = p.relay ? p.tls : hidden ? 'unknown' : 'absent';
        const outcome = outcomes[status],
          inClear = p.failed && outcome === 'accepted' && tls === 'absent',
          fault = inClear ? 'clear-after-failed-handshake' : '',
          [remote] = relay.split('[');
        count(
          'outbound',
          outcome,
          () => meaning(tls, 'outbound', at),
          remote,
          () => fault,
          again ? 0 : 1,
          1,
        );
        Object.assign(p, { last, lastId: id, lastRelay: relay });
      },
    ],
  ];

  for (const [at, line] of lines.entries()) {
    const [, program, pid, text] = /^.{15} \S+ ([^[]+)\[(\d+)\]: (.*)$/.exec(line)!;
    const path = program.split('/'),
      parts = { at, time: timeOf(line), pid, service: path.slice(1, -1).join('/') };
    for (const [daemon, pattern, act] of rules) {
      const groups = daemon === path.at(-1) ? pattern.exec(text) : null;
      if (groups) act(groups, parts);
    }
  }
  for (const s of sessions.values()) close(s, undefined);
  for (const now of counted) now();
  return [...sums].map(([key, [messages, recipients]]) => `${key} ${messages}/${recipients}`).sort();
}

/** The TLS version and, where the line names it, the key exchange with its curve. */
function session(version: string, rest: string): string {
  return (
    versions[version] + (/^ with cipher \S+ \(\d+\/\d+ bits\)( key-exchange \S+(?: \([^)]*\))?)/.exec(rest)?.[1] ?? '')
  );
}

function timeOf(line: string): number {
  return Date.parse(`${line.slice(0, 6)} 2026 ${line.slice(7, 15)} UTC`);
}
