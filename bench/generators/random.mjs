/** Repeatable randomness and invented names: the same seed gives the same log on every machine. */
export class Random {
  constructor(seed) {
    this.state = seed >>> 0;
  }

  /** A whole number of 32 bits (mulberry32). */
  bits() {
    let t = (this.state = (this.state + 0x6d2b79f5) | 0);
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return (t ^ (t >>> 14)) >>> 0;
  }

  fraction() {
    return this.bits() / 2 ** 32;
  }
  below(n) {
    return Math.floor(this.fraction() * n);
  }
  pick(list) {
    return list[this.below(list.length)];
  }
  chance(probability) {
    return this.fraction() < probability;
  }
  hex(length) {
    let text = '';
    while (text.length < length) text += this.bits().toString(16).padStart(8, '0');
    return text.slice(0, length).toUpperCase();
  }
  /** A few small numbers often, large ones seldom. */
  skewed(n) {
    return Math.min(n - 1, Math.floor((n + 1) ** (this.fraction() ** 1.1) - 1));
  }

  /** An index, each as likely as its weight says. */
  weighted(weights) {
    let left = this.fraction() * weights.reduce((a, b) => a + b);
    for (let i = 0; ; i++) {
      left -= weights[i];
      if (left < 0 || i === weights.length - 1) return i;
    }
  }
}

const names = new Random(77);
const words = (
  'budget review report meeting invoice order shipment update project plan contract offer status release notes ' +
  'customer team travel expense payroll security alert newsletter delivery support ticket design analysis forecast'
).split(' ');
/** Three thousand domains below `.example` (RFC 2606). */
export const domains = Array.from({ length: 3000 }, (_, i) => `${names.pick(words)}-${names.pick(words)}${i}.example`);
const people =
  'anna ben carla david eva frank gina hans ines jonas karin lukas maria nils olga paul rita stefan tina uwe'.split(
    ' ',
  );

export const person = (random) => `${random.pick(people)}${random.below(3000)}`;
export const outsider = (random) => `${person(random)}@${domains[random.skewed(domains.length)]}`;
export const colleague = (random) => `${person(random)}@corp.example`;
/** An address of the benchmarking network (RFC 2544). */
export const address = (random) => `198.${18 + random.below(2)}.${random.below(256)}.${1 + random.below(254)}`;
