import { find } from '../../text/ascii';
import { decode } from '../../text/words';
import { Daemon } from './programs';

/** Most bytes of a line that are looked at: more would let a hostile line cost much. */
const mostBytes = 2048;

const established = ['Anonymous', 'Trusted', 'Untrusted', 'Verified'].flatMap((trust) =>
  ['established', 'reused'].map((how) => `${trust} TLS connection ${how} `),
);
const handshakes = [...established, 'TLS connection established ', 'TLS connection reused '];
const delivery = / relay=|\bdelays?=|\bconn_use=|\bdsn=\d|\bstatus=|\bto=</;
const handshake = /TLS connection|connection (?:established|reused)|with cipher|\d bits\)/;
const active = /\bqueue active|\bnrcpt=|\bsize=|\bfrom=</;

/** What the facts of a program look like: how its lines begin, what follows on a queue id, and what no other line of it has. */
interface Look {
  begins: readonly string[];
  behindId: readonly string[];
  has: RegExp;
}

const looks: Partial<Record<Daemon, Look>> = {
  [Daemon.smtpd]: {
    begins: ['connect from ', 'disconnect from ', 'NOQUEUE: client=', 'proxy-accept: END-OF-MESSAGE: ', ...handshakes],
    behindId: ['client='],
    has: new RegExp(`\\bclient=|\\bconnect from |\\bcommands=\\d|proxy-accept|${handshake.source}`),
  },
  [Daemon.queueManager]: { begins: [], behindId: ['from=<', 'removed'], has: active },
  [Daemon.smtp]: {
    begins: [...handshakes, 'SSL_connect error to '],
    behindId: ['to=<', 'lost connection with ', 'conversation with '],
    has: new RegExp(`${delivery.source}|${handshake.source}|\\bSSL_connect\\b`),
  },
  [Daemon.local]: { begins: [], behindId: ['to=<'], has: delivery },
  [Daemon.pickup]: { begins: [], behindId: ['uid='], has: /\buid=\d|\bfrom=</ },
  [Daemon.postsuper]: { begins: [], behindId: ['removed'], has: /\bremoved\b/ },
  [Daemon.cleanup]: {
    begins: [],
    behindId: ['discard: ', 'milter-discard: '],
    has: /\bdiscard: |\btriggers DISCARD action/,
  },
  [Daemon.master]: {
    begins: ['daemon started', 'reload '],
    behindId: [],
    has: /\bversion .*configuration /,
  },
};
const all = Object.values(looks);
looks[Daemon.unnamed] = {
  begins: [...new Set(all.flatMap(({ begins }) => begins))],
  behindId: [...new Set(all.flatMap(({ behindId }) => behindId))],
  has: new RegExp(
    `${delivery.source}|${handshake.source}|${active.source}|\\bclient=|\\bconnect from |triggers DISCARD`,
  ),
};

/** A whole fact, in the line of a program whose name is damaged. */
const fact = new RegExp(
  [
    '^[0-9A-Za-z]{5,20}: (?:client=|from=<|to=<|removed$|uid=\\d|(?:milter-)?discard: )',
    '^(?:dis)?connect from ',
    'TLS connection (?:established|reused) ',
    '^SSL_connect error to ',
    '^NOQUEUE: client=',
    'proxy-accept: END-OF-MESSAGE: ',
    '^(?:daemon started|reload) -- version',
  ].join('|'),
);
const queueId = /^[0-9A-Za-z]{5,32}: /;
const actions = 'reject|reject_warning|hold|warn|info|filter|redirect|bcc|prepend|replace|delay|warning';
/**
 * Wordings that state no fact and may quote what strangers say. The kernel knows some of them by their first letters
 * and asks nobody.
 */
const known = new RegExp(
  [
    `^(?:NOQUEUE|[0-9A-Za-z]{5,32}): (?:(?:[a-z]+-)?(?:${actions}): |message-id=|skipped, |host )`,
    '^(?:warning|fatal|panic|error|info): ',
    '^(?:lost connection|timeout) after ',
    '^connect to ',
  ].join('|'),
);
const process = '[^\\s[]{1,100}\\[\\d{1,10}\\]: ';
/**
 * Another line begins in this one: `08:29:06 host program[1]: ` or `1795509211.984843 host program[1]: `, also with a
 * zone; or in another form, that of RFC 5424 or one without a process id.
 */
const another = new RegExp(
    `(?:\\d\\d:\\d\\d|\\d{9,11}\\.\\d)\\S{0,40} (?:\\S{1,255} ){0,2}${process}|postfix\\/\\S{1,60}\\[\\d{1,10}\\]: `,
  ),
  anotherForm = /<\d{1,3}>1 \d{4}-\d\d-\d\dT| postfix\/[\w./-]{1,60}: /;

/**
 * Whether the text `b[p, e)` of a program, which could not be read as a fact, looks like what is left of one.
 * @param otherForm see `holdsAnother`.
 */
export function isNearMiss(b: Uint8Array, p: number, e: number, daemon: Daemon, otherForm: boolean): boolean {
  const text = decode(b.subarray(p, Math.min(e, p + mostBytes)));
  if (another.test(text) || (otherForm && anotherForm.test(text))) return true;
  const look = looks[daemon];
  if (!look) return daemon === Daemon.resembling && fact.test(text);
  if (known.test(text)) return false;
  if (look.has.test(text) || look.begins.some((begin) => isLeftOf(begin, text))) return true;
  const id = queueId.exec(text);
  if (id) return look.behindId.some((begin) => isLeftOf(begin, text.slice(id[0].length)));
  return look.behindId.length > 0 && /^[0-9A-Za-z]{0,32}:? ?$/.test(text);
}

/** Whether an entry of the journal that holds no message of a program looks like what is left of one of Postfix. */
export function isLeftOfEntry(fields: object): boolean {
  return Object.values(fields).some(
    (value) => typeof value === 'string' && (fact.test(value) || /^postfix[\w.@-]*(?:\/|$)/.test(value)),
  );
}

/**
 * Whether another line begins somewhere in `b[p, e)`, as where a line end is missing. @param otherForm whether the log's
 * lines have no `[1]: ` behind their program, as in RFC 5424 or without process ids.
 */
export function holdsAnother(b: Uint8Array, v: DataView, p: number, e: number, otherForm: boolean): boolean {
  const end = Math.min(e, p + mostBytes);
  if (otherForm) return anotherForm.test(decode(b.subarray(p, end)));
  for (let i = find(v, p, end, 93); i + 2 < end; i = find(v, i + 1, end, 93))
    if (b[i + 1] === 58 && b[i + 2] === 32 && isDigit(b[i - 1])) return another.test(decode(b.subarray(p, end)));
  return false;
}

/** Whether `text` begins with `whole` but for one character, or ends within it. */
function isLeftOf(whole: string, text: string): boolean {
  if (whole.startsWith(text)) return true;
  let i = 0;
  while (i < whole.length && text[i] === whole[i]) i++;
  return (
    i === whole.length ||
    text.startsWith(whole.slice(i + 1), i + 1) ||
    text.startsWith(whole.slice(i), i + 1) ||
    text.startsWith(whole.slice(i + 1), i)
  );
}

function isDigit(c: number): boolean {
  return c >= 48 && c <= 57;
}
