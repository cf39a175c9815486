import { XzReadableStream } from 'xz-decompress';
import { Input, unreadable, type Chunks, type Report } from './packed';

/** What the decoder (xz-embedded, in WebAssembly) answers. */
const enum Answer {
  ok = 0,
  end = 1,
  noMemory = 3,
  tooMuchMemory = 4,
  options = 6,
  early = 8,
}

/** The words at the start of a context: its buffers, and how far each has been used. */
const enum Word {
  room = 0,
  input = 1,
  inputAt = 2,
  inputSize = 3,
  output = 4,
  outputAt = 5,
}

interface Decoder {
  memory: { buffer: ArrayBuffer };
  create_context(): number;
  destroy_context(context: number): void;
  supply_input(context: number, size: number): void;
  get_next_output(context: number): Answer;
}

/**
 * The package reads one stream at a time, and waits for its end before it begins another: two that are compared would
 * wait for ever. Its decoder has no such limit.
 */
interface Package {
  _moduleInstance?: { exports: unknown };
  _getModuleInstance(): Promise<void>;
}

let loading: Promise<Decoder> | undefined;

async function load(): Promise<Decoder> {
  const held = XzReadableStream as unknown as Package;
  await held._getModuleInstance();
  return held._moduleInstance!.exports as Decoder;
}

/**
 * xz of any number of streams and paddings between them. The decoder checks CRC-32 or CRC-64 of each block, index and
 * footer.
 * @throws `EMETHOD` for what it does not know: other filters than LZMA2, SHA-256.
 */
export async function* unxz(stored: Chunks, report: Report): Chunks {
  const decoder = await (loading ??= load()),
    input = new Input(stored);
  try {
    const answer = yield* unpacked(decoder, input);
    if (answer === Answer.options || answer === Answer.noMemory || answer === Answer.tooMuchMemory)
      throw unreadable('the filter or checksum of the xz stream is not known');
    if (answer !== Answer.end) report(answer === Answer.early ? 'truncated-file' : 'damaged-file');
  } finally {
    await input.close();
  }
}

/** The decoder goes on with what stands behind a stream, until it is given no more bytes. */
async function* unpacked(decoder: Decoder, input: Input): AsyncGenerator<Uint8Array, Answer> {
  const context = decoder.create_context();
  try {
    for (;;) {
      let words = new Uint32Array(decoder.memory.buffer, context, 6);
      if (words[Word.inputAt] === words[Word.inputSize]) {
        await input.fill(1);
        const part = input.bytes.subarray(0, words[Word.room]);
        new Uint8Array(decoder.memory.buffer).set(part, words[Word.input]);
        decoder.supply_input(context, part.length);
        input.skip(part.length);
      }
      const answer = decoder.get_next_output(context);
      words = new Uint32Array(decoder.memory.buffer, context, 6);
      const from = words[Word.output],
        length = words[Word.outputAt];
      if (length > 0) yield new Uint8Array(decoder.memory.buffer).slice(from, from + length);
      new Uint32Array(decoder.memory.buffer, context, 6)[Word.outputAt] = 0;
      if (answer !== Answer.ok) return answer;
    }
  } finally {
    decoder.destroy_context(context);
  }
}

/** By its magic number. */
export function isXz(head: Uint8Array): boolean {
  return [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0].every((byte, i) => head[i] === byte);
}
