/** Most characters shown of hostile text. */
const longest = 256;

/**
 * Text from a log as it may be shown: control characters, bidirectional and zero-width marks and lone surrogates become
 * visible `\u{…}` (Unicode Technical Report 36; CVE-2021-42574); long text is cut, with the number of characters left
 * out. It is still hostile to markup: show it as text, never as HTML or Markdown.
 */
export function displayText(text: string, most = longest): string {
  // Cutting first keeps the work small for a name of many kilobytes.
  const cut = text.length > most;
  const shown = (cut ? text.slice(0, most) : text).replace(
    /[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029\u115f\u1160\u3164\uffa0]/gu,
    (c) => `\\u{${c.codePointAt(0)!.toString(16)}}`,
  );
  return cut ? `${shown}… (+${text.length - most})` : shown;
}
