import { crc32, createInflateRaw, type InflateRaw } from 'node:zlib';
import { EarlyEnd, Input, type Chunks, type Report } from './packed';

/** Output of 1 MiB at a time is three times as fast as the default of 16 KiB. */
const outputSize = 1 << 20;
/** Stored bytes that are unpacked together: what stands in a part before a damage is lost with it. */
const partSize = 32 << 10;

class Damage extends Error {}

/** gzip of any number of members (RFC 1952), with CRC-32 and length of each compared. */
export async function* gunzip(stored: Chunks, report: Report): Chunks {
  const input = new Input(stored);
  try {
    do yield* member(input);
    while (!(await input.onlyPadding()));
  } catch (error) {
    tell(error, report);
  } finally {
    await input.close();
  }
}

/** Deflate without a container (RFC 1951), as zip archives hold it. */
export async function* inflateRaw(stored: Chunks, report: Report): Chunks {
  const input = new Input(stored);
  try {
    yield* inflated(input);
    // No byte belongs behind its end.
    await input.fill(1);
    if (input.bytes.length > 0) throw new Damage();
  } catch (error) {
    tell(error, report);
  } finally {
    await input.close();
  }
}

function tell(error: unknown, report: Report): void {
  const { code } = error as { code?: string };
  if (error instanceof EarlyEnd || code === 'Z_BUF_ERROR') report('truncated-file');
  else if (error instanceof Damage || code === 'Z_DATA_ERROR') report('damaged-file');
  else throw error;
}

async function* member(input: Input): Chunks {
  await header(input);
  let sum = 0,
    length = 0;
  for await (const chunk of inflated(input)) {
    sum = crc32(chunk, sum);
    length += chunk.length;
    yield chunk;
  }
  const trailer = await taken(input, 8);
  if (trailer.readUInt32LE(0) !== sum || trailer.readUInt32LE(4) !== length % 2 ** 32) throw new Damage();
}

/** Bits of a header: what it has beside its ten bytes. */
const enum Flag {
  checksum = 2,
  extra = 4,
  name = 8,
  comment = 16,
  reserved = 0xe0,
}

/** RFC 1952, section 2.3. */
async function header(input: Input): Promise<void> {
  await input.fill(10);
  if (input.bytes[0] !== 0x1f || (input.bytes.length > 1 && input.bytes[1] !== 0x8b)) throw new Damage();
  const fixed = await taken(input, 10),
    flags = fixed[3];
  if (fixed[2] !== 8 || flags & Flag.reserved) throw new Damage();
  let sum = crc32(fixed);
  const more = async (count: number) => {
    const bytes = await taken(input, count);
    sum = crc32(bytes, sum);
    return bytes;
  };
  if (flags & Flag.extra) await more((await more(2)).readUInt16LE(0));
  for (const text of [Flag.name, Flag.comment]) if (flags & text) while ((await more(1))[0] !== 0);
  const stated = flags & Flag.checksum ? (await taken(input, 2)).readUInt16LE(0) : undefined;
  if (stated !== undefined && stated !== (sum & 0xffff)) throw new Damage();
}

async function taken(input: Input, count: number): Promise<Buffer> {
  await input.fill(count);
  if (input.bytes.length < count) throw new EarlyEnd();
  const bytes = Buffer.from(input.bytes.subarray(0, count));
  input.skip(count);
  return bytes;
}

/** What deflated bytes unpack to; leaves what stands behind them. The next part is unpacked while one is read. */
async function* inflated(input: Input): Chunks {
  const stream = createInflateRaw({ chunkSize: outputSize });
  let out: Uint8Array[] = [],
    next: Promise<boolean> | undefined;
  stream.on('data', (chunk: Uint8Array) => out.push(chunk));
  // It is thrown where it was caused.
  stream.on('error', () => undefined);
  try {
    for (next = write(stream, input); ;) {
      const goesOn: boolean = await next,
        chunks = out;
      out = [];
      next = goesOn ? write(stream, input) : undefined;
      // It is awaited when these are read.
      next?.catch(() => undefined);
      yield* chunks;
      if (!next) return;
    }
  } finally {
    await next?.catch(() => undefined);
    stream.destroy();
  }
}

/** Unpacks the next part; false where the deflated bytes have ended in it. */
async function write(stream: InflateRaw, input: Input): Promise<boolean> {
  await input.fill(1);
  const part = input.bytes.subarray(0, partSize),
    before = stream.bytesWritten;
  await new Promise<void>((resolve, reject) => {
    stream.once('error', reject);
    const done = (error?: Error | null) => {
      stream.off('error', reject);
      if (error) reject(error);
      else resolve();
    };
    if (part.length > 0) stream.write(part, done);
    else stream.once('end', done).end();
  });
  const used = stream.bytesWritten - before;
  input.skip(used);
  return part.length > 0 && used === part.length;
}
