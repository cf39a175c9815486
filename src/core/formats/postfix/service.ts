import { now, unknownStart } from '../../cube/evidencekey';
import type { Milliseconds, WordId } from '../../model';
import type { Sink } from '../../reading/sink';
import { Daemon, type Program } from './programs';

/** In place of a time: before the last restart. */
const beforeRestart: Milliseconds = 0;

/**
 * One smtpd service of a host, and what proves that its sessions without a sign of TLS had none.
 *
 * With `smtpd_tls_loglevel=1` every TLS session has a TLS line. Without, the counters of `disconnect` (Postfix 3.0)
 * still tell STARTTLS,
 * but a service in wrapper mode (smtps) never shows it; so counters prove something only for a service that has shown
 * `starttls=` once.
 */
export class InboundService {
  /** For silent sessions: proved by TLS lines of the service. */
  private readonly evidence: number;
  private connectorId = -1;
  readonly server: WordId;

  /** @param source the host, as `Sink.evidenceSource` names it. */
  constructor(
    private readonly sink: Sink,
    host: string,
    private readonly source: number,
    readonly program: Program,
  ) {
    this.server = sink.words.servers.id(host);
    const name = program.id > 1 ? program.service : '?';
    this.evidence = sink.evidence(
      `postfix inbound ${name} ${program.daemon === Daemon.unnamed ? '?' : ''} ${host}`,
      source,
    );
  }

  get connector(): WordId {
    if (this.connectorId < 0) this.connectorId = connectorOf(this.program, this.sink);
    return this.connectorId;
  }

  /** How often the host was restarted before this line. */
  get epoch(): number {
    return this.sink.epoch(this.source);
  }

  /** What silence means of a session that begins here, a `Silence` aside. */
  silence(time: Milliseconds): WordId {
    return this.program.id === 1 ? 0 : this.sink.absent(this.evidence, time);
  }

  /** A TLS line of a session. @param epoch that in which the session began; −1 where it is not known. */
  showsTls(time: Milliseconds, epoch: number): void {
    this.sink.showsTls(this.evidence, time, epoch < 0 ? unknownStart : epoch === this.epoch ? now : beforeRestart);
  }

  /**
   * The counters of a session show STARTTLS. Where the service's name is not logged, sessions in wrapper mode can't be
   * told from the others.
   */
  countsStartTls(): void {
    if (this.program.daemon !== Daemon.unnamed) this.sink.showsWay(this.evidence, false);
  }
}

/** The connector of mail that a program takes in or hands over: its name; `(other)` for programs that are too many. */
export function connectorOf({ id, service }: Program, { words }: Sink): WordId {
  if (id === 1) return 1;
  return service === '' ? 0 : words.connectors.internText(service);
}
