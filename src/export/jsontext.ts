/**
 * A value as JSON for a file or a terminal. Control characters and format characters (bidirectional marks, zero-width
 * ones) are written as `\uXXXX` (RFC 8259, section 7): they mean the same to every reader of JSON, and can't change how
 * the text looks (Unicode Technical Report 36).
 */
export function jsonText(value: unknown): string {
  return `${JSON.stringify(value, null, 2).replace(/[\x7f-\x9f\u2028\u2029]|\p{Cf}/gu, escaped)}\n`;
}

function escaped(character: string): string {
  let text = '';
  for (let i = 0; i < character.length; i++) text += `\\u${character.charCodeAt(i).toString(16).padStart(4, '0')}`;
  return text;
}
