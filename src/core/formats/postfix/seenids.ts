/** Ids that are remembered. A log of a hundred messages a second takes ten minutes to bring so many. */
const mostIds = 65_536;

/**
 * The queue ids of which a segment from the middle of a log has had a line: what is not among them may be open from
 * before.
 * When it is full all ids count as seen: nothing that was on its way in where the segment began still is.
 */
export class SeenIds {
  count = 0;
  /** Two numbers for each place, which together tell an id from any other; both are 0 where it is free. */
  private places = new Int32Array(2 * 16);

  get full(): boolean {
    return this.count >= mostIds;
  }

  has(a: number, b: number): boolean {
    if (this.full) return true;
    if (this.count === 0) return false;
    const at = this.find(a, b);
    return this.places[at] !== 0 || this.places[at + 1] !== 0;
  }

  add(a: number, b: number): void {
    if (this.full) return;
    const at = this.find(a, b),
      { places } = this;
    if (places[at] !== 0 || places[at + 1] !== 0) return;
    places[at] = a;
    places[at + 1] = b;
    if (++this.count * 4 > places.length) this.grow();
    if (this.full) this.places = new Int32Array(2);
  }

  /** Takes over the ids of `right`. */
  join(right: SeenIds): void {
    if (right.full) {
      this.count = mostIds;
      this.places = new Int32Array(2);
    }
    const { places } = right;
    for (let at = 0; at < places.length; at += 2)
      if (places[at] !== 0 || places[at + 1] !== 0) this.add(places[at], places[at + 1]);
  }

  save() {
    return { count: this.count, places: this.places };
  }

  load(saved: ReturnType<SeenIds['save']>): void {
    this.count = saved.count;
    this.places = saved.places;
  }

  private find(a: number, b: number): number {
    const { places } = this,
      mask = places.length - 1;
    let at = (a << 1) & mask;
    while ((places[at] !== a || places[at + 1] !== b) && (places[at] !== 0 || places[at + 1] !== 0))
      at = (at + 2) & mask;
    return at;
  }

  private grow(): void {
    const old = this.places;
    this.places = new Int32Array(old.length * 2);
    for (let at = 0; at < old.length; at += 2) {
      if (old[at] === 0 && old[at + 1] === 0) continue;
      const to = this.find(old[at], old[at + 1]);
      this.places[to] = old[at];
      this.places[to + 1] = old[at + 1];
    }
  }
}
