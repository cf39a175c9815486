import { Decompress } from 'fzstd';
import xxhash, { type XXHashAPI } from 'xxhash-wasm';
import { EarlyEnd, Input, isOfSystem, unreadable, type Chunks, type Report } from './packed';

const magic = 0xfd2fb528;
/** 16 magic numbers of frames that hold no content. */
const skippable = 0x184d2a50;
/** Most bytes of a compressed block: the least that a window may be. */
const longestBlock = 128 << 10;
/** Most bytes that a decoder must be able to keep (8 MiB is recommended; `--long` of the command line gives 128). */
const widestWindow = 128 << 20;

let hashing: Promise<XXHashAPI> | undefined;

/** What the header of a frame says. `length`: its bytes. `content`: bytes of the content, where it says so. */
interface FrameHeader {
  length: number;
  checked: boolean;
  content: bigint | undefined;
}

/**
 * Zstandard (RFC 8878) of any number of frames. The decoder does not look at what a frame says of its content, so each
 * frame has a decoder of its own, and its length and checksum (XXH64) are compared here.
 */
export async function* unzstd(stored: Chunks, report: Report): Chunks {
  const input = new Input(stored);
  try {
    while (yield* frame(input));
  } catch (error) {
    if (isOfSystem(error)) throw error;
    report(error instanceof EarlyEnd ? 'truncated-file' : 'damaged-file');
  } finally {
    await input.close();
  }
}

class Damage extends Error {}

/** Reads one frame; false where the input has ended before it. */
async function* frame(input: Input): AsyncGenerator<Uint8Array, boolean> {
  await input.fill(18);
  if (input.bytes.length === 0) return false;
  const word = input.bytes.length < 4 ? 0 : view(input).getUint32(0, true);
  if ((word & 0xfffffff0) >>> 0 === skippable) {
    await need(input, 8);
    await skip(input, 8 + view(input).getUint32(4, true));
    return true;
  }
  if (word === magic) {
    yield* content(input, headerOf(input));
    return true;
  }
  if (await input.onlyPadding()) return false;
  throw new Damage();
}

/** The content of a frame, compared with what its header and end say of it. */
async function* content(input: Input, header: FrameHeader): Chunks {
  const hash = (await (hashing ??= xxhash())).create64();
  let length = 0n,
    out: Uint8Array[] = [];
  const decoder = new Decompress((chunk) => void (chunk && out.push(chunk)));
  const take = () => {
    const taken = out;
    out = [];
    for (const chunk of taken) {
      if (header.checked) hash.update(chunk);
      length += BigInt(chunk.length);
    }
    return taken;
  };
  push(decoder, input, header.length);
  for (let last = false; !last;) {
    last = await block(decoder, input);
    yield* take();
  }
  if (header.checked) await need(input, 4);
  const sum = header.checked ? view(input).getUint32(0, true) : undefined;
  if (sum !== undefined) push(decoder, input, 4);
  decoder.push(new Uint8Array(0), true);
  yield* take();
  if (sum !== undefined && BigInt(sum) !== (hash.digest() & 0xffffffffn)) throw new Damage();
  if (header.content !== undefined && header.content !== length) throw new Damage();
}

/** Reads a block; returns whether it is the last one of its frame. */
async function block(decoder: Decompress, input: Input): Promise<boolean> {
  await need(input, 3);
  const { bytes } = input,
    word = bytes[0] | (bytes[1] << 8) | (bytes[2] << 16),
    size = word >> 3,
    type = (word >> 1) & 3;
  if (type === 3 || (type === 2 && size > longestBlock)) throw new Damage();
  const whole = 3 + (type === 1 ? 1 : size);
  await need(input, whole);
  push(decoder, input, whole);
  return (word & 1) === 1;
}

/** RFC 8878, section 3.1.1.1. */
function headerOf(input: Input): FrameHeader {
  const { bytes } = input;
  if (bytes.length < 6) throw new EarlyEnd();
  const descriptor = bytes[4],
    single = (descriptor & 0x20) !== 0,
    contentSize = [single ? 1 : 0, 2, 4, 8][descriptor >> 6],
    dictionarySize = [0, 1, 2, 4][descriptor & 3],
    at = 5 + (single ? 0 : 1) + dictionarySize;
  if (bytes.length < at + contentSize) throw new EarlyEnd();
  // The bit is reserved for what a decoder would have to know; a dictionary is not at hand.
  const dictionary = bytes.subarray(at - dictionarySize, at).some((byte) => byte !== 0);
  if ((descriptor & 0x08) !== 0 || dictionary) throw new Damage();
  const content = contentOf(view(input), at, contentSize);
  const width = single ? Number(content) : windowOf(bytes[5]);
  if (width > widestWindow) throw unreadable('the window of the zstd frame is too wide');
  return { length: at + contentSize, checked: (descriptor & 4) !== 0, content };
}

function windowOf(byte: number): number {
  const base = 2 ** (10 + (byte >> 3));
  return base + (base / 8) * (byte & 7);
}

function contentOf(bytes: DataView, at: number, size: number): bigint | undefined {
  switch (size) {
    case 1:
      return BigInt(bytes.getUint8(at));
    case 2:
      return BigInt(bytes.getUint16(at, true) + 256);
    case 4:
      return BigInt(bytes.getUint32(at, true));
    case 8:
      return bytes.getBigUint64(at, true);
    default:
      return undefined;
  }
}

function view({ bytes }: Input): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
}

async function need(input: Input, count: number): Promise<void> {
  await input.fill(count);
  if (input.bytes.length < count) throw new EarlyEnd();
}

async function skip(input: Input, count: number): Promise<void> {
  for (let left = count; left > 0;) {
    await need(input, 1);
    const part = Math.min(left, input.bytes.length);
    input.skip(part);
    left -= part;
  }
}

/** The decoder keeps what it is given. */
function push(decoder: Decompress, input: Input, count: number): void {
  decoder.push(Uint8Array.from(input.bytes.subarray(0, count)));
  input.skip(count);
}
