/** Pieces that one reader goes through in their order, by their numbers; `to` is exclusive and moves down when another reader takes over. */
export interface Share {
  readonly from: number;
  next: number;
  to: number;
}

/** By how much the first share is larger: its segment is not joined to another, while those of the others still have to travel. */
const firstMore = 0.25;
/** Fewer pieces than this are not worth another segment. */
const worthSharing = 4;

/**
 * Who reads which of a log's pieces. Each reader begins with about an equal share of neighbours, since every share costs a segment that has to be
 * joined; one that is done takes over the rear half of the longest share that is left.
 */
export class Plan {
  private readonly shares: Share[] = [];
  private readonly open: Share[] = [];

  constructor(pieces: number, readers: number) {
    const one = pieces / (readers + firstMore),
      at = (reader: number) => (reader === 0 ? 0 : Math.round(one * (reader + firstMore)));
    for (let reader = 0; reader < readers; reader++) this.add(at(reader), at(reader + 1));
  }

  /** The share of the reader that asks, from the front; undefined where there is nothing left that is worth it. */
  take(): Share | undefined {
    const own = this.open.shift();
    if (own) return own;
    const longest = this.shares.reduce<Share | undefined>(
      (most, share) => (share.to - share.next > (most ? most.to - most.next : 0) ? share : most),
      undefined,
    );
    if (!longest || longest.to - longest.next < worthSharing) return undefined;
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
  giveUp(share: Share): void {
    share.next = share.to;
  }

  private add(from: number, to: number): void {
    if (from >= to) return;
    const share = { from, next: from, to };
    this.shares.push(share);
    this.open.push(share);
  }
}
