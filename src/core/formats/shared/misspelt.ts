import { isObject } from '../../text/json';

/** Most words that are remembered; a log has some hundred keys. */
const mostWords = 4096;
/** Objects inside of objects that are looked into. */
const deepest = 8;

/**
 * Tells words that are damaged: they are none of the known words, but one letter away from one of them. A record in
 * which a key is damaged would seem not to state what it states.
 */
export class Misspelt {
  private readonly seen = new Map<string, boolean>();

  /** @param words words that are needed. @param others words that may stand beside them and are as much alike. */
  constructor(
    private readonly words: readonly string[],
    others: readonly string[] = [],
  ) {
    for (const word of [...words, ...others]) this.seen.set(word, false);
  }

  has(text: string): boolean {
    let misspelt = this.seen.get(text);
    if (misspelt === undefined) {
      misspelt = this.words.some((word) => isNear(word, text));
      if (this.seen.size < mostWords) this.seen.set(text, misspelt);
    }
    return misspelt;
  }

  /** Whether a key of an object, or of one inside of it, is damaged. */
  inKeysOf(value: unknown, depth = deepest): boolean {
    if (Array.isArray(value)) return depth > 0 && value.some((one) => this.inKeysOf(one, depth - 1));
    if (!isObject(value) || depth === 0) return false;
    for (const key in value) {
      if (this.has(key) && this.words.some((word) => isNear(word, key) && !(word in value))) return true;
      const inner = value[key];
      if (typeof inner === 'object' && this.inKeysOf(inner, depth - 1)) return true;
    }
    return false;
  }
}

/** Whether two texts are the same but for one letter that is another one, or is missing in one of them. */
function isNear(a: string, b: string): boolean {
  if (Math.abs(a.length - b.length) > 1) return false;
  const shorter = Math.min(a.length, b.length);
  let from = 0;
  while (from < shorter && a[from] === b[from]) from++;
  let end = 0;
  while (end < shorter - from && a[a.length - 1 - end] === b[b.length - 1 - end]) end++;
  return Math.max(a.length, b.length) - from - end <= 1;
}
