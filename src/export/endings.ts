export const exportFormats = ['csv', 'json', 'markdown', 'html', 'sarif'] as const;
export type ExportFormat = (typeof exportFormats)[number];

/** The usual ending of a file in a format. */
export const endings: Record<ExportFormat, string> = { csv: 'csv', json: 'json', markdown: 'md', html: 'html', sarif: 'sarif' };
