import { faultOfAbsence } from '../cube/cube';
import { CubeBuilder, type IdMap } from '../cube/cubebuilder';
import { Evidence, type ShownTls } from '../cube/evidence';
import { blankEvent, EventBuffer } from '../formats/shared/eventbuffer';
import { TlsCode, type FaultCode, type MailEvent } from '../model';

/** Receives events like the cube, but forwards them one by one. */
export abstract class EventListener extends CubeBuilder {
  /** @param shownTls `Cube.shownTls` of the report: only whole logs show what absent signs of TLS mean. */
  constructor(shownTls: ShownTls) {
    super(Evidence.of(shownTls));
  }

  /** @param tls of the event, never absent. */
  protected abstract emit(e: MailEvent, file: number, tls: TlsCode, fault: FaultCode): void;

  override add(e: MailEvent, file: number): void {
    if (e.tls !== TlsCode.absent) {
      this.emit(e, file, e.tls, e.fault);
      return;
    }
    const tls = this.evidence.meaning(e.evidence);
    this.emit(e, file, tls, faultOfAbsence(tls, e.fault, e.forced, e.outcome));
  }

  override scratch(): CubeBuilder {
    return new ScratchEvents();
  }

  override merge(other: CubeBuilder, shift: readonly number[]): IdMap {
    const ids = super.merge(other, shift);
    if (other instanceof ScratchEvents) {
      const { events } = other;
      const event = blankEvent();
      for (let i = 0; i < events.length; i++) this.add(events.getFor(i, event, ids, shift), events.file(i));
    }
    return ids;
  }
}

/** Events of which a parser knows only later whether they count. */
class ScratchEvents extends CubeBuilder {
  readonly events = new EventBuffer(0);

  override add(e: MailEvent, file: number): void {
    this.events.push(e, file, 0);
  }
}

/** A test of words that is done once for each. */
export class WordTest {
  private known = new Uint8Array(64);

  constructor(
    private readonly words: { text(id: number): string },
    private readonly test: (word: string, id: number) => boolean,
  ) {}

  passes(id: number): boolean {
    if (id >= this.known.length) {
      const grown = new Uint8Array(Math.max(id + 1, this.known.length * 2));
      grown.set(this.known);
      this.known = grown;
    }
    if (this.known[id] === 0) this.known[id] = this.test(this.words.text(id), id) ? 2 : 1;
    return this.known[id] === 2;
  }
}
