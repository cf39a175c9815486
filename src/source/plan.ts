/** Pieces that one reader goes through in their order, by their numbers; `to` is exclusive and moves down when another reader takes over. */
export interface Share { readonly from: number; next: number; to: number }

/**
 * Who reads which of a log's pieces. Each reader begins with an equal share of neighbours, since every share costs a segment that has to be
 * joined; one that is done takes over the rear half of the longest share that is left.
 */
export class Plan {
  private readonly shares: Share[] = [];
  private readonly open: Share[] = [];

  constructor(pieces: number, readers: number) {
    for (let i = 0; i < readers; i++) this.add(Math.floor(pieces / readers * i), Math.floor(pieces / readers * (i + 1)));
  }

  /** The share of the reader that asks, from the front; undefined where there is nothing left to do. */
  take(): Share | undefined {
    const own = this.open.shift();
    if (own) return own;
    const longest = this.shares.reduce<Share | undefined>((most, share) => (share.to - share.next > (most ? most.to - most.next : 0) ? share : most), undefined);
    if (!longest) return undefined;
    const middle = longest.to - Math.ceil((longest.to - longest.next) / 2);
    const share = { from: middle, next: middle, to: longest.to };
    longest.to = middle;
    this.shares.push(share);
    return share;
  }

  /** What was read of a share got lost: it is read once more, by whoever comes next. */
  again(share: Share): void {
    const { from, to } = share;
    share.to = share.next;
    this.add(from, to);
  }

  /** Nobody is to read the rest of a share; it counts as done. */
  giveUp(share: Share): void { share.next = share.to; }

  private add(from: number, to: number): void {
    if (from >= to) return;
    const share = { from, next: from, to };
    this.shares.push(share);
    this.open.push(share);
  }
}
