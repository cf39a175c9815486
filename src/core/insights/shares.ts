import type { ConnectorSummary } from '../report/query';
import type { Place } from '../report/order';
import { tlsVersions, type TlsVersion } from '../model';
import type { Finding } from './rule';

/** Thresholds are taken to two decimals, so that comparisons are between whole numbers. */
function hundredths(threshold: number): number {
  return Math.round(threshold * 100);
}

/** Up to here a number times ten thousand is exact in a double, so that slower integers are not needed. */
const exact = Math.floor(Number.MAX_SAFE_INTEGER / 10_000);

/**
 * Whether `part / of` is strictly over `percent`, without rounding: exactly 25 % is not over 25 %, and nothing is over
 * anything when `of` is 0.
 */
export function isOver(part: number, of: number, percent: number): boolean {
  if (of <= 0) return false;
  if (percent <= 100 && part <= exact && of <= exact) return part * 10_000 > hundredths(percent) * of;
  return BigInt(part) * 10_000n > BigInt(hundredths(percent)) * BigInt(of);
}

/**
 * Whether one share is strictly more than `points` percentage points over another, without rounding. Shares of nothing
 * are over nothing.
 */
export function isOverBy(part: number, of: number, before: { messages: number; of: number }, points: number): boolean {
  if (of === 0 || before.of === 0) return false;
  const difference = BigInt(part) * BigInt(before.of) - BigInt(before.messages) * BigInt(of);
  return difference * 10_000n > BigInt(hundredths(points)) * BigInt(of) * BigInt(before.of);
}

/** The finding of a share over a threshold, or undefined. */
export function shareFinding(part: number, of: number, percent: number, place: Place | undefined): Finding | undefined {
  return place && isOver(part, of, percent) ? { messages: part, of, share: part / of, place } : undefined;
}

/** The finding of the share that some TLS versions have of a total. */
export function versionsFinding(
  { tls, places }: ConnectorSummary,
  versions: readonly TlsVersion[],
  of: number,
  percent: number,
): Finding | undefined {
  const codes = versions.map((version) => tlsVersions.indexOf(version));
  const part = codes.reduce((sum, code) => sum + tls[code], 0);
  return shareFinding(part, of, percent, firstOf(codes.map((code) => places[code])));
}

/** The earliest of some lines, in the order of files. */
export function firstOf(places: readonly (Place | undefined)[]): Place | undefined {
  return places.reduce(
    (first, place) =>
      !first || (place && (place.file < first.file || (place.file === first.file && place.line < first.line)))
        ? place
        : first,
    undefined,
  );
}
