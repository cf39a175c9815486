import type * as Recogniser from '../../bundles/recogniser';

let loaded: typeof Recogniser | undefined;

/** Loads what knows the formats, which takes some milliseconds and is not done before it is needed. */
export async function knowFormats(): Promise<typeof Recogniser> {
  return (loaded ??= await import('../../bundles/recogniser'));
}

/**
 * The name of the format that claims a plain file, by its first bytes; undefined for any other file, or one that can't
 * be read.
 */
export async function recognise(path: string): Promise<string | undefined> {
  return (await knowFormats()).recognise(path);
}

/** The names of all formats, for messages. */
export async function formatNames(): Promise<string[]> {
  return [...(await knowFormats()).names.values()].sort();
}

/** The name of a format for its id, once formats are known: before a log is read. */
export function formatName(id: string | null): string | undefined {
  return id === null ? undefined : loaded?.names.get(id);
}
