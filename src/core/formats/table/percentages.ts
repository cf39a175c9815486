/** Whether the numbers of a report's TLS columns are messages or shares of the volume. */
export const enum Measure {
  counts,
  percent,
  fractions,
}

/**
 * A number as people write it with one decimal comma or point, with or without a per cent sign; NaN for what is none, 0
 * for nothing.
 */
export function decimal(text: string): number {
  const plain = text.replace(/[%\s\u00a0\u202f]/g, '');
  if (plain === '' || plain === '-') return 0;
  return /^\d{1,15}(?:[.,]\d{1,15})?$/.test(plain) ? Number(plain.replace(',', '.')) : NaN;
}

/** A row's numbers in the TLS columns, and its volume. */
export interface MeasuredRow {
  parts: readonly number[];
  volume: number;
}

/**
 * What a report's TLS columns measure. A per cent sign settles it. Else their numbers sum up to the volume, or to about
 * 100 (or 1) whatever the volume. Undefined where the rows say neither, or both.
 * @param signed whether there is a per cent sign in a header or cell.
 */
export function measureOf(rows: readonly MeasuredRow[], signed: boolean): Measure | undefined {
  if (signed) return Measure.percent;
  const found = new Set(rows.map(measureOfRow));
  const clear = [Measure.counts, Measure.percent, Measure.fractions].filter((measure) => found.has(measure));
  if (clear.length > 0) return clear.length === 1 ? clear[0] : undefined;
  // Where the sum is the volume and 100 as well, both readings give the same; where it is less than the volume, only
  // messages can be meant.
  return found.has('unclear') ? Measure.counts : undefined;
}

/** What one row says of it; undefined where it says nothing. */
function measureOfRow({ parts, volume }: MeasuredRow): Measure | 'unclear' | undefined {
  const sum = parts.reduce((a, b) => a + b, 0);
  if (!(volume > 0) || !(sum > 0)) return undefined;
  const whole = parts.every(Number.isInteger);
  const isPercent = near(sum, 100, parts.length);
  const isFraction = near(sum, 1, parts.length / 100);
  if (whole && sum === volume) return isPercent || isFraction ? 'unclear' : Measure.counts;
  if (isPercent) return Measure.percent;
  if (!whole) return isFraction ? Measure.fractions : undefined;
  return sum < volume ? 'unclear' : undefined;
}

/**
 * Shares of a volume as whole numbers of messages with the largest remainders (Hamilton's method): they sum up to
 * `volume`. What the shares lack to the whole, beyond rounding, comes last: messages of which nothing is said.
 * Undefined where the shares are more than the whole.
 * @param whole what all shares sum up to: 100 or 1.
 * @param step the last decimal place that is written, by which a share may be off by half.
 */
export function sharesOf(volume: number, shares: readonly number[], whole: number, step: number): number[] | undefined {
  const sum = shares.reduce((a, b) => a + b, 0),
    tolerance = ((shares.length + 1) * step) / 2 + whole * 1e-9;
  if (sum > whole + tolerance) return undefined;
  const rest = whole - sum;
  const all = [...shares, rest > tolerance ? rest : 0];
  const total = all.reduce((a, b) => a + b, 0);
  if (total === 0) return undefined;
  const quotas = all.map((share) => (share / total) * volume),
    counts = quotas.map(Math.floor);
  const order = quotas
    .map((quota, i) => ({ i, remainder: quota - counts[i] }))
    .sort((a, b) => b.remainder - a.remainder || a.i - b.i);
  const missing = volume - counts.reduce((a, b) => a + b, 0);
  for (const { i } of order.slice(0, missing)) counts[i]++;
  return counts;
}

/** The last decimal place of a written number: 1 for `12`, 0.1 for `12.5`. */
export function stepOf(text: string): number {
  const decimals = /[.,](\d+)/.exec(text)?.[1].length ?? 0;
  return 10 ** -decimals;
}

function near(sum: number, whole: number, tolerance: number): boolean {
  return Math.abs(sum - whole) <= tolerance / 2 + whole * 1e-9;
}
