/** Bytes of a size such as `300`, `64M`, `1G`. */
export function sizeOf(text) {
  const match = /^(\d+)([KMG]?)$/i.exec(text);
  if (!match) throw new RangeError(`not a size: ${text}`);
  return Number(match[1]) * { '': 1, K: 2 ** 10, M: 2 ** 20, G: 2 ** 30 }[match[2].toUpperCase()];
}
