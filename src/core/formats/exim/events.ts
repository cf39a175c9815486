import {
  DirectionCode,
  FaultCode,
  ForcedCode,
  OutcomeCode,
  TlsCode,
  TypeCode,
  UnitCode,
  type Milliseconds,
  type WordId,
} from '../../model';
import { Verdict } from '../../reading/format';
import type { Sink } from '../../reading/sink';
import { LoopbackHosts } from '../shared/loopback';
import { Ciphers } from './ciphers';
import type { EximFields } from './fields';
import type { EximMessage } from './message';
import { isOverTls, smtpIn } from './phrases';
import { Transports } from './transports';

/** Makes events of the fields of a line. */
export class Events {
  /** TLS without version was seen. */
  versionless = false;
  private readonly ciphers: Ciphers;
  private readonly transports: Transports;
  /** By host: what its deliveries' silence is judged by, and what it is itself named by. */
  private readonly sources = new Map<string, { source: number; evidence: number }>();
  private lastHost = '';
  private lastSource: { source: number; evidence: number } | undefined;
  private readonly loopback = new LoopbackHosts();
  /** What went wrong with the hand-over of the line, set by `handOverTls`. */
  private fault = FaultCode.none;

  constructor(
    private readonly sink: Sink,
    private readonly fields: EximFields,
  ) {
    this.ciphers = new Ciphers(sink.words.ciphers);
    this.transports = new Transports(sink.words.connectors);
  }

  /** Counts a message that came in. Undefined where it did not come over SMTP. */
  arrived(
    b: Uint8Array,
    host: string,
    server: WordId,
    time: Milliseconds,
    line: number,
    outcome: OutcomeCode,
  ): EximMessage | undefined {
    const { fields } = this;
    const smtp = smtpIn(b, fields.protocolStart, fields.protocolEnd);
    if (fields.addressStart === 0 || smtp < 0) return undefined;
    const overTls = isOverTls(b, fields.protocolStart, smtp, fields.protocolEnd);
    // One setting (`log_selector`) has `X=` and `CV=` written for arrivals and deliveries alike. TLS without a sign but
    // `P=` tells that it has been changed.
    const { source, evidence } = this.sourceOf(host, time);
    if (fields.tlsStart > 0 || fields.verified) this.sink.showsTls(evidence, time);
    else if (overTls) this.sink.restarted(source, time);
    const tls = this.tls(b, overTls ? TlsCode.tls : TlsCode.none);
    const cipher = fields.tlsStart > 0 ? this.ciphers.cipher : 0;
    const remote = this.remote(b),
      address = this.address(b);
    const direction = this.isLoopback(b) ? DirectionCode.internal : DirectionCode.inbound;
    this.sink.add({
      unit: UnitCode.message,
      direction,
      outcome,
      tls,
      fault: FaultCode.none,
      forced: ForcedCode.unknown,
      type: TypeCode.unknown,
      connector: 0,
      cipher,
      server,
      remote,
      address,
      evidence: 0,
      time,
      count: 1,
      recipients: fields.recipients || 1,
      bytes: fields.size,
      line,
      tlsAt: 0,
    });
    return {
      time,
      direction,
      outcome,
      tls,
      cipher,
      server,
      remote,
      address,
      counting: fields.recipients === 0,
      first: 0,
      others: undefined,
      clear: undefined,
    };
  }

  /**
   * Counts a hand-over of `message` (undefined where nothing is known of it), or with `count` 0 a further recipient of
   * one.
   * @param demanded whether it failed because TLS is demanded and was not to be had.
   */
  handedOver(
    b: Uint8Array,
    host: string,
    server: WordId,
    time: Milliseconds,
    line: number,
    message: EximMessage | undefined,
    outcome: OutcomeCode,
    count: number,
    demanded: boolean,
  ): void {
    const { fields } = this;
    const connector = this.transports.connector(b, fields.transportStart, fields.transportEnd);
    const isRemote = fields.addressStart > 0;
    const remote = isRemote ? this.remote(b) : 0;
    const tls = isRemote ? this.handOverTls(b, message, remote, outcome, demanded) : TlsCode.unknown,
      { evidence } = this.sourceOf(host, time);
    if (tls < TlsCode.unknown && tls !== TlsCode.none) this.sink.showsTls(evidence, time);
    this.sink.add({
      unit: UnitCode.message,
      direction: this.leaves(b, connector) ? DirectionCode.outbound : DirectionCode.internal,
      outcome,
      tls,
      fault: isRemote ? this.fault : FaultCode.none,
      forced: demanded ? ForcedCode.yes : ForcedCode.unknown,
      type: TypeCode.unknown,
      connector,
      cipher: isRemote && fields.tlsStart > 0 ? this.ciphers.cipher : 0,
      server,
      remote,
      address: isRemote ? this.address(b) : 0,
      evidence: tls === TlsCode.absent ? this.sink.absent(evidence, time) : 0,
      time,
      count,
      recipients: 1,
      bytes: count > 0 && fields.size > 0 ? fields.size : 0,
      line,
      tlsAt: 0,
    });
  }

  /** Whether the delivery was one to another system. */
  private leaves(b: Uint8Array, connector: WordId): boolean {
    return this.fields.addressStart > 0 && !this.isLoopback(b) && !this.transports.isLocal(connector);
  }

  /** The TLS of a hand-over to `remote`; sets `fault`. */
  private handOverTls(
    b: Uint8Array,
    message: EximMessage | undefined,
    remote: WordId,
    outcome: OutcomeCode,
    demanded: boolean,
  ): TlsCode {
    const tls = this.tls(b, TlsCode.absent);
    this.fault = FaultCode.none;
    if (demanded) {
      this.fault = FaultCode.requiredTlsNotMet;
      return TlsCode.none;
    }
    if (tls !== TlsCode.absent) {
      if (message?.clear) message.clear = message.clear.filter((host) => host !== remote);
      return tls;
    }
    // Failures name no TLS of connections that were lost, and none was made where the host was not reached.
    if (outcome !== OutcomeCode.accepted) return TlsCode.unknown;
    if (!message?.clear?.includes(remote)) return tls;
    this.fault = FaultCode.clearAfterFailedHandshake;
    return TlsCode.none;
  }

  /** The daemon of a host was started or has read its settings anew. */
  restarted(host: string, time: Milliseconds): Verdict {
    this.sink.restarted(this.sourceOf(host, time).source, time);
    return Verdict.used;
  }

  private sourceOf(host: string, time: Milliseconds): { source: number; evidence: number } {
    if (host === this.lastHost && this.lastSource) return this.lastSource;
    let known = this.sources.get(host);
    if (!known) {
      const source = this.sink.evidenceSource(`exim ${host}`, time);
      this.sources.set(host, (known = { source, evidence: this.sink.evidence(`exim delivery ${host}`, source) }));
    }
    this.lastHost = host;
    this.lastSource = known;
    return known;
  }

  /** The host at the other end: its name, else its address. */
  private remote(b: Uint8Array): WordId {
    const { nameStart, nameEnd, addressStart, addressEnd } = this.fields;
    return nameEnd > nameStart
      ? this.sink.words.remotes.intern(b, nameStart, nameEnd)
      : this.sink.words.remotes.intern(b, addressStart, addressEnd);
  }

  /**
   * Its address, which only the user's own connectors ask for: nearly every host has another, so it would cost more
   * than all the rest.
   */
  private address(b: Uint8Array): WordId {
    return this.sink.options.rules.length > 0
      ? this.sink.words.addresses.intern(b, this.fields.addressStart, this.fields.addressEnd)
      : 0;
  }

  /** Whether the host at the other end is this one. */
  private isLoopback(b: Uint8Array): boolean {
    const { addressStart, addressEnd, nameStart, nameEnd } = this.fields;
    return this.loopback.has(b, addressStart, addressEnd, nameStart, nameEnd);
  }

  /** The TLS that the fields show, else `plain`. */
  private tls(b: Uint8Array, plain: TlsCode): TlsCode {
    const { fields } = this;
    if (fields.tlsStart > 0) {
      this.ciphers.read(b, fields.tlsStart, fields.tlsEnd);
      return this.ciphers.tls;
    }
    if (fields.verified || plain === TlsCode.tls) {
      this.versionless = true;
      return TlsCode.tls;
    }
    return plain;
  }
}
