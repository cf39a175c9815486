/**
 * Folders that products and systems make themselves, in lower case: they name no server. Exchange's are those of its
 * transport roles (Microsoft Learn, "Protocol logging", "Message tracking").
 */
const usual = new Set([
  ...['var', 'log', 'logs', 'mail', 'maillog', 'spool', 'home', 'opt', 'tmp', 'archive', 'old', 'backup'],
  ...['exim', 'exim4', 'postfix', 'sendmail', 'opensmtpd', 'haraka', 'stalwart', 'kumomta', 'mail_logs'],
  ...['exchange server', 'microsoft', 'program files', 'transportroles', 'hub', 'frontend', 'edge', 'mailbox'],
  ...['protocollog', 'smtpreceive', 'smtpsend', 'delivery', 'submission', 'messagetracking'],
]);

/** Days, years and other numbers, versions (`V15`), drives (`C:`, `c$`); an address of IPv4 has four parts. */
const noName = /^(?:v?\d+|[a-z][:$]|\.{0,2}|(?!\d+(?:\.\d+){3}$)[\d_.-]+)$/i;

/**
 * The servers that the folders of files name, by the innermost folder of each that is not a usual one; nothing where
 * that does not tell them apart.
 * @param paths with slashes or backslashes.
 */
export function serverFolders(paths: readonly string[]): (string | undefined)[] {
  const names = paths.map((path) =>
    path
      .split(/[\\/]/)
      .slice(0, -1)
      .findLast((folder) => !usual.has(folder.toLowerCase()) && !noName.test(folder)),
  );
  const told = new Set(names.flatMap((name) => name?.toLowerCase() ?? []));
  return told.size > 1 ? names : names.map(() => undefined);
}
