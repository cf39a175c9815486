import type { Head } from '../../reading/format';

const levelWords = ['Info: ', 'Warning: ', 'Critical: ', 'Debug: ', 'Trace: '].map((word) =>
  new TextEncoder().encode(word),
);

/** Where the level stands, behind the prefix; −1 where there is none in the first 256 bytes. */
export function levelAt(b: Uint8Array): number {
  const end = Math.min(b.length, 256);
  for (let i = 0; i < end; i++) {
    if ((i === 0 || b[i - 1] === 32) && levelWords.some((word) => standsAt(b, i, word))) return i;
  }
  return -1;
}

function standsAt(b: Uint8Array, at: number, word: Uint8Array): boolean {
  for (let i = 0; i < word.length; i++) if (b[at + i] !== word[i]) return false;
  return true;
}

/** Whether the level there is that of everything that matters. */
export function isInfo(b: Uint8Array, at: number): boolean {
  return standsAt(b, at, levelWords[0]);
}

/**
 * Whether a text may say something about a connection or a message. Most lines are about what the appliance found in
 * the message, so these are told apart by a few bytes: `MID 6 ready`, `MID 6 ICID 5 RID`, `ICID 5 TLS|close|lost|IP`,
 * the same for DCID, and the words below.
 */
export function matters(b: Uint8Array, at: number): boolean {
  switch (wordAt(b, at)) {
    case 0x4d494420: {
      const next = behindNumber(b, at + 4);
      return b[next] === 114 || (b[next] === 73 && b[behindNumber(b, next + 5)] === 82);
    }
    case 0x49434944:
    case 0x44434944: {
      const next = b[behindNumber(b, at + 5)];
      return next === 84 || next === 99 || next === 108 || next === 73;
    }
    default:
      return words.has(wordAt(b, at));
  }
}

/** How the other texts begin. */
const words = new Set(
  ['New ', 'Star', 'Mess', 'Boun', 'Dela', 'Syst', 'Time'].map((word) => wordAt(new TextEncoder().encode(word), 0)),
);

function wordAt(b: Uint8Array, at: number): number {
  return (b[at] << 24) | (b[at + 1] << 16) | (b[at + 2] << 8) | b[at + 3];
}

/** The position behind a number and a space. */
function behindNumber(b: Uint8Array, at: number): number {
  let i = at;
  while (b[i] >= 48 && b[i] <= 57) i++;
  return i + 1;
}

/** An entry about a connection, a message or a delivery. */
const entry = new RegExp(
  String.raw`\bInfo: (?:New SMTP [ID]CID \d+ interface |Start MID \d+ ICID \d+|(?:MID|ICID|DCID) \d+ ` +
    String.raw`|Message (?:done DCID|finished MID|aborted MID) \d+|Delivery start DCID \d+ )`,
);

export function isMailLog({ lines }: Head): boolean {
  const first = lines.slice(0, 200).map((line) => line.slice(0, 512));
  // Other logs of the appliance (consolidated events, or these lines wrapped by a collector) come as CEF.
  return first.some((line) => entry.test(line)) && !first.some((line) => /CEF:\d\|/.test(line));
}
