/**
 * Whether a line is one of syslog for certain, `Nov 24 08:29:06 host program[1]: text` or with a stamp of RFC 3339, and so
 * in no box: every box has something else between the stamp and the process id, or `[ID …]` behind it.
 */
export function isPlain(b: Uint8Array, s: number, e: number): boolean {
  const host = hostStart(b, s, e);
  if (host < 0) return false;
  const program = wordEnd(b, host, e) + 1;
  let p = tagEnd(b, program, e);
  if (program <= host + 1 || p <= program) return false;
  for (p++; b[p] >= 48 && b[p] <= 57; p++);
  return p + 3 < e && b[p] === 93 && b[p + 1] === 58 && b[p + 2] === 32 && b[p + 3] !== 91;
}

/** The space behind a word without signs of a box, else a place before it. */
function wordEnd(b: Uint8Array, p: number, e: number): number {
  for (; p < e && b[p] !== 32; p++) if (b[p] === 58 || b[p] === 60 || b[p] === 91) return -1;
  return p;
}

/** The bracket behind the name of a program, or -1. */
function tagEnd(b: Uint8Array, p: number, e: number): number {
  for (; p < e && b[p] !== 91; p++) if (b[p] === 32 || b[p] === 58) return -1;
  return p;
}

/** Where the host stands behind a stamp, or -1. */
function hostStart(b: Uint8Array, s: number, e: number): number {
  if (b[s] >= 65 && b[s] <= 90)
    return b[s + 3] === 32 && b[s + 6] === 32 && b[s + 9] === 58 && b[s + 12] === 58 && b[s + 15] === 32 ? s + 16 : -1;
  if (b[s + 4] !== 45 || b[s + 10] !== 84 || b[s + 13] !== 58) return -1;
  let p = s + 19;
  while (p < e && b[p] !== 32) p++;
  return p + 1;
}
