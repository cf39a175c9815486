/**
 * Consolidated event logs of Cisco Secure Email Gateway (ESA) in Common Event Format: one line a message with both of
 * its hops (Cisco, "AsyncOS user guide", Logging; ArcSight, "Implementing CEF"). The hop by which the appliance took
 * the message is inbound, the one by which it handed it on outbound; both have the listener as their connector.
 *
 * The TLS fields exist since AsyncOS 14.3 and only where the log subscription has them: without them the line says
 * nothing of TLS. After a failed TLS connection the message may have gone on in any way.
 */
import { DirectionCode, OutcomeCode, TlsCode, type Milliseconds } from '../../model';
import type { Sink } from '../../reading/sink';
import { decode } from '../../text/words';
import { Verdict, type Format, type Head, type Parser } from '../../reading/format';
import { Hops } from '../shared/hops';
import { mailDomain } from '../../text/domain';
import { Misspelt } from '../shared/misspelt';
import { syslogHost } from '../shared/sysloghost';
import { Noticed } from '../shared/noticed';

export const ciscoEsaCef: Format = {
  id: 'cisco-esa-cef',
  name: 'Cisco Secure Email Gateway consolidated events',
  repeats: 'lines',
  byServer: true,
  detect: isConsolidated,
  parser: (sink) => new CefParser(sink),
};

/** The header of these events; a syslog prefix, or the time in words, may stand before it. */
const event = /CEF:\d\|Cisco\|[^|]{1,80}\|[^|]{1,80}\|ESA_CONSOLIDATED_LOG_EVENT\|/;

function isConsolidated({ lines }: Head): boolean {
  return lines.slice(0, 20).some((line) => event.test(line.slice(0, 512)));
}

/** Lines of the appliance's own at the beginning and the end of its files. */
const remark = / Info: (?:Begin Logfile|End Logfile|Version: |Time offset from UTC: |System is coming up)/;

const keys = [
  ...['startTime', 'endTime', 'act', 'duser', 'deviceInboundInterface', 'deviceOutboundInterface', 'ESAMsgSize'],
  ...['ESATLSInConnStatus', 'ESATLSInProtocol', 'ESATLSInCipher', 'ESATLSOutConnStatus', 'ESATLSOutProtocol'],
  ...['ESATLSOutCipher', 'sourceHostName', 'sourceAddress'],
];
const actions = ['DELIVERED', 'BOUNCED', 'ABORTED', 'QUARANTINED', 'DQ', 'DROPPED'];

/** A message as its line states it: a field by its name, empty where it is missing. */
interface CefMessage {
  field(name: string): string;
  action: string;
  recipients: string[];
  connector: string;
  bytes: number;
  server: string;
  line: number;
}

class CefParser implements Parser {
  private readonly hops: Hops;
  private readonly damagedKeys = new Misspelt(keys, ['EndTime', 'suser']);
  private readonly damagedActions = new Misspelt(actions);
  /** Lines with fields of TLS, and without any. */
  readonly state = { lines: new Noticed<'with-tls' | 'without-tls'>() };

  constructor(private readonly sink: Sink) {
    this.hops = new Hops(sink);
  }

  line(bytes: Uint8Array, start: number, end: number, line: number): Verdict {
    const text = decode(bytes.subarray(start, end));
    const header = event.exec(text.slice(0, 1024));
    if (!header) return remark.test(text.slice(0, 256)) ? Verdict.context : this.sink.skip('other-format', line);
    const fields = fieldsBehind(text, header.index + header[0].length);
    if (text.includes('\0') || event.test(text.slice(header.index + header[0].length)))
      return this.sink.skip('bad-line', line);
    return fields
      ? this.message(fields, syslogHost(text.slice(0, header.index)), line)
      : this.sink.skip('bad-columns', line);
  }

  advice(): string[] {
    const { lines } = this.state;
    return lines.has('without-tls') && !lines.has('with-tls') ? ['cisco-esa-cef-tls-fields'] : [];
  }

  private message(fields: ReadonlyMap<string, string>, server: string, line: number): Verdict {
    const field = (name: string): string => fields.get(name) ?? '';
    for (const key of fields.keys()) if (this.damagedKeys.has(key)) return this.sink.skip('bad-columns', line);
    if (field('act') === '') return this.sink.skip('unfinished-record', line);
    if (this.damagedActions.has(field('act').toUpperCase())) return this.sink.skip('unknown-status', line);
    const began = this.hops.time(field('startTime') || field('endTime'));
    const ended = this.hops.time(field('endTime') || field('EndTime') || field('startTime'));
    if (Number.isNaN(began) || Number.isNaN(ended)) return this.sink.skip('bad-time', line);
    const withTls = ['ESATLSInProtocol', 'ESATLSOutProtocol', 'ESATLSInConnStatus'].some((name) => fields.has(name));
    this.state.lines.add(withTls ? 'with-tls' : 'without-tls');
    const message: CefMessage = {
      field,
      action: field('act').toUpperCase(),
      recipients: field('duser')
        .split(/[;,]/)
        .filter((one) => one.trim() !== ''),
      connector: field('deviceInboundInterface') || field('deviceOutboundInterface'),
      bytes: Number(field('ESAMsgSize')),
      server,
      line,
    };
    this.received(message, began);
    if (message.action === 'DELIVERED' || message.action === 'BOUNCED') this.handedOn(message, ended);
    return Verdict.used;
  }

  private received(
    { field, action, recipients, connector, bytes, server, line }: CefMessage,
    time: Milliseconds,
  ): void {
    const tls = this.tls(field('ESATLSInConnStatus'), field('ESATLSInProtocol'));
    const host = field('sourceHostName');
    this.hops.add({
      direction: DirectionCode.inbound,
      outcome: action === 'ABORTED' ? OutcomeCode.rejected : OutcomeCode.accepted,
      tls,
      cipher: tls === TlsCode.unknown ? '' : field('ESATLSInCipher'),
      connector,
      server,
      host: host === 'unknown' ? '' : host,
      address: field('sourceAddress'),
      recipients: Math.max(1, recipients.length),
      bytes,
      time,
      line,
    });
  }

  private handedOn(
    { field, action, recipients, connector, bytes, server, line }: CefMessage,
    time: Milliseconds,
  ): void {
    const tls = this.tls(field('ESATLSOutConnStatus'), field('ESATLSOutProtocol'));
    this.hops.add({
      direction: DirectionCode.outbound,
      outcome: action === 'DELIVERED' ? OutcomeCode.accepted : OutcomeCode.bounced,
      tls,
      cipher: tls === TlsCode.unknown ? '' : field('ESATLSOutCipher'),
      connector,
      server,
      // The line does not name the server that took the message; its domain is the nearest thing.
      host: mailDomain(recipients[0] ?? ''),
      recipients: Math.max(1, recipients.length),
      bytes,
      time,
      line,
    });
  }

  private tls(status: string, protocol: string): TlsCode {
    if (status !== '' && !/^success/i.test(status)) return TlsCode.unknown;
    return this.hops.tls(protocol, status === '' ? TlsCode.unknown : TlsCode.tls);
  }
}

/**
 * The fields behind the header: `key=value key=value`, values with spaces, `\=` and `\\` in them. The header has seven
 * parts and was read up to the fifth bar. Undefined where a field stands twice with different values: then somebody's
 * text was taken for a field.
 */
function fieldsBehind(text: string, from: number): Map<string, string> | undefined {
  const begin = text.indexOf('|', text.indexOf('|', from) + 1) + 1;
  if (begin <= from) return undefined;
  const fields = new Map<string, string>();
  const keys = /(?:^| )([A-Za-z][A-Za-z0-9_]{0,40})=/g;
  const rest = text.slice(begin);
  let key = '',
    value = 0;
  for (let match = keys.exec(rest); ; match = keys.exec(rest)) {
    if (key !== '') {
      const stated = rest
        .slice(value, match?.index)
        .trim()
        .replace(/\\([\\=|])/g, '$1');
      if ((fields.get(key) ?? stated) !== stated) return undefined;
      fields.set(key, stated);
    }
    if (!match) return fields;
    key = match[1];
    value = match.index + match[0].length;
  }
}
