import type { Format } from './format';

/** Every format, one line each. The order has no meaning: exactly one claims a file. */
export const formats: readonly Format[] = [
];
