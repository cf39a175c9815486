/**
 * Recognises logs by their first bytes. A bundle of its own: with all parsers it is as large as the rest of the
 * extension.
 */
import { open, stat } from 'node:fs/promises';
import { recogniseHead } from '../core/reading/logreader';
import { formats } from '../core/formats/index';
import { Utf16Decoder, utf16Order } from '../core/text/utf16';

const headSize = 64 * 1024;

/** The name of the format that claims a plain file; undefined for any other file, or one that can't be read. */
export async function recognise(path: string): Promise<string | undefined> {
  // A FIFO would hold up whoever opens it.
  const info = await stat(path).catch(() => undefined);
  const file = info?.isFile() ? await open(path, 'r').catch(() => undefined) : undefined;
  if (!file) return undefined;
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(headSize), 0, headSize, 0);
    const head = buffer.subarray(0, bytesRead),
      order = utf16Order(head);
    return recogniseHead(order ? new Utf16Decoder(order).push(head) : head, formats).format?.name;
  } catch {
    return undefined;
  } finally {
    await file.close();
  }
}

/** The names of all formats by their ids. */
export const names: ReadonlyMap<string, string> = new Map(formats.map(({ id, name }) => [id, name]));
