/**
 * Text mail logs (`mail_logs`) of Cisco Secure Email Gateway (ESA, IronPort): one line a step, joined by the numbers of the incoming
 * connection (ICID), the message (MID) and the delivery connection (DCID) (Cisco, "AsyncOS user guide", Logging, "Using text mail logs").
 * Lines begin with the appliance's own time (`Wed Sep 14 09:48:19 2022`) or with a syslog prefix or with both.
 *
 * `MID n ready … bytes` is a message taken in, `Message done DCID n MID m` one handed on. Both carry the name of the interface by
 * which the message came, since a delivery connection has only an address. A connection that was seen to begin and shows no TLS
 * line had none, once the log has shown any in that direction.
 */
import { DirectionCode, FaultCode, OutcomeCode, TlsCode, type Milliseconds } from '../../model';
import type { Sink } from '../../reading/sink';
import { indexOfByte } from '../../text/bytes';
import { parse } from '../../text/json';
import type { TimeReader } from '../../text/time';
import { decode } from '../../text/words';
import { Verdict, type Format, type Head, type Parser } from '../../reading/format';
import { Hops } from '../shared/hops';
import { isInfo, levelAt, matters } from './line';
import { IdTable } from '../shared/idtable';

export const ciscoEsaMail: Format = {
  id: 'cisco-esa-mail',
  name: 'Cisco Secure Email Gateway mail log',
  detect,
  parser: (sink) => new MailLogParser(sink),
};

const own =
  /\bInfo: (?:New SMTP [ID]CID \d+ interface |Start MID \d+ ICID \d+|(?:MID|ICID|DCID) \d+ |Message (?:done DCID|finished MID|aborted MID) \d+|Delivery start DCID \d+ )/;

function detect({ lines }: Head): boolean {
  const first = lines.slice(0, 200).map((line) => line.slice(0, 512));
  // Other logs of the appliance (consolidated events, or these lines wrapped by a collector) come as CEF.
  return first.some((line) => own.test(line)) && !first.some((line) => /CEF:\d\|/.test(line));
}

/** What is known of the TLS of a connection, in either direction. */
interface Security {
  tls: TlsCode;
  cipher: string;
  failed: boolean;
  required: boolean;
}
interface Incoming extends Security {
  interface: string;
  host: string;
  address: string;
}
interface Outgoing extends Security {
  address: string;
}
/** A message with what its incoming connection was. `failures`: the delivery connection whose failure has been counted, −1 for none. */
interface CiscoMessage {
  incoming: Incoming | undefined;
  seen: boolean;
  recipients: number;
  bytes: number;
  failed: number;
}

/** A hand-over may need a connection that began here and a message that began before. A line has no line end in it, so behind one there is room for what is known. */
interface Known {
  outgoing?: Outgoing;
  message?: CiscoMessage;
}

/** Most connections and most messages that are open at once. */
const mostOpen = 50_000;
/** More of a line than this is never looked at: what matters stands at its beginning. */
const longest = 1024;

class MailLogParser implements Parser {
  private readonly hops: Hops;
  readonly state;
  private readonly inboundTls: number;
  private readonly outboundTls: number;
  private time: Milliseconds = NaN;
  /** The current line, as far as it is looked at, and what a segment that deferred it knew already. */
  private text: Uint8Array = new Uint8Array(0);
  private known: Known = {};
  /** The appliance that wrote the line, where a syslog server collects several. */
  private from = '';
  /** What `time` and `from` were read from: many lines have the same second. */
  private lastPrefix = '';
  private lastReader: TimeReader | undefined;

  constructor(private readonly sink: Sink) {
    this.hops = new Hops(sink);
    const table = { limit: mostOpen, fields: {} };
    this.state = {
      incoming: new IdTable<string, Incoming>(sink, table),
      outgoing: new IdTable<string, Outgoing>(sink, table),
      messages: new IdTable<string, CiscoMessage>(sink, table),
    };
    this.inboundTls = sink.evidence('cisco-esa-mail inbound');
    this.outboundTls = sink.evidence('cisco-esa-mail outbound');
  }

  line(bytes: Uint8Array, start: number, end: number, line: number): Verdict {
    const lineEnd = indexOfByte(bytes, 10, start);
    this.known =
      lineEnd >= 0 && lineEnd < end ? ((parse(decode(bytes.subarray(lineEnd + 1, end))) ?? {}) as Known) : {};
    this.text = bytes.subarray(start, Math.min(end, start + longest, lineEnd < 0 ? end : lineEnd));
    const level = levelAt(this.text);
    // A header or subject with a line end in it goes on in a line without time and level.
    if (level < 0) return this.sink.skip('bad-line', line);
    if (!isInfo(this.text, level) || !matters(this.text, level + 6)) return Verdict.context;
    const text = decode(this.text);
    // What stands before the level is ASCII in every log; where it is not, the characters are found by the words.
    const begin = text.startsWith('Info: ', level) ? level : text.indexOf('Info: ');
    this.prefix(text.slice(0, begin));
    const rest = text.slice(begin + 6);
    switch (rest[0]) {
      case 'N':
        return this.connection(rest, line);
      case 'I':
        return this.security(
          rest,
          /^ICID (\d+) (?:IP \S+ )?(TLS|close\b|lost\b)(.*)/,
          this.state.incoming,
          this.inboundTls,
        );
      case 'D':
        return rest.startsWith('Delayed: ')
          ? this.failure(rest, OutcomeCode.deferred, line)
          : this.security(
              rest,
              /^DCID (\d+) (?:IP \S+ )?(TLS|close\b|lost\b)(.*)/,
              this.state.outgoing,
              this.outboundTls,
            );
      case 'B':
        return this.failure(rest, OutcomeCode.bounced, line);
      case 'S':
        return this.begin(rest, line);
      case 'M':
        return rest.startsWith('Message ') ? this.done(rest, line) : this.message(rest, line);
      default:
        return Verdict.context;
    }
  }

  private deferWith(known: Known): void {
    if (!known.outgoing && !known.message) return;
    this.sink.storedInstead = new TextEncoder().encode(`${decode(this.text)}\n${JSON.stringify(known)}`);
  }

  /** Reads time and host from what stands before the level: the appliance's own time if there is one, else that of syslog. */
  private prefix(text: string): void {
    if (text === this.lastPrefix && this.sink.time === this.lastReader) return;
    this.lastPrefix = text;
    this.lastReader = this.sink.time;
    const named = /(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) [A-Z][a-z]{2} [ \d]?\d \d\d:\d\d:\d\d \d{4}\s*$/.exec(text);
    const plain = text.replace(/^<\d{1,3}>(?:\d )?/, '');
    const stamp = new TextEncoder().encode(named ? named[0] : plain.slice(0, 64));
    this.time = this.sink.time.any(stamp, 0);
    const syslog = /^(?:[A-Z][a-z]{2} [ \d]?\d \d\d:\d\d:\d\d|\d{4}-\d\d-\d\dT\S+) (\S+) /.exec(
      named && named.index === 0 ? '' : plain,
    );
    this.from = syslog && !syslog[1].endsWith(':') ? `${syslog[1].slice(0, 255)} ` : '';
  }

  /** `New SMTP ICID 5 interface Data 1 (192.0.2.1) address 198.51.100.7 reverse dns host mail.example verified yes`, `New SMTP DCID 8 interface 192.0.2.1 address 203.0.113.9 port 25`. */
  private connection(rest: string, line: number): Verdict {
    const match =
      /^New SMTP ([ID])CID (\d+) interface (.{1,255}?) address (\S{1,64})(?: reverse dns host (\S{1,255}))?/.exec(rest);
    if (!match) return Verdict.context;
    const [, kind, id, name, address, host] = match;
    const security = { tls: TlsCode.absent, cipher: '', failed: false, required: false };
    if (kind === 'I')
      this.state.incoming.open(
        this.from + id,
        {
          ...security,
          interface: name.replace(/ \([^()]*\)$/, ''),
          host: host === undefined || host === 'unknown' ? '' : host,
          address,
        },
        line,
      );
    else this.state.outgoing.open(this.from + id, { ...security, address }, line);
    return Verdict.context;
  }

  /** `ICID 30 TLS success protocol TLSv1.2 cipher ECDHE-RSA-AES256-GCM-SHA384`, `DCID 8 TLS failed: …`, `ICID 30 close`. */
  private security<Entry extends Security>(
    rest: string,
    form: RegExp,
    opened: IdTable<string, Entry>,
    evidence: number,
  ): Verdict {
    const match = form.exec(rest);
    if (!match) return Verdict.context;
    const id = this.from + match[1];
    if (match[2] !== 'TLS') {
      opened.close(id);
      return Verdict.context;
    }
    if (!Number.isNaN(this.time)) this.sink.showsTls(evidence, this.time);
    if (opened.mayHaveBegunEarlier(id)) return Verdict.unresolved;
    const entry = opened.get(id);
    if (!entry) return Verdict.context;
    const success = /^ success(?: protocol (\S{1,32}))?(?: cipher (\S{1,128}))?/.exec(match[3]);
    if (success) {
      entry.tls = this.hops.tls(success[1] ?? '', TlsCode.tls);
      entry.cipher = success[2] ?? '';
    } else {
      entry.failed ||= match[3].startsWith(' failed');
      entry.required ||= match[3].startsWith(' was required');
    }
    return Verdict.context;
  }

  /** `Start MID 6 ICID 5`; ICID 0 is the appliance itself. */
  private begin(rest: string, line: number): Verdict {
    const match = /^Start MID (\d+) ICID (\d+)/.exec(rest);
    if (!match) return Verdict.context;
    const icid = this.from + match[2];
    const seen = match[2] === '0' || this.state.incoming.get(icid) !== undefined;
    if (!seen && this.state.incoming.mayHaveBegunEarlier(icid)) return Verdict.unresolved;
    const incoming = this.state.incoming.get(icid);
    // The connection's entry changes and goes while the message stays, so its state now is kept; TLS comes before the first message.
    this.state.messages.open(
      this.from + match[1],
      { incoming: incoming && { ...incoming }, seen, recipients: 0, bytes: 0, failed: -1 },
      line,
    );
    return Verdict.context;
  }

  /** `MID 6 ICID 5 RID 0 To: <…>`, `MID 6 ready 100 bytes from <…>`; everything else about a message is context. */
  private message(rest: string, line: number): Verdict {
    const match = /^MID (\d+) (?:ICID \d+ RID \d+ To:|ready (\d{1,15}) bytes)/.exec(rest);
    if (!match) return Verdict.context;
    const id = this.from + match[1];
    if (this.state.messages.mayHaveBegunEarlier(id)) return Verdict.unresolved;
    const message = this.state.messages.get(id);
    if (match[2] === undefined) {
      if (message) message.recipients++;
      return Verdict.context;
    }
    if (message) message.bytes = Number(match[2]);
    if (message?.seen && !message.incoming) return Verdict.context;
    if (Number.isNaN(this.time)) return this.sink.skip('bad-time', line);
    if (!message?.seen) this.sink.note('session-began-earlier', line);
    const { tls, cipher, fault } = how(message?.incoming, true);
    const { interface: connector, host, address } = message?.incoming ?? { interface: '', host: '', address: '' };
    this.hops.add({
      direction: DirectionCode.inbound,
      outcome: OutcomeCode.accepted,
      tls,
      cipher,
      fault,
      evidence: tls === TlsCode.absent ? this.sink.absent(this.inboundTls, this.time) : 0,
      connector,
      host,
      address,
      recipients: Math.max(1, message?.recipients ?? 1),
      bytes: Number(match[2]),
      time: this.time,
      line,
    });
    return Verdict.used;
  }

  /** `Message done DCID 8 MID 6 to RID [0, 1]`, `Message finished MID 6 done`, `Message aborted MID 6 …`. */
  private done(rest: string, line: number): Verdict {
    const over = /^Message (?:finished|aborted) MID (\d+)/.exec(rest);
    if (over) {
      this.state.messages.close(this.from + over[1]);
      return Verdict.context;
    }
    const match = /^Message done DCID (\d+) MID (\d+) to (?:RID )?\[([\d, ]*)\]/.exec(rest);
    return match
      ? this.handOver(match[1], match[2], match[3].split(',').length, OutcomeCode.accepted, line)
      : Verdict.context;
  }

  /** `Bounced: DCID 8 MID 6 to RID 0 - 5.1.0 - …`, `Delayed: DCID …`; one line a recipient. */
  private failure(rest: string, outcome: OutcomeCode, line: number): Verdict {
    const match = /^(?:Bounced|Delayed): DCID:? (\d+) (?:MID|Message) (\d+) to (?:RID )?\d+ /.exec(rest);
    return match ? this.handOver(match[1], match[2], 1, outcome, line) : Verdict.context;
  }

  private handOver(dcid: string, mid: string, recipients: number, outcome: OutcomeCode, line: number): Verdict {
    const connection = this.from + dcid,
      id = this.from + mid;
    const outgoing = this.known.outgoing ?? this.state.outgoing.get(connection),
      message = this.known.message ?? this.state.messages.get(id);
    const accepted = outcome === OutcomeCode.accepted;
    const counted = !accepted && message?.failed === Number(dcid);
    // DCID 0 is a delivery that found no server.
    const connected = dcid !== '0';
    if (
      (connected && !outgoing && this.state.outgoing.mayHaveBegunEarlier(connection)) ||
      (!message && this.state.messages.mayHaveBegunEarlier(id))
    ) {
      this.deferWith({ outgoing, message: message && { ...message } });
      if (!accepted && message) message.failed = Number(dcid);
      return Verdict.unresolved;
    }
    if (!accepted && message) message.failed = Number(dcid);
    if (Number.isNaN(this.time)) return this.sink.skip('bad-time', line);
    if ((connected && !outgoing) || !message) this.sink.note('session-began-earlier', line);
    const { tls, cipher, fault } = how(outgoing, accepted);
    this.hops.add({
      direction: DirectionCode.outbound,
      outcome,
      tls,
      cipher,
      fault,
      evidence: tls === TlsCode.absent ? this.sink.absent(this.outboundTls, this.time) : 0,
      connector: message?.incoming?.interface,
      address: outgoing?.address,
      count: counted ? 0 : 1,
      recipients,
      bytes: accepted ? message?.bytes : 0,
      time: this.time,
      line,
    });
    return Verdict.used;
  }
}

/** TLS, cipher and fault of a connection; without one nothing is known. */
function how(security: Security | undefined, accepted: boolean): { tls: TlsCode; cipher: string; fault: FaultCode } {
  if (!security) return { tls: TlsCode.unknown, cipher: '', fault: FaultCode.none };
  const { tls, cipher, failed, required } = security;
  // After a handshake that failed, mail on the same connection goes in clear, and the log has just proved that it tells.
  if (accepted && tls === TlsCode.absent && failed)
    return { tls: TlsCode.none, cipher, fault: FaultCode.clearAfterFailedHandshake };
  return {
    tls: !accepted && tls === TlsCode.absent ? TlsCode.unknown : tls,
    cipher,
    fault: !accepted && required ? FaultCode.requiredTlsNotMet : FaultCode.none,
  };
}
