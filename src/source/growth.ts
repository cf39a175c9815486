import type { Chunks } from './packed/packed';

/**
 * What packed bytes may become: so many times their size once they have yielded `slack` bytes, and never more than
 * `total`. Mail logs compress 8 to 25 times. An archive shares one slack among all that is in it.
 */
export const growth = { ratio: 1000, slack: 64 << 20, total: 256 * 2 ** 30 };

/** Most bytes that may have been unpacked by now. */
export type Bound = () => number;

/** What so many packed bytes may become. */
export function mostOf(packed: number, slack = growth.slack): number {
  return Math.min(growth.total, Math.max(slack, packed * growth.ratio));
}

/** Bytes with the bound that follows from how many of them were taken. */
export function whileTaken(chunks: Chunks): { chunks: AsyncGenerator<Uint8Array>; bound: Bound } {
  let taken = 0;
  const counted = async function* () {
    for await (const chunk of chunks) {
      taken += chunk.length;
      yield chunk;
    }
  };
  return { chunks: counted(), bound: () => mostOf(taken) };
}

/** @throws `EBOMB` when the bytes become more than they may. */
export async function* bounded(chunks: Chunks, bound: Bound): Chunks {
  let length = 0;
  for await (const chunk of chunks) {
    length += chunk.length;
    if (length > bound()) throw tooMuch();
    yield chunk;
  }
}

/** What unpacks to more than a mail log does. */
function tooMuch(): Error {
  return Object.assign(new Error('unpacks to more than it may'), { code: 'EBOMB' });
}
