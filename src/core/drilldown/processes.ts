import { queueIdOf } from './lineids';
import { Key } from './keys';
import type { TracedLine } from './tracer';

/** Lines of one process that may turn out to be the message's. */
interface ProcessSession {
  key: Key;
  waiting: TracedLine[];
  open: boolean;
}

/** Most lines that are held back for one process. */
const mostWaiting = 200;

/**
 * SMTP processes that handled the message. Their lines without a queue id (connection, TLS handshake, end) are the
 * message's when they stand in the same session: between *connect* and *disconnect* of a server; of a client, between
 * the last line about another message and its own.
 */
export class Processes {
  private readonly sessions = new Map<string, ProcessSession>();

  constructor(private readonly most: number) {}

  /** What to look for. */
  keys(): Key[] {
    return [...this.sessions.values()].map(({ key }) => key);
  }

  /** Looks at a process from now on. @returns whether it is a new one. */
  watch(process: string): boolean {
    if (this.sessions.has(process) || this.sessions.size >= this.most) return false;
    this.sessions.set(process, { key: new Key(process), waiting: [], open: isServer(process) });
    return true;
  }

  /** Another pass begins: no session is under way. */
  reset(): void {
    for (const session of this.sessions.values()) {
      session.waiting = [];
      session.open = false;
    }
  }

  /**
   * The lines that a line of a process makes the message's, itself included where it is.
   * @param mine whether the line has an id of the message.
   */
  lines(line: TracedLine, process: string | undefined, mine: boolean): TracedLine[] {
    const session = process === undefined ? undefined : this.sessions.get(process);
    if (!session) return [];
    const { text } = line;
    if (text.includes(`${process} connect from `)) {
      session.waiting = [line];
      session.open = false;
      return [];
    }
    if (mine) {
      const waiting = session.waiting;
      session.waiting = [];
      session.open = isServer(process!);
      return waiting;
    }
    const ends = text.includes(`${process} disconnect from `);
    if (session.open) {
      if (ends) session.open = false;
      // Another message of the same session is not this one.
      return queueIdOf(text) === undefined ? [line] : [];
    }
    if (ends || (queueIdOf(text) !== undefined && !isServer(process!))) session.waiting = [];
    else if (queueIdOf(text) === undefined && session.waiting.length < mostWaiting) session.waiting.push(line);
    return [];
  }
}

function isServer(process: string): boolean {
  return process.includes('smtpd[');
}
