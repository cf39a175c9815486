import bzip2 from 'unbzip2-stream/lib/bzip2';
import { EarlyEnd, Input, isOfSystem, type Chunks, type Report } from './packed';

/** Most bytes that a block of so many hundred thousand takes when it is stored. */
const storedBlock = (hundreds: number) => 25_000 + 100_000 * hundreds;
/** Bytes of a block that are handed on together. */
const part = 1 << 20;

/**
 * bzip2 of any number of streams; the decoder checks CRC-32 of each block and of each stream. It takes a whole block at
 * a time, since it can't wait for bytes inside of one.
 */
export async function* bunzip2(stored: Chunks, report: Report): Chunks {
  const input = new Input(stored);
  try {
    do yield* stream(input);
    while (!(await input.onlyPadding()));
  } catch (error) {
    if (isOfSystem(error)) throw error;
    report(error instanceof EarlyEnd ? 'truncated-file' : 'damaged-file');
  } finally {
    await input.close();
  }
}

async function* stream(input: Input): Chunks {
  const reader = new BitReader();
  await input.fill(4);
  reader.bytes = input.bytes;
  const hundreds = bzip2.header(reader.bits),
    room = new Int32Array(100_000 * hundreds);
  for (let sum: number | null = 0; sum !== null;) {
    input.skip(reader.pass());
    await input.fill(storedBlock(hundreds));
    reader.bytes = input.bytes;
    const out = new Output();
    sum = bzip2.decompress(reader.bits, out.put, room, room.length, sum);
    yield* out.parts();
  }
  input.skip(reader.pass());
}

/** Bits of bytes, the highest one first. */
class BitReader {
  bytes: Uint8Array = new Uint8Array(0);
  /** Bits that have been read. */
  private at = 0;

  /** @throws EarlyEnd */
  readonly bits = (count: number | null): number => {
    if (count === null) return (this.at = (this.at + 7) & ~7);
    if (count > 16) return (this.bits(count - 16) << 16) | this.bits(16);
    const { bytes, at } = this,
      byte = at >> 3;
    if (at + count > bytes.length * 8) throw new EarlyEnd();
    this.at += count;
    const three = (bytes[byte] << 16) | (bytes[byte + 1] << 8) | bytes[byte + 2];
    return (three >> (24 - (at & 7) - count)) & ((1 << count) - 1);
  };

  /** Lets go of the whole bytes that have been read; returns how many. */
  pass(): number {
    const whole = this.at >> 3;
    this.at &= 7;
    return whole;
  }
}

/** Bytes that come one by one. */
class Output {
  private readonly full: Uint8Array[] = [];
  private open = new Uint8Array(part);
  private length = 0;

  readonly put = (byte: number): void => {
    if (this.length === part) {
      this.full.push(this.open);
      this.open = new Uint8Array(part);
      this.length = 0;
    }
    this.open[this.length++] = byte;
  };

  parts(): Uint8Array[] {
    return [...this.full, this.open.subarray(0, this.length)];
  }
}
