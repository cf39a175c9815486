import type { IdMap } from '../cube/cubebuilder';
import { shifted } from '../cube/placecode';
import type { LineNumber, PlaceCode, WordId } from '../model';

/**
 * What a parser carries from one segment into the next, part by part. Merging, saving and loading all of it is written
 * here, so a format only declares its parts: tables of what is open (`IdTable`), what was noticed (`Noticed`), events
 * that may not count (`Candidates`).
 */
export type State = Readonly<Record<string, StatePart>>;

/** One part of a parser's state. */
export interface StatePart {
  /** Called before the unresolved lines of `right` are read again here. */
  beforeMerge?(right: this): void;
  /**
   * The log goes on with what `right` has read; its unresolved lines have been read again here. `right` stays
   * unchanged. Word ids are translated with `ids`, line numbers with `shift[file]`. A part that is a list of words
   * returns its own translation, which the parts behind it find in `ids` under its name.
   */
  merge(right: this, ids: Ids, shift: readonly number[]): Int32Array | void;
  /** The part as data that `pack` can take, to go to another thread or into the cache. */
  save(): unknown;
  /** Takes what `save` of the same part returned into a fresh one. */
  load(saved: unknown): void;
}

/** For each list of words the ids of the neighbour's words here. */
export type Ids = Readonly<Record<string, Int32Array>>;

/** @see StatePart.beforeMerge */
export function prepareState(state: State, right: State): void {
  for (const [name, part] of Object.entries(state)) part.beforeMerge?.(right[name]);
}

/** @see StatePart.merge */
export function mergeState(state: State, right: State, ids: IdMap, shift: readonly number[]): void {
  const all: Record<string, Int32Array> = { ...ids };
  for (const [name, part] of Object.entries(state)) {
    const own = part.merge(right[name], all, shift);
    if (own) all[name] = own;
  }
}

/** @see StatePart.save */
export function saveState(state: State): Record<string, unknown> {
  return Object.fromEntries(Object.entries(state).map(([name, part]) => [name, part.save()]));
}

/** @see StatePart.load */
export function loadState(state: State, saved: Readonly<Record<string, unknown>>): void {
  for (const [name, part] of Object.entries(state)) part.load(saved[name]);
}

/** The list of a cube, or the list of words in the parser's state, that a word id counts in. */
type WordList = keyof IdMap | (string & {});

/** Values without word ids and line numbers. */
type Plain =
  | string
  | number
  | boolean
  | null
  | undefined
  | ArrayBufferView
  | ReadonlyMap<unknown, unknown>
  | ReadonlySet<unknown>
  | ((...args: never[]) => unknown);

type FieldsOfObject<Entry> = {
  readonly [Key in keyof Entry as [Fields<Entry[Key], Entry>] extends [never] ? never : Key]-?: Fields<
    Entry[Key],
    Entry
  >;
};

/**
 * Where in an entry, which is plain data, numbers stand that mean something else in another segment: for each word id
 * its list, for each line number `'line'`, for each `PlaceCode` `'place'`, and the same inside of objects and lists. The
 * type asks for all of them, so none can be forgotten. A line number stands beside the `file` that it counts in.
 */
type Fields<Value, Entry = unknown> =
  NonNullable<Value> extends infer Known
    ? keyof WordId extends keyof Known
      ? WordList
      : keyof LineNumber extends keyof Known
        ? Entry extends { readonly file: number }
          ? 'line'
          : 'a line number needs its file'
        : keyof PlaceCode extends keyof Known
          ? 'place'
          : Known extends readonly (infer Item)[]
            ? Fields<Item>
            : Known extends Plain
              ? never
              : keyof FieldsOfObject<Known> extends never
                ? never
                : FieldsOfObject<Known>
    : never;

/** The fields of an entry; `{}` where it has none that mean something else elsewhere. */
export type EntryFields<Entry> = [Fields<Entry>] extends [never] ? Readonly<Record<string, never>> : Fields<Entry>;

/** `Fields` while they are followed. */
type Path = string | { readonly [key: string]: Path } | undefined;

/** A copy of an entry of another segment for this one. */
export function translated<Entry>(entry: Entry, fields: EntryFields<Entry>, ids: Ids, shift: readonly number[]): Entry {
  return follow(entry, fields as Path, ids, shift) as Entry;
}

function follow(value: unknown, path: Path, ids: Ids, shift: readonly number[]): unknown {
  if (Array.isArray(value)) return value.map((item) => follow(item, path, ids, shift));
  if (typeof path === 'string') return value === undefined ? undefined : ids[path][value as WordId];
  if (typeof value !== 'object' || value === null) return value;
  if (ArrayBuffer.isView(value)) return (value as Uint8Array).slice();
  if (value instanceof Set) return new Set(value);
  if (value instanceof Map) return new Map(value);
  const copy: Record<string, unknown> = { ...value };
  for (const key in copy) copy[key] = followKey(copy, key, path?.[key], ids, shift);
  return copy;
}

function followKey(
  entry: Readonly<Record<string, unknown>>,
  key: string,
  path: Path,
  ids: Ids,
  shift: readonly number[],
): unknown {
  const value = entry[key];
  if (path === 'line') return moved(value as LineNumber, entry.file as number, shift);
  if (path === 'place') return moved(value as PlaceCode, undefined, shift);
  return path !== undefined || typeof value === 'object' ? follow(value, path, ids, shift) : value;
}

/** A line of a file, or a place where no file is given, as this segment counts it. */
function moved(at: LineNumber | PlaceCode, file: number | undefined, shift: readonly number[]): number {
  return file === undefined ? shifted(at, shift) : at + (shift[file] ?? 0);
}
