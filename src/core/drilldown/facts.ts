import { fileOf, lineOf } from '../cube/placecode';
import type { ShownTls } from '../cube/evidence';
import type { AnalyseOptions } from '../reading/logreader';
import type { FaultCode, MailEvent, TlsCode } from '../model';
import type { Source } from '../reading/source';
import { suiteOf } from '../text/keyexchange';
import { reread } from './reread';
import { EventListener } from './listener';

/**
 * Most facts that are kept. VS Code gives logs of up to 50 MB to extensions, which have fewer; of larger ones the lines
 * around one are asked for.
 */
const mostFacts = 300_000;
const smallWidth = 5,
  wordWidth = 3,
  countWidth = 3;

/** What the lines of one log state, in their order; as columns, which travel between threads without objects. */
export interface LineFacts {
  length: number;
  /** Numbers from 1, ascending; one line may state several facts. */
  lines: Float64Array;
  /** Unit, direction, outcome, TLS version and fault of each. */
  small: Uint8Array;
  /** Connector, cipher suite and remote host of each, as positions in the lists below; 0 is none. */
  words: Int32Array;
  /** Messages or sessions of each, recipients, and `tlsLine`. */
  counts: Float64Array;
  connectors: string[];
  ciphers: string[];
  hosts: string[];
}

/** One fact that a line states. */
export interface LineFact {
  unit: number;
  direction: number;
  outcome: number;
  tls: TlsCode;
  fault: FaultCode;
  connector: string | null;
  cipher: string;
  host: string;
  count: number;
  recipients: number;
  /** The line that `MailEvent.tlsAt` names, where it is one of the same log; else 0. */
  tlsLine: number;
}

/** The facts of one line. */
export function factsAt(facts: LineFacts, line: number): LineFact[] {
  const found: LineFact[] = [],
    { small, words, counts } = facts;
  for (let i = firstAt(facts, line); i < facts.length && facts.lines[i] === line; i++) {
    const [unit, direction, outcome, tls, fault] = small.subarray(i * smallWidth),
      [connector, cipher, host] = words.subarray(i * wordWidth);
    found.push({
      unit,
      direction,
      outcome,
      tls,
      fault,
      connector: connector === 0 ? null : facts.connectors[connector],
      cipher: suiteOf(facts.ciphers[cipher]),
      host: facts.hosts[host],
      count: counts[i * countWidth],
      recipients: counts[i * countWidth + 1],
      tlsLine: counts[i * countWidth + 2],
    });
  }
  return found;
}

/** The position of the first fact of a line or of those behind it. */
export function firstAt({ lines, length }: LineFacts, line: number): number {
  let low = 0,
    high = length;
  while (low < high) {
    const mid = (low + high) >> 1;
    if (lines[mid] < line) low = mid + 1;
    else high = mid;
  }
  return low;
}

/**
 * What lines of one log state. The others are read too, since sessions go from one into the next and formats of one
 * data set report the same messages.
 * @param of the position of the log, and the lines, all of them unless said.
 * @param extents by position, how many lines the report is made of.
 */
export async function readFacts(
  sources: readonly Source[],
  options: AnalyseOptions,
  shownTls: ShownTls,
  of: { file: number; first?: number; last?: number },
  extents: readonly (number | undefined)[],
): Promise<LineFacts> {
  const { file, first = 1, last = Infinity } = of;
  const listener = new FactListener(shownTls, file, first, Math.min(last, extents[file] ?? Infinity));
  await reread(sources, options, extents, listener);
  return listener.facts();
}

/** Collects what the lines of one log state. */
class FactListener extends EventListener {
  private readonly found: number[] = [];

  constructor(
    shownTls: ShownTls,
    private readonly file: number,
    private readonly first: number,
    private readonly last: number,
  ) {
    super(shownTls);
  }

  protected override emit(e: MailEvent, file: number, tls: TlsCode, fault: FaultCode): void {
    if (file !== this.file || e.line < this.first || e.line > this.last || this.found.length >= mostFacts * width)
      return;
    this.found.push(
      e.line,
      e.unit,
      e.direction,
      e.outcome,
      tls,
      fault,
      e.connector,
      e.cipher,
      e.remote,
      e.count,
      e.recipients,
      e.tlsAt > 0 && fileOf(e.tlsAt) === file ? lineOf(e.tlsAt) : 0,
    );
  }

  facts(): LineFacts {
    const { found } = this,
      length = found.length / width;
    // Parsers emit some events later than others.
    const order = Uint32Array.from({ length }, (_, i) => i).sort((a, b) => found[a * width] - found[b * width]);
    const lines = new Float64Array(length),
      small = new Uint8Array(length * smallWidth),
      words = new Int32Array(length * wordWidth),
      counts = new Float64Array(length * countWidth);
    for (const [i, from] of order.entries()) {
      const at = from * width + 1;
      lines[i] = found[at - 1];
      small.set(found.slice(at, at + smallWidth), i * smallWidth);
      words.set(found.slice(at + smallWidth, at + smallWidth + wordWidth), i * wordWidth);
      counts.set(found.slice(at + smallWidth + wordWidth, at + width - 1), i * countWidth);
    }
    return {
      length,
      lines,
      small,
      words,
      counts,
      connectors: this.connectors.list(),
      ciphers: this.ciphers.list(),
      hosts: this.remotes.list(),
    };
  }
}

/** Numbers of a fact while it is collected. */
const width = 1 + smallWidth + wordWidth + countWidth;
