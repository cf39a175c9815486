import type { Rule } from './insight';
import { noTlsOver } from './notls';
import { tls10Above } from './tls10';

/** Every rule, in the order in which findings are shown. */
export const rules: readonly Rule[] = [noTlsOver, tls10Above];
