import type { QueueId } from './queueid';

/** Places for queue ids; a power of two. */
const places = 1024;

/** Removals by queue id, each of which holds for the deliveries numbered from `from` to `to`. */
class Removals {
  readonly ids = new Int32Array(places);
  readonly from = new Float64Array(places);
  readonly to = new Float64Array(places);

  set(id: number, from: number, to: number): void {
    const place = id & (places - 1);
    this.ids[place] = id;
    this.from[place] = from;
    this.to[place] = to;
  }

  has(id: number): boolean {
    return this.ids[id & (places - 1)] === id;
  }

  holds(id: number, delivery: number): boolean {
    const place = id & (places - 1);
    return this.ids[place] === id && this.from[place] <= delivery && delivery < this.to[place];
  }

  forget(id: number): void {
    this.ids[id & (places - 1)] = 0;
  }

  /** Takes over what `right` knows. `all`: its removals hold for our deliveries too. */
  join(right: Removals, offset: number, all: boolean): void {
    for (let place = 0; place < places; place++) {
      if (right.ids[place] !== 0)
        this.set(right.ids[place], all ? 0 : right.from[place] + offset, right.to[place] + offset);
    }
  }

  load(saved: Pick<Removals, 'ids' | 'from' | 'to'>): void {
    this.ids.set(saved.ids);
    this.from.set(saved.from);
    this.to.set(saved.to);
  }
}

/**
 * Which queue ids were removed lately, of all hosts: from then on an id may be another message's. It also numbers
 * deliveries and removals
 * in their order.
 */
export class RemovedIds {
  /** The number of the last delivery or removal. */
  sequence = 0;
  private readonly removals = new Removals();
  /**
   * Those of which a deferred line tells the segment before, which then keeps them in their order with its own
   * deliveries.
   */
  private readonly told = new Removals();

  /** A number for a queue id of a host. @param salt a number for the host. */
  static number(id: QueueId, salt: number): number {
    return Math.imul(id.second, 0x9e3779b1) ^ id.numbers[0] ^ salt || 1;
  }

  /** The id is free. @param told whether a deferred line says so to the segment before. */
  remove(id: number, told: boolean): void {
    (told ? this.told : this.removals).set(id, 1, ++this.sequence);
  }

  /** Whether the segment before is still to be told that the id was removed; then it counts as told. */
  tell(id: number): boolean {
    if (!this.removals.has(id)) return false;
    this.told.set(id, 1, this.removals.to[id & (places - 1)]);
    this.removals.forget(id);
    return true;
  }

  /** Whether the id was removed after the delivery with this number. */
  since(id: number, delivery: number): boolean {
    return this.removals.holds(id, delivery) || this.told.holds(id, delivery);
  }

  join(right: RemovedIds): void {
    this.removals.join(right.removals, this.sequence, true);
    this.told.join(right.told, this.sequence, false);
    this.sequence += right.sequence;
  }

  save() {
    const data = ({ ids, from, to }: Removals) => ({ ids, from, to });
    return { sequence: this.sequence, removals: data(this.removals), told: data(this.told) };
  }

  load(saved: ReturnType<RemovedIds['save']>): void {
    this.sequence = saved.sequence;
    this.removals.load(saved.removals);
    this.told.load(saved.told);
  }
}
