import { faultOfAbsence, minuteOf } from '../cube';
import { CubeBuilder, type IdMap } from '../cubebuilder';
import { TlsCode, type MailEvent } from '../model';
import type { Words } from '../text/words';
import { FigureTest, type Figure } from './figure';

/** Which lines are looked for, as a report knows it. */
export interface Wanted {
  figure: Figure;
  /** Evidence that the logs have proved, since only their whole tells what absent signs of TLS mean. */
  proved: readonly string[];
  /** Minutes per time bucket of the cube that the figure is from. */
  step: number;
}

/** Takes the events of a parser like the cube, but sums nothing: it tells the line of every event that the figure counts. So it is the parser that decides which lines these are. */
export class LineFinder extends CubeBuilder {
  private readonly test: FigureTest;
  private readonly known: ReadonlySet<string>;
  /** File, line and count of each event that a parser has put aside. */
  private held: readonly number[] = [];
  private readonly connectorTest = new WordTest(this.connectors, (name, id) => this.test.connector(id, name));
  private readonly cipherTest = new WordTest(this.ciphers, (name) => this.test.cipher(name));
  private readonly hostTest = new WordTest(this.remotes, (name) => this.test.host(name));
  private readonly evidenceTest = new WordTest(this.evidence, (name) => this.known.has(name));

  /** @param found gets the file, the line, and for how many messages (or sessions) it stands. A line that only adds recipients to a message that was counted is not behind the figure. */
  constructor(private readonly wanted: Wanted, private readonly found: (file: number, line: number, count: number) => void) {
    super();
    this.test = new FigureTest(wanted.figure, wanted.step);
    this.known = new Set(wanted.proved);
  }

  override aside(): LineFinder {
    const held: number[] = [], aside = new LineFinder(this.wanted, (file, line, count) => { held.push(file, line, count); });
    aside.held = held;
    return aside;
  }

  override absorb(other: CubeBuilder, shift: readonly number[]): IdMap {
    if (other instanceof LineFinder) for (let i = 0; i < other.held.length; i += 3) this.found(other.held[i], other.held[i + 1], other.held[i + 2]);
    return super.absorb(other, shift);
  }

  override add(e: MailEvent, file: number): void {
    if (e.count === 0) return;
    const { test } = this;
    let { tls, fault } = e;
    if (tls === TlsCode.absent) {
      tls = this.evidenceTest.passes(e.evidence) ? TlsCode.none : this.unproved(e.evidence);
      fault = faultOfAbsence(tls, fault, e.forced, e.outcome);
    }
    if (test.kind(e.unit, e.direction, e.outcome, tls, fault) && test.minute(minuteOf(e.time)) && this.connectorTest.passes(e.connector) && this.cipherTest.passes(e.cipher) && this.hostTest.passes(e.remote)) this.found(file, e.line, e.count);
  }
}

/** A test of words that is done once for each. */
class WordTest {
  private known = new Uint8Array(64);

  constructor(private readonly words: Words, private readonly test: (word: string, id: number) => boolean) {}

  passes(id: number): boolean {
    if (id >= this.known.length) { const grown = new Uint8Array(Math.max(id + 1, this.known.length * 2)); grown.set(this.known); this.known = grown; }
    if (this.known[id] === 0) this.known[id] = this.test(this.words.text(id), id) ? 2 : 1;
    return this.known[id] === 2;
  }
}
