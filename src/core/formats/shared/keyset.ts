import { KeyTable } from '../../cube/keytable';
import type { StatePart } from '../../reading/state';
import type { Fingerprint } from '../../text/fingerprint';

/** Messages by their fingerprints. */
export class KeySet implements StatePart {
  private keys = new KeyTable();

  add({ a, b }: Fingerprint): void {
    this.keys.row(a, b, 0);
  }

  has(a: number, b: number): boolean {
    return this.keys.find(a, b, 0) >= 0;
  }

  merge(right: KeySet): void {
    const { a, b, length } = right.keys;
    for (let i = 0; i < length; i++) this.keys.row(a[i], b[i], 0);
  }

  save(): KeyTable {
    return this.keys;
  }

  load(saved: unknown): void {
    this.keys = saved as KeyTable;
  }
}
