import { Byte } from '../../text/ascii';
import { isNearText } from '../../text/bytes';

const encoder = new TextEncoder();

/**
 * Connectors that Exchange makes for itself, for hops inside the organisation. They are named in the language of the
 * server, so this can't be complete; in other languages the ends of a hop decide, or the SMTP protocol log.
 */
const own = new Set([
  'intra-organization smtp send connector',
  'inbound proxy internal send connector',
  'client proxy send connector',
  '组织内 smtp 发送连接器',
]);

/**
 * Whether mail over this connector stays inside the organisation, whatever its ends. `SERVER\Name` for receive
 * connectors.
 */
export function isOwnConnector(name: string): boolean {
  const lower = name.toLowerCase();
  const receive = lower.slice(lower.indexOf('\\') + 1);
  return own.has(lower) || (receive !== lower && receive.startsWith('default mailbox delivery'));
}

/** Whether a name is one letter away from that of such a connector, so that it may be one that is damaged. */
export function isNearOwnConnector(name: string): boolean {
  const bytes = encoder.encode(name),
    backslash = bytes.indexOf(Byte.backslash);
  for (const one of own) if (isNearText(bytes, 0, bytes.length, one)) return true;
  const begin = 'default mailbox delivery';
  return (
    backslash >= 0 &&
    !isOwnConnector(name) &&
    [-1, 0, 1].some((longer) =>
      isNearText(bytes, backslash + 1, Math.min(bytes.length, backslash + 1 + begin.length + longer), begin),
    )
  );
}
