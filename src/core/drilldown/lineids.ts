/** What links the lines of one message, or of its session, found in a line that belongs to it. */
export interface LineIds {
  /** Queue ids and message-ids: whatever has them is the same message, also behind a filter or on the next server. */
  message: string[];
  /** Exchange's id of the SMTP session: its lines are about this message and perhaps others. */
  session: string[];
  /** Host, program and process id, up to the colon: lines of the TLS handshake have these, and no queue id. */
  process: string | undefined;
}

/** `mx postfix/smtpd[10]: B1B2C3D4E5: client=…`, and the same of Sendmail. */
const queueId = /\]: ([0-9A-Za-z]{6,20}): /;
/** Postfix's reply to a filter or another Postfix: the same message goes on under a new queue id. */
const queuedAs = /\bqueued as ([0-9A-Za-z-]{6,25})/;
/**
 * Exim's message ids, as a whole word.
 *
 *     before 4.97   1qWxYz-0001Ab-2C
 *     since         1qWxYz-00000001AbC-2Cde
 */
const eximId = /(?<![\da-z-])[\da-z]{6}-(?:[\da-z]{6}|[\da-z]{11})-[\da-z]{2}(?:[\da-z]{2})?(?![\da-z-])/gi;
/** In the order of: Postfix, Sendmail, Exim, the reply of Exchange, the column of message tracking. */
const messageIds = [
  /\bmessage-id=(<[^<>\s]{1,998}>)/,
  /\bmsgid=(<[^<>\s]{1,998}>)/,
  / id=([^\s@<>]{1,500}@[^\s<>]{1,500})/,
  / 2\.6\.0 (<[^<>\s,"]{1,998}>)/,
  /,(<[^<>\s,"@]{1,500}@[^<>\s,"]{1,500}>),/,
];
/** The third column of Exchange's protocol logs, before the sequence number. */
const sessionId = /,([0-9A-F]{16}),\d+,/;
const smtpProcess = /(?:^|\s)(\S+ (?:\S*\/(?:smtpd|smtp|lmtp)|sendmail|sm-mta)\[\d+\]:)/;

/** A word that stands where queue ids stand: they have a digit, or are hexadecimal. */
function isQueueId(word: string): boolean {
  return /\d/.test(word) || /^[0-9A-F]+$/.test(word);
}

export function idsOf(line: string): LineIds {
  const message = messageIds.flatMap((pattern) => pattern.exec(line)?.[1] ?? []);
  for (const pattern of [queueId, queuedAs]) {
    const id = pattern.exec(line)?.[1];
    if (id !== undefined && isQueueId(id)) message.push(id);
  }
  message.push(...(line.match(eximId) ?? []));
  const session = sessionId.exec(line)?.[1];
  return { message, session: session === undefined ? [] : [session], process: smtpProcess.exec(line)?.[1] };
}

/** The queue id at the head of a syslog line: of the lines of one process, those of this message. */
export function queueIdOf(line: string): string | undefined {
  const id = queueId.exec(line)?.[1];
  return id !== undefined && isQueueId(id) ? id : undefined;
}
