import { minuteOf } from '../cube/cube';
import type { ShownTls } from '../cube/evidence';
import type { FaultCode, MailEvent, TlsCode } from '../model';
import { FigureTest, type Figure } from './figure';
import { EventListener, WordTest } from './listener';

/** Which lines are looked for, as a report knows it. */
export interface Wanted {
  figure: Figure;
  /** `Cube.shownTls` of the report. */
  shownTls: ShownTls;
  /** Minutes per time bucket of the cube that the figure is from. */
  step: number;
}

/** Finds the line of every event that a figure counts. So it is the parser that decides which lines these are. */
export class LineFinder extends EventListener {
  private readonly test: FigureTest;
  private readonly connectorTest = new WordTest(this.connectors, (name, id) => this.test.connector(id, name));
  private readonly serverTest = new WordTest(this.servers, (name, id) => this.test.server(id, name));
  private readonly cipherTest = new WordTest(this.ciphers, (name) => this.test.cipher(name));
  private readonly hostTest = new WordTest(this.remotes, (name) => this.test.host(name));

  /**
   * @param found receives each event with its file and TLS. A line that only adds recipients to a counted message is not
   * behind the figure.
   */
  constructor(
    { figure, shownTls, step }: Wanted,
    private readonly found: (event: MailEvent, file: number, tls: TlsCode) => void,
  ) {
    super(shownTls);
    this.test = new FigureTest(figure, step);
  }

  protected override emit(e: MailEvent, file: number, tls: TlsCode, fault: FaultCode): void {
    const { test } = this;
    if (
      e.count > 0 &&
      test.kind(e.unit, e.direction, e.outcome, tls, fault) &&
      test.minute(minuteOf(e.time)) &&
      this.connectorTest.passes(e.connector) &&
      this.serverTest.passes(e.server) &&
      this.cipherTest.passes(e.cipher) &&
      this.hostTest.passes(e.remote)
    )
      this.found(e, file, tls);
  }
}
