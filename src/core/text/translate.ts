/**
 * Translates an English sentence; `{0}`, `{1}` … are filled in. `vscode.l10n.t` is one, `english` another.
 * Every first argument is a literal, so that the Italian bundle can be checked against the source.
 */
export type Translate = (message: string, ...args: (string | number)[]) => string;

/** The sentences as they are in the source, for the command line and exports. */
export const english: Translate = (message, ...args) =>
  message.replace(/\{(\d)\}/g, (_, i: string) => String(args[Number(i)] ?? ''));
