/**
 * The SMTP protocol logs of Exchange Server 2007 to SE, RECV*.LOG and SEND*.LOG: every command, reply and TLS
 * handshake of every session, as CSV with a header of `#` lines (Microsoft Learn, "Protocol logging in Exchange
 * Server"). Also without that header, as log shippers leave it. Sessions are interleaved and run on in the next file;
 * rows of one session are numbered without gaps.
 *
 * A message is counted at the reply that accepts it. What the log proves of its TLS: the handshake's own row gives
 * version and cipher; a session that was seen to begin and has no such row is in clear; a session that began earlier,
 * or lacks rows, is unknown.
 */
import { ProtocolParser } from './parser';
import type { Format, Head } from '../../reading/format';

export const exchangeSmtp: Format = {
  id: 'exchange-smtp',
  name: 'Exchange SMTP protocol',
  repeats: 'lines',
  byServer: true,
  detect,
  parser: (sink) => new ProtocolParser(sink),
};

/** A row of the nine standard columns, up to the event. */
const row = new RegExp(
  '^' +
    [
      /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,7})?Z?/, // date-time
      /(?:"(?:[^"]|"")*"|[^",][^,]*)?/, // connector-id
      /[0-9A-Fa-f]{16}/, // session-id
      /\d{1,9}/, // sequence-number
      /[^,]{0,64}/, // local-endpoint
      /[^,]{0,64}/, // remote-endpoint
      /[-+<>*],/, // event
    ]
      .map(({ source }) => source)
      .join(','),
);

function detect({ lines }: Head): boolean {
  const first = lines.slice(0, 20).map((line) => line.replace(/^\ufeff/, ''));
  const type = first.find((line) => /^#log-type:/i.test(line));
  if (type !== undefined) return /^#log-type:\s*smtp (?:receive|send) protocol log/i.test(type);
  return first.some((line) => row.test(line));
}
