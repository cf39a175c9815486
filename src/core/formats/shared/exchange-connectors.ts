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
