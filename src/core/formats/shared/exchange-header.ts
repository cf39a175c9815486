/**
 * A header line of a log of Exchange, e.g. `#Log-type: SMTP Send Protocol Log`: its key in lower case, and its value.
 */
export interface HeaderLine {
  key: string;
  value: string;
}

/** The header line in this text, which begins with `#`; undefined where there is no colon in it. */
export function headerLine(text: string): HeaderLine | undefined {
  const colon = text.indexOf(':');
  return colon < 0
    ? undefined
    : { key: text.slice(1, colon).trim().toLowerCase(), value: text.slice(colon + 1).trim() };
}
