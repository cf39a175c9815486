import { isNearText } from '../../text/bytes';
import type { JsonObject } from '../../text/json';

const encoder = new TextEncoder();

/** A column name as `date-time`, `date_time_utc` and `DateTime` have it in common. */
export function bareName(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, '');
}

/** The bare names that each column of a format may have. */
export type ColumnNames<Key extends string = string> = Readonly<Record<Key, readonly string[]>>;

/** Where a table has the columns of a format: the first of the names that is there, −1 where none is. */
export function columnsOf<Key extends string>(names: readonly string[], wanted: ColumnNames<Key>): Record<Key, number> {
  const bare = names.map(bareName);
  const columns: Partial<Record<Key, number>> = {};
  for (const key of keysOf(wanted))
    columns[key] = wanted[key].map((name) => bare.indexOf(name)).find((column) => column >= 0) ?? -1;
  return columns as Record<Key, number>;
}

/** Whether a table lacks a column of a format, and has one whose name is one letter away from it: damage. */
export function hasMisspelt(names: readonly string[], wanted: ColumnNames): boolean {
  const columns = columnsOf(names, wanted),
    bare = names.map((name) => encoder.encode(bareName(name)));
  return keysOf(wanted).some(
    (key) =>
      columns[key] < 0 && wanted[key].some((name) => bare.some((bytes) => isNearText(bytes, 0, bytes.length, name))),
  );
}

/**
 * The values of an object among the rows of a table, by the bare names of its keys. Undefined where it lacks a key that
 * the table has, or has one that the table lacks: then one of them is damaged, or lines of the object are missing.
 */
export function valuesOf(
  object: JsonObject,
  names: readonly string[],
  wanted: ColumnNames,
): ReadonlyMap<string, unknown> | undefined {
  const values = new Map(Object.entries(object).map(([key, value]) => [bareName(key), value]));
  const columns = columnsOf(names, wanted);
  const differs = keysOf(wanted).some((key) =>
    columns[key] < 0 ? wanted[key].some((name) => values.has(name)) : !values.has(bareName(names[columns[key]])),
  );
  return differs ? undefined : values;
}

function keysOf<Key extends string>(wanted: ColumnNames<Key>): Key[] {
  return Object.keys(wanted) as Key[];
}

/** Whether there are columns of all these bare names. */
export function hasColumns(names: readonly string[], ...needed: string[]): boolean {
  const bare = names.map(bareName);
  return needed.every((name) => bare.includes(name));
}
