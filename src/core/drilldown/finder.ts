import { minuteOf } from '../cube/cube';
import type { FaultCode, MailEvent, TlsCode } from '../model';
import { FigureTest, type Figure } from './figure';
import { EventListener, WordTest } from './listener';

/** Which lines are looked for, as a report knows it. */
export interface Wanted {
  figure: Figure;
  /** `Cube.proved` of the report. */
  shownTls: readonly string[];
  /** Minutes per time bucket of the cube that the figure is from. */
  step: number;
}

/** Tells the line of every event that a figure counts. So it is the parser that decides which lines these are. */
export class LineFinder extends EventListener {
  private readonly test: FigureTest;
  private readonly connectorTest = new WordTest(this.connectors, (name, id) => this.test.connector(id, name));
  private readonly cipherTest = new WordTest(this.ciphers, (name) => this.test.cipher(name));
  private readonly hostTest = new WordTest(this.remotes, (name) => this.test.host(name));

  /** @param found gets the file, the line, and for how many messages (or sessions) it stands. A line that only adds recipients to a message that was counted is not behind the figure. */
  constructor(
    { figure, shownTls: proved, step }: Wanted,
    private readonly found: (file: number, line: number, count: number) => void,
  ) {
    super(proved);
    this.test = new FigureTest(figure, step);
  }

  protected override tell(e: MailEvent, file: number, tls: TlsCode, fault: FaultCode): void {
    const { test } = this;
    if (
      e.count > 0 &&
      test.kind(e.unit, e.direction, e.outcome, tls, fault) &&
      test.minute(minuteOf(e.time)) &&
      this.connectorTest.passes(e.connector) &&
      this.cipherTest.passes(e.cipher) &&
      this.hostTest.passes(e.remote)
    )
      this.found(file, e.line, e.count);
  }
}
