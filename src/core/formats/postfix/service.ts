import { TlsCode, type WordId } from '../../model';
import type { Sink } from '../../reading/sink';
import { Daemon, type Program } from './programs';

/**
 * One smtpd service of a host, and what proves that its sessions without a sign of TLS had none.
 *
 * With `smtpd_tls_loglevel=1` every TLS session has a TLS line. Without, the counters of `disconnect` (Postfix 3.0) still tell STARTTLS,
 * but a service in wrapper mode (smtps) never shows it; so counters prove something only for a service that has shown `starttls=` once.
 */
export class InboundService {
  countersSeen = false;
  /** For sessions with counters: proved by TLS lines of the host and by counters of the service. */
  readonly evidence: WordId;
  /** For sessions that began before the log, whose TLS line may be missing: proved by counters alone. */
  readonly countersEvidence: WordId;
  private readonly name: string;
  private connectorId = -1;
  private day = NaN;
  private dayEvidence: WordId = 0;
  private provedDay = NaN;

  constructor(
    private readonly sink: Sink,
    host: string,
    readonly program: Program,
    tlsSeen: boolean,
  ) {
    this.name = `${host} ${program.id > 1 ? program.service : '?'} ${program.daemon === Daemon.unnamed ? '?' : ''}`;
    this.evidence = sink.evidence(`postfix inbound service ${this.name}`);
    this.countersEvidence = sink.evidence(`postfix inbound counters ${this.name}`);
    if (tlsSeen) this.proveLines();
  }

  get connector(): WordId {
    if (this.connectorId < 0)
      this.connectorId = this.program.service === '' ? 0 : this.sink.words.connectors.internText(this.program.service);
    return this.connectorId;
  }

  proveLines(): void {
    this.sink.showsTls(this.evidence);
  }

  proveCounters(): void {
    // Where the service's name is not logged, sessions in wrapper mode can't be told from the others.
    if (this.countersSeen || this.program.daemon === Daemon.unnamed) return;
    this.countersSeen = true;
    this.sink.showsTls(this.evidence);
    this.sink.showsTls(this.countersEvidence);
  }

  /**
   * For sessions whose counters show STARTTLS while no TLS line does. On a day on which the service wrote TLS lines, that line would be there:
   * the session was in clear. On other days its log level hid it: TLS of a version that was not logged. By day, since the level may be changed.
   */
  startTlsEvidence(day: number): WordId {
    if (day !== this.day) {
      this.day = day;
      this.dayEvidence = this.sink.evidence(`postfix inbound starttls ${day} ${this.name}`, TlsCode.tls);
    }
    return this.dayEvidence;
  }

  /** The service has written a TLS line on this day. */
  proveDay(day: number): void {
    if (day === this.provedDay) return;
    this.provedDay = day;
    this.sink.showsTls(this.startTlsEvidence(day));
  }
}
