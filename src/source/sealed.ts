import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** AES-256-GCM: what was changed anywhere, or is opened with another key, is refused. */
const method = 'aes-256-gcm';
const lengths = { header: 4, nonce: 12, tag: 16 };
/** What the folder may hold; the files that were not used for longest go first. */
const folderLimit = 512 << 20;

/** A file with a part that anybody can read, `header`, and a body that is encrypted. */
export interface Sealed {
  header: string;
  /** @throws when the key is not the one that it was sealed with, or a byte of the file is another. */
  open(key: Uint8Array): Buffer;
}

/** A key for `writeSealed` that nobody can make who has not got all of these texts. */
export function keyOf(secrets: readonly string[]): Uint8Array {
  return createHash('sha256').update(JSON.stringify(secrets)).digest();
}

/** Writes a sealed file, whole or not at all, and removes what the folder then has too much. */
export async function writeSealed(path: string, header: string, body: Uint8Array, key: Uint8Array): Promise<void> {
  const clear = Buffer.from(header),
    length = Buffer.alloc(lengths.header),
    nonce = randomBytes(lengths.nonce);
  length.writeUInt32LE(clear.length);
  const cipher = createCipheriv(method, key, nonce).setAAD(Buffer.concat([length, clear]));
  const hidden = [cipher.update(body), cipher.final()],
    temporary = `${path}.${randomBytes(6).toString('hex')}.tmp`;
  await mkdir(dirname(path), { recursive: true });
  try {
    await writeFile(temporary, Buffer.concat([length, clear, nonce, cipher.getAuthTag(), ...hidden]), { mode: 0o600 });
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  await shrink(dirname(path));
}

/** A sealed file as it stands on disk. @throws when it can't be read, or ends too early. */
export async function readSealed(path: string): Promise<Sealed> {
  const bytes = await readFile(path);
  const header = lengths.header + bytes.readUInt32LE(0),
    body = header + lengths.nonce + lengths.tag;
  if (body > bytes.length) throw new RangeError('cut');
  return {
    header: bytes.toString('utf8', lengths.header, header),
    open(key) {
      const decipher = createDecipheriv(method, key, bytes.subarray(header, header + lengths.nonce), {
        authTagLength: lengths.tag,
      })
        .setAAD(bytes.subarray(0, header))
        .setAuthTag(bytes.subarray(header + lengths.nonce, body));
      return Buffer.concat([decipher.update(bytes.subarray(body)), decipher.final()]);
    },
  };
}

/** Removes what a process has left behind that ended while it wrote. Who writes just now keeps nothing this time. */
export async function removeUnfinished(folder: string): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  await Promise.all(
    names.filter((name) => name.endsWith('.tmp')).map((name) => rm(join(folder, name), { force: true })),
  );
}

async function shrink(folder: string): Promise<void> {
  const entries = await Promise.all(
    (await readdir(folder))
      .filter((name) => name.endsWith('.segment'))
      .map(async (name) => ({ path: join(folder, name), info: await stat(join(folder, name)) })),
  );
  let total = 0;
  for (const { path, info } of entries.sort((a, b) => b.info.mtimeMs - a.info.mtimeMs)) {
    total += info.size;
    if (total > folderLimit) await rm(path, { force: true });
  }
}
