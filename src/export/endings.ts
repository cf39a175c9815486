/** `remote-hosts` is a table too: of who exchanged mail over which connector with which TLS version, by day. */
export const exportFormats = ['csv', 'json', 'markdown', 'html', 'sarif', 'remote-hosts'] as const;
export type ExportFormat = (typeof exportFormats)[number];

/** The usual ending of a file in a format. */
export const endings: Record<ExportFormat, string> = {
  csv: 'csv',
  json: 'json',
  markdown: 'md',
  html: 'html',
  sarif: 'sarif',
  'remote-hosts': 'hosts.csv',
};
