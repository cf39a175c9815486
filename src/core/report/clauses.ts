/** Fields that a filter of the details table can ask about; TLS versions by their names, as a share in percent. */
export const clauseFields = [
  'date',
  'direction',
  'name',
  'type',
  'forced',
  'none',
  'ssl3.0',
  'tls1.0',
  'tls1.1',
  'tls1.2',
  'tls1.3',
  'tls',
  'unknown',
  'volume',
] as const;
export type ClauseField = (typeof clauseFields)[number];
export type ClauseOperator = 'is' | 'starts-with' | 'over' | 'under';

/**
 * One condition on a row. `value`: a date as YYYY-MM-DD, a word of the model, a text, a number, or for forced TLS one of
 * `true`, `some` (hosts only), `false` and `unknown`.
 */
export interface Clause {
  field: ClauseField;
  operator: ClauseOperator;
  value: string;
}

/** Conditions that must all hold, under the name that the user gave them. */
export interface NamedFilter {
  name: string;
  clauses: Clause[];
}

export const mostFilters = 100,
  mostClauses = 20;
const longest = 256;

/** What can be asked about a field. */
export function operatorsOf(field: ClauseField): readonly ClauseOperator[] {
  switch (field) {
    case 'name':
      return ['starts-with', 'is'];
    case 'direction':
    case 'type':
    case 'forced':
      return ['is'];
    default:
      return ['is', 'over', 'under'];
  }
}

/** Clauses from a store or a message that anybody may have written; what is none is left out. */
export function readClauses(value: unknown): Clause[] {
  if (!Array.isArray(value)) return [];
  return value.slice(0, mostClauses).flatMap((one: unknown) => {
    if (typeof one !== 'object' || one === null) return [];
    const { field, operator, value: asked } = one as Partial<Record<keyof Clause, unknown>>;
    const known = clauseFields.find((name) => name === field),
      how = known && operatorsOf(known).find((name) => name === operator);
    return known && how && typeof asked === 'string' && asked.length <= longest
      ? [{ field: known, operator: how, value: asked }]
      : [];
  });
}

/**
 * Named filters from a store or a message that anybody may have written; what is none is left out. Of two with one name
 * the first is kept.
 */
export function readFilters(value: unknown): NamedFilter[] {
  if (!Array.isArray(value)) return [];
  const filters = value.slice(0, mostFilters).flatMap((one: unknown) => {
    if (typeof one !== 'object' || one === null) return [];
    const { name, clauses } = one as Partial<Record<keyof NamedFilter, unknown>>;
    return typeof name === 'string' && name.trim() !== '' && name.length <= longest
      ? [{ name, clauses: readClauses(clauses) }]
      : [];
  });
  return filters.filter(({ name }, i) => filters.findIndex((other) => other.name === name) === i);
}
