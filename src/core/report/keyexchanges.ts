import type { TlsCode } from '../model';
import { type ConnectorSummary } from './query';
import { compare, earlier, type Place } from './order';
import { keyExchangeOf, suiteOf, type KeyExchange } from '../text/keyexchange';

/** Messages of one key exchange, and the first of their lines. */
export interface KeyExchangeSum extends KeyExchange {
  messages: number;
  place: Place;
}

/** What the words of a cube's cipher suites say, each looked at once. */
export class CipherNames {
  readonly suites: string[];
  private readonly exchanges = new Map<number, KeyExchange | undefined>();

  constructor(private readonly words: readonly string[]) {
    this.suites = words.map(suiteOf);
  }

  exchange(cipher: number, tls: TlsCode): KeyExchange | undefined {
    const key = (cipher << 4) | tls;
    if (!this.exchanges.has(key)) this.exchanges.set(key, keyExchangeOf(this.words[cipher], tls));
    return this.exchanges.get(key);
  }
}

/** Adds a key exchange to others. They are few, so they are looked through. */
export function addKeyExchange(sums: KeyExchangeSum[], one: KeyExchangeSum): void {
  const before = sums.find(({ name, postQuantum }) => name === one.name && postQuantum === one.postQuantum);
  if (!before) {
    sums.push({ ...one });
    return;
  }
  before.messages += one.messages;
  before.place = earlier(before.place, one.place.file, one.place.line);
}

/** The key exchanges of some connectors together, largest first. */
export function keyExchangesOf(connectors: readonly ConnectorSummary[]): KeyExchangeSum[] {
  const sums: KeyExchangeSum[] = [];
  for (const { keyExchanges } of connectors) for (const one of keyExchanges) addKeyExchange(sums, one);
  return sums
    .filter(({ messages }) => messages > 0)
    .sort(
      (a, b) =>
        b.messages - a.messages || compare(a.name, b.name) || compare(String(a.postQuantum), String(b.postQuantum)),
    );
}
