/**
 * Text mail logs (`mail_logs`) of Cisco Secure Email Gateway (ESA, IronPort): one line a step, joined by the numbers of
 * the incoming connection (ICID), the message (MID) and the delivery connection (DCID) (Cisco, "AsyncOS user guide",
 * Logging, "Using text mail logs"). Lines begin with the appliance's own time (`Wed Sep 14 09:48:19 2022`), with a
 * syslog prefix, or with both. The own time is in the zone that the beginning of the file states, if it does.
 *
 * `MID n ready … bytes` is a message taken in, `Message done DCID n MID m` one handed on. Both have the interface by
 * which the message came as their connector, since a delivery connection has only an address. A connection that was
 * seen to begin and shows no TLS line had none, once the log has shown any in that direction.
 */
import { shifted } from '../../cube/placecode';
import { DirectionCode, OutcomeCode, TlsCode, type Milliseconds } from '../../model';
import type { Sink } from '../../reading/sink';
import { indexOfByte } from '../../text/bytes';
import { parse } from '../../text/json';
import type { TimeReader } from '../../text/time';
import { decode } from '../../text/words';
import { Verdict, type Format, type Parser } from '../../reading/format';
import { Hops } from '../shared/hops';
import { failsAgain, how, type CiscoMessage, type Incoming, type Outgoing, type Security } from './connection';
import { OwnClock } from './clock';
import { isInfo, isMailLog, levelAt, matters } from './line';
import { problemOf } from './nearmiss';
import { syslogHost } from '../shared/sysloghost';
import { IdTable } from '../shared/idtable';

export const ciscoEsaMail: Format = {
  id: 'cisco-esa-mail',
  name: 'Cisco Secure Email Gateway mail log',
  repeats: 'lines',
  byServer: true,
  inOrder: true,
  detect: isMailLog,
  parser: (sink) => new MailLogParser(sink),
};

/**
 * What a segment knows of an unresolved hand-over, whose connection may have begun here and whose message before. It
 * stands behind the line, and behind a line end, which a line can't hold.
 */
interface Known {
  outgoing?: Outgoing;
  message?: CiscoMessage;
}

/** The end of a delivery, as its line states it. */
interface HandOver {
  dcid: string;
  mid: string;
  recipients: number;
  outcome: OutcomeCode;
}
/** How an appliance is named among those that show TLS, and its two directions. */
interface Shown {
  source: number;
  inbound: number;
  outbound: number;
}
/** The number of the connection of a delivery that found no server. */
const noServer = '0';
/** Most connections and most messages that are open at once, and most appliances that are remembered. */
const mostOpen = 50_000,
  mostAppliances = 10_000;
/** More of a line than this is never looked at: what matters stands at its beginning. */
const longest = 1024;

class MailLogParser implements Parser {
  private readonly hops: Hops;
  private readonly clock: OwnClock;
  readonly state;
  /** By appliance, what its log shows of TLS. */
  private readonly shown = new Map<string, Shown>();
  private time: Milliseconds = NaN;
  /** The current line, as far as it is looked at, and what the segment knew that left it unresolved. */
  private text: Uint8Array = new Uint8Array(0);
  private known: Known = {};
  /** The appliance that wrote the line, where a syslog server collects several. */
  private host = '';
  /** The same before the numbers of its connections and messages. */
  private from = '';
  /** The line is about a message of the appliance itself. */
  private isOwn = false;
  /** What `time` and `from` were read from: many lines have the same second. */
  private lastPrefix = '';
  private lastBox = '';
  private lastReader: TimeReader | undefined;

  constructor(private readonly sink: Sink) {
    this.hops = new Hops(sink);
    this.clock = new OwnClock(sink);
    const connections = { limit: mostOpen, fields: { tlsAt: 'place' } } as const;
    this.state = {
      incoming: new IdTable<string, Incoming>(sink, connections),
      outgoing: new IdTable<string, Outgoing>(sink, connections),
      messages: new IdTable<string, CiscoMessage>(sink, { limit: mostOpen, fields: { incoming: { tlsAt: 'place' } } }),
    };
  }

  line(bytes: Uint8Array, start: number, end: number, line: number): Verdict {
    const lineEnd = indexOfByte(bytes, 10, start);
    this.known = lineEnd >= 0 && lineEnd < end ? this.toldBefore(bytes.subarray(lineEnd + 1, end)) : {};
    this.text = bytes.subarray(start, Math.min(end, start + longest, lineEnd < 0 ? end : lineEnd));
    const level = levelAt(this.text);
    // A header or subject with a line end in it goes on in a line without time and level.
    if (level < 0) return this.sink.skip('bad-line', line);
    if (!isInfo(this.text, level)) return Verdict.context;
    this.isOwn = false;
    const verdict = matters(this.text, level + 6) ? this.read(level, line) : Verdict.context;
    if (verdict !== Verdict.context && verdict !== Verdict.used) return verdict;
    const problem = problemOf(decode(this.text.subarray(level + 6)), verdict === Verdict.context && !this.isOwn);
    if (verdict === Verdict.used && Number.isNaN(this.time)) this.sink.note('bad-time', line);
    if (problem === undefined) return verdict;
    if (verdict === Verdict.context) return this.sink.skip(problem, line);
    this.sink.note(problem, line);
    return verdict;
  }

  /** What the neighbour knew that left the current line. */
  private toldBefore(text: Uint8Array): Known {
    const known = (parse(decode(text)) ?? {}) as Known;
    if (known.outgoing) known.outgoing.tlsAt = shifted(known.outgoing.tlsAt, this.sink.shiftAgain);
    return known;
  }

  private read(level: number, line: number): Verdict {
    const text = decode(this.text);
    // What stands before the level is ASCII in every log; where it is not, the characters are found by the words.
    const begin = text.startsWith('Info: ', level) ? level : text.indexOf('Info: ');
    this.prefix(text.slice(0, begin));
    return this.entry(text.slice(begin + 6), line);
  }

  /** Reads the text behind the level. */
  private entry(rest: string, line: number): Verdict {
    switch (rest.slice(0, 2)) {
      case 'Ne':
        return this.connection(rest, line);
      case 'IC':
        return this.incoming(rest);
      case 'DC':
        return this.outgoing(rest);
      case 'Sy':
        return this.started(rest);
      case 'De':
        return this.failure(rest, OutcomeCode.deferred, line);
      case 'Bo':
        return this.failure(rest, OutcomeCode.bounced, line);
      case 'St':
        return this.begin(rest, line);
      case 'Me':
        return this.done(rest, line);
      case 'MI':
        return this.message(rest, line);
      case 'Ti':
        return this.clock.offset(rest, this.time, line);
      default:
        return Verdict.context;
    }
  }

  /** The appliance that wrote the line. */
  private get appliance(): Shown {
    const { from, sink, time } = this;
    let shown = this.shown.get(from);
    if (!shown) {
      const source = sink.evidenceSource(`cisco-esa-mail ${from}`, time);
      shown = {
        source,
        inbound: sink.evidence(`cisco-esa-mail inbound ${from}`, source),
        outbound: sink.evidence(`cisco-esa-mail outbound ${from}`, source),
      };
      if (this.shown.size < mostAppliances) this.shown.set(from, shown);
    }
    return shown;
  }

  /** `System is coming up`: the appliance has read its settings anew. */
  private started(rest: string): Verdict {
    if (!rest.startsWith('System is coming up') || Number.isNaN(this.time)) return Verdict.context;
    this.sink.restarted(this.appliance.source, this.time);
    return Verdict.used;
  }

  /** Leaves the current line unresolved, with what is known here. */
  private deferWith(known: Known): void {
    if (!known.outgoing && !known.message) return;
    this.sink.storedInstead = new TextEncoder().encode(`${decode(this.text)}\n${JSON.stringify(known)}`);
  }

  /** Reads time and host from what stands before the level: the appliance's own time if stated, else that of syslog. */
  private prefix(text: string): void {
    const { host, time } = this.sink;
    if (text === this.lastPrefix && host === this.lastBox && time === this.lastReader) return;
    this.lastPrefix = text;
    this.lastBox = host;
    this.lastReader = time;
    const named = this.clock.find(text);
    const plain = text.replace(/^<\d{1,3}>(?:\d )?/, '');
    const stamp = new TextEncoder().encode(named ? named.text : plain.slice(0, 64));
    this.time = time.any(stamp, 0);
    this.host = (named?.index === 0 ? '' : syslogHost(text)) || host;
    this.from = this.host === '' ? '' : `${this.host} `;
  }

  /**
   *     New SMTP ICID 5 interface Data 1 (192.0.2.1) address 198.51.100.7 reverse dns host mail.example verified yes
   *     New SMTP DCID 8 interface 192.0.2.1 address 203.0.113.9 port 25
   */
  private connection(rest: string, line: number): Verdict {
    const match =
      /^New SMTP ([ID])CID (\d+) interface (.{1,255}?) address (\S{1,64})(?: reverse dns host (\S{1,255}))?/.exec(rest);
    if (!match) return Verdict.context;
    const [, kind, id, name, address, host] = match;
    const security = { tls: TlsCode.absent, cipher: '', tlsAt: this.sink.tlsAt(), failed: false, required: false };
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
    return Verdict.used;
  }

  /** `ICID 30 TLS success protocol TLSv1.2 cipher ECDHE-RSA-AES256-GCM-SHA384`, `ICID 30 close`. */
  private incoming(rest: string): Verdict {
    const match = /^ICID (\d+) (?:IP \S+ )?(TLS|close\b|lost\b)(.*)/.exec(rest);
    return match ? this.security(match, this.state.incoming, 'inbound') : Verdict.context;
  }

  /** `DCID 8 TLS failed: …`, `DCID 8 close`. */
  private outgoing(rest: string): Verdict {
    const match = /^DCID (\d+) (?:IP \S+ )?(TLS|close\b|lost\b)(.*)/.exec(rest);
    return match ? this.security(match, this.state.outgoing, 'outbound') : Verdict.context;
  }

  private security<Entry extends Security>(
    match: RegExpExecArray,
    opened: IdTable<string, Entry>,
    direction: 'inbound' | 'outbound',
  ): Verdict {
    const id = this.from + match[1];
    if (match[2] !== 'TLS') {
      opened.close(id);
      return Verdict.context;
    }
    const success = /^ success(?:$| CN| protocol (\S{1,32}) cipher (\S{1,128}))/.exec(match[3]);
    if (!success && !/^ (?:failed|was required)\b/.test(match[3]))
      return this.sink.skip('unfinished-record', this.sink.line);
    if (!Number.isNaN(this.time)) this.sink.showsTls(this.appliance[direction], this.time);
    if (opened.mayHaveBegunEarlier(id)) return Verdict.unresolved;
    const entry = opened.get(id);
    // The number of the connection may be damaged; then its TLS is missing elsewhere.
    if (!entry) {
      this.sink.note('session-began-earlier', this.sink.line);
      return Verdict.used;
    }
    if (success) {
      entry.tls = this.hops.tls(success[1] ?? '', TlsCode.tls);
      entry.cipher = success[2] ?? '';
      entry.tlsAt = this.sink.tlsAt();
    } else {
      entry.failed ||= match[3].startsWith(' failed');
      entry.required ||= match[3].startsWith(' was required');
    }
    return Verdict.used;
  }

  /** `Start MID 6 ICID 5`; ICID 0 is the appliance itself. */
  private begin(rest: string, line: number): Verdict {
    const match = /^Start MID (\d+) ICID (\d+)$/.exec(rest);
    if (!match) return Verdict.context;
    const icid = this.from + match[2];
    const seen = match[2] === '0' || this.state.incoming.get(icid) !== undefined;
    if (!seen && this.state.incoming.mayHaveBegunEarlier(icid)) return Verdict.unresolved;
    const incoming = this.state.incoming.get(icid);
    // The message outlives its connection, whose TLS comes before the first message: so it keeps its state of now.
    this.state.messages.open(
      this.from + match[1],
      { incoming: incoming && { ...incoming }, seen, recipients: 0, bytes: 0, failed: -1 },
      line,
    );
    return Verdict.used;
  }

  /** `MID 6 ICID 5 RID 0 To: <…>`, `MID 6 ready 100 bytes from <…>`; everything else about a message is context. */
  private message(rest: string, line: number): Verdict {
    const match = /^MID (\d+) (?:ICID \d+ RID \d+ To:|ready (\d{1,15}) bytes)/.exec(rest);
    if (!match) return Verdict.context;
    const id = this.from + match[1];
    if (this.state.messages.mayHaveBegunEarlier(id)) return Verdict.unresolved;
    const message = this.state.messages.get(id);
    if (match[2] !== undefined) return this.ready(message, Number(match[2]), line);
    if (message) message.recipients++;
    return Verdict.used;
  }

  /** The whole message is here. */
  private ready(message: CiscoMessage | undefined, bytes: number, line: number): Verdict {
    if (message) message.bytes = bytes;
    // The appliance has made it itself.
    this.isOwn = message?.seen === true && !message.incoming;
    if (this.isOwn) return Verdict.context;
    if (Number.isNaN(this.time)) return this.sink.skip('bad-time', line);
    if (!message?.seen) this.sink.note('session-began-earlier', line);
    const { tls, cipher, tlsAt, fault } = how(message?.incoming, true);
    const { interface: connector, host, address } = message?.incoming ?? { interface: '', host: '', address: '' };
    this.hops.add({
      direction: DirectionCode.inbound,
      outcome: OutcomeCode.accepted,
      tls,
      cipher,
      server: this.host,
      tlsAt,
      fault,
      evidence: tls === TlsCode.absent ? this.sink.absent(this.appliance.inbound, this.time) : 0,
      connector,
      host,
      address,
      recipients: Math.max(1, message?.recipients ?? 1),
      bytes,
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
    if (!match) return Verdict.context;
    const [, dcid, mid, recipients] = match;
    return this.handedOver(
      { dcid, mid, recipients: recipients.split(',').length, outcome: OutcomeCode.accepted },
      line,
    );
  }

  /** `Bounced: DCID 8 MID 6 to RID 0 - 5.1.0 - …`, `Delayed: DCID …`; one line a recipient. */
  private failure(rest: string, outcome: OutcomeCode, line: number): Verdict {
    const match = /^(?:Bounced|Delayed): DCID:? (\d+) (?:MID|Message) (\d+) to (?:RID )?\d+ /.exec(rest);
    return match ? this.handedOver({ dcid: match[1], mid: match[2], recipients: 1, outcome }, line) : Verdict.context;
  }

  private handedOver(handOver: HandOver, line: number): Verdict {
    const { dcid, mid, outcome } = handOver;
    const outgoing = this.known.outgoing ?? this.state.outgoing.get(this.from + dcid),
      message = this.known.message ?? this.state.messages.get(this.from + mid),
      connected = outgoing !== undefined || dcid === noServer;
    const needsEarlier =
      (!connected && this.state.outgoing.mayHaveBegunEarlier(this.from + dcid)) ||
      (!message && this.state.messages.mayHaveBegunEarlier(this.from + mid));
    if (needsEarlier) this.deferWith({ outgoing, message: message && { ...message } });
    const counted = message !== undefined && outcome !== OutcomeCode.accepted && failsAgain(message, Number(dcid));
    if (needsEarlier) return Verdict.unresolved;
    if (Number.isNaN(this.time)) return this.sink.skip('bad-time', line);
    if (!connected || !message) this.sink.note('session-began-earlier', line);
    this.count(handOver, outgoing, message, counted, line);
    return Verdict.used;
  }

  private count(
    { recipients, outcome }: HandOver,
    outgoing: Outgoing | undefined,
    message: CiscoMessage | undefined,
    counted: boolean,
    line: number,
  ): void {
    const accepted = outcome === OutcomeCode.accepted,
      { tls, cipher, tlsAt, fault } = how(outgoing, accepted);
    this.hops.add({
      direction: DirectionCode.outbound,
      outcome,
      tls,
      cipher,
      server: this.host,
      tlsAt,
      fault,
      evidence: tls === TlsCode.absent ? this.sink.absent(this.appliance.outbound, this.time) : 0,
      connector: message?.incoming?.interface,
      address: outgoing?.address,
      count: counted ? 0 : 1,
      recipients,
      bytes: accepted ? message?.bytes : 0,
      time: this.time,
      line,
    });
  }
}
