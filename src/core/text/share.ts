/** Writes a share from 0 to 1 with at most so many decimals. */
export type Percent = (share: number, digits: number) => string;

/**
 * `part` of `of` as a percentage with at most one decimal that never claims too much: 100 % and 0 % only where they are
 * exact, so 99.96 % is ">99.9%" and 0.04 % is "<0.1%". A dash where there is nothing to share.
 */
export function shareText(part: number, of: number, percent: Percent): string {
  if (!(of > 0)) return '–';
  if (part === of) return percent(1, 0);
  if (part === 0) return percent(0, 0);
  const rounded = Math.round((part / of) * 1000);
  return rounded >= 1000
    ? `>${percent(0.999, 1)}`
    : rounded <= 0
      ? `<${percent(0.001, 1)}`
      : percent(rounded / 1000, 1);
}

/** A share that is over `threshold` percent, with as many decimals as show it: 25.004 % over 25 % is not "25%". */
export function shareOverText(part: number, of: number, threshold: number, percent: Percent): string {
  for (let digits = 1; digits <= 4; digits++) {
    const scale = 10 ** digits,
      rounded = Math.round((part / of) * 100 * scale) / scale;
    if (rounded > threshold)
      return part !== of && rounded >= 100 ? shareText(part, of, percent) : percent(rounded / 100, digits);
  }
  return `>${percent(threshold / 100, 2)}`;
}
