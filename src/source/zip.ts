import { openPromise, type Entry, type ZipFile } from 'yauzl';
import { decode } from '../core/text/words';

/** Most entries of one archive that are looked at. Archives inside archives are not opened. */
const most = 10_000;

/** The files in a zip archive. Their names are only shown, never used as paths. @throws when it can't be read. */
export async function zipEntries(path: string): Promise<{ name: string; size: number; modified: number }[]> {
  const zip = await openPromise(path, { lazyEntries: true, autoClose: false, decodeStrings: false });
  try {
    const found: { name: string; size: number; modified: number }[] = [];
    for await (const { entry, name } of named(zip)) {
      if (!name.endsWith('/'))
        found.push({ name, size: entry.uncompressedSize, modified: entry.getLastModDate().getTime() });
      if (found.length === most) break;
    }
    return found;
  } finally {
    zip.close();
  }
}

/**
 * The unpacked bytes of an entry.
 * @throws with `code` ENOENT when the archive no longer has it, EIO when it is damaged.
 */
export async function* zipEntry(path: string, name: string): AsyncGenerator<Uint8Array> {
  const zip = await openPromise(path, { lazyEntries: true, autoClose: false, decodeStrings: false });
  try {
    let wanted: Entry | undefined;
    for await (const one of named(zip))
      if (one.name === name) {
        wanted = one.entry;
        break;
      }
    if (!wanted) throw Object.assign(new Error(`no ${name} in ${path}`), { code: 'ENOENT' });
    const stream = await zip.openReadStreamPromise(wanted);
    try {
      for await (const chunk of stream) yield chunk as Uint8Array;
    } finally {
      stream.destroy();
    }
  } catch (error) {
    throw Object.assign(error as Error, { code: (error as { code?: string }).code ?? 'EIO' });
  } finally {
    zip.close();
  }
}

/** The entries of an archive in order, each with a unique name: the second `mail.log` is `mail.log (2)`. */
async function* named(zip: ZipFile): AsyncGenerator<{ entry: Entry; name: string }> {
  const names = new Set<string>();
  for await (const entry of zip.eachEntry()) {
    const given = nameOf(entry);
    let name = given;
    for (let n = 2; names.has(name); n++) name = `${given} (${n})`;
    names.add(name);
    yield { entry, name };
  }
}

/** As text, the library would refuse names such as `../x`; we never open names as paths. */
function nameOf(entry: Entry): string {
  return decode(entry.fileName as unknown as Uint8Array);
}
