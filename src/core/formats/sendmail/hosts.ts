import type { LineNumber, Milliseconds, WordId } from '../../model';
import type { Sink } from '../../reading/sink';
import type { StatePart } from '../../reading/state';
import { Words } from '../../text/words';

/** Most hosts and programs that are kept apart; all others are one, of which nothing is joined. */
const mostHosts = 10_000;
/** A program of sendmail on a host, which has one configuration. Plain data. */
interface SendmailHost {
  /** The time of its first line here; −∞ where nothing came before that. */
  began: Milliseconds;
  /** The log shows TLS. */
  shown: boolean;
  /** TLS was seen, or may have been used, and is not logged. */
  silent: boolean;
}

/** The hosts of a log, and since when each has logged by its settings. */
export class SendmailHosts implements StatePart {
  private readonly names = new Words(mostHosts);
  private list: (SendmailHost | undefined)[] = [];
  private readonly keys: number[] = [];

  constructor(private readonly sink: Sink) {}

  /** The id of a program on a host; 1 for those that are too many. */
  id(host: string, program: string): WordId {
    return this.names.internText(`${host} ${program}`);
  }

  /** A line of this time is read. */
  seen(id: WordId, time: Milliseconds): void {
    this.list[id] ??= { began: this.sink.first ? -Infinity : time, shown: false, silent: false };
  }

  /** The host, of which a line is read. */
  at(id: WordId): SendmailHost {
    return this.list[id]!;
  }

  /** The program was started, or has read its settings anew. */
  restarted(id: WordId, time: Milliseconds): void {
    this.sink.restarted(this.source(id), time);
  }

  /**
   * The log shows TLS of a session, in either direction: one LogLevel holds for both.
   * @param began the earliest time at which its process can have begun.
   */
  showsTls(id: WordId, time: Milliseconds, began: Milliseconds): void {
    if (id !== 1) this.sink.showsTls(this.evidence(id), time, began);
  }

  /** Whether nothing is to be learned from a TLS line of which only the hand-over tells when its process began. */
  isShown(id: WordId, time: Milliseconds): boolean {
    return id === 1 || this.sink.isShown(this.evidence(id), time);
  }

  /** When the process of that TLS line began is known by now. */
  settle(id: WordId, file: number, line: LineNumber, began: Milliseconds): void {
    if (id !== 1) this.sink.settleTls(this.evidence(id), file, line, began);
  }

  /** What it means that a hand-over shows no TLS. @param began see `showsTls`. */
  absent(id: WordId, time: Milliseconds, began: Milliseconds): WordId {
    return id === 1 ? 0 : this.sink.absent(this.evidence(id), time, began);
  }

  /** Whether a host hides the TLS of its mail. */
  get anyHides(): boolean {
    return this.list.some((host) => host && host.silent && !host.shown);
  }

  merge(right: SendmailHosts): Int32Array {
    const ids = this.names.merge(right.names);
    right.list.forEach((host, id) => {
      if (!host) return;
      const own = (this.list[ids[id]] ??= { ...host });
      own.began = Math.min(own.began, host.began);
      own.shown ||= host.shown;
      own.silent ||= host.silent;
    });
    return ids;
  }

  save(): unknown {
    return { names: this.names.list(), list: this.list.map((host) => host ?? null) };
  }

  load(saved: unknown): void {
    const { names, list } = saved as { names: string[]; list: (SendmailHost | null)[] };
    names.forEach((name, id) => {
      if (id > 1) this.names.internText(name);
    });
    this.list = list.map((host) => host ?? undefined);
  }

  private source(id: WordId): number {
    return this.sink.evidenceSource(`sendmail ${this.names.text(id)}`, this.list[id]?.began ?? -Infinity);
  }

  private evidence(id: WordId): number {
    return (this.keys[id] ??= this.sink.evidence(`sendmail ${this.names.text(id)}`, this.source(id)));
  }
}
