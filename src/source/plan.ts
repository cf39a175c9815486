/** Pieces that one reader reads in order, by number; `to` is exclusive and decreases when another reader takes over. */
export interface PieceRange {
  readonly from: number;
  next: number;
  to: number;
}

/** By how much the first range is larger: its segment need not travel or be merged into another. */
const firstMore = 0.25;
/** Fewer pieces than this are not worth another segment. */
const worthSplitting = 4;

/**
 * Assigns a log's pieces to readers. Each begins with about an equal range of neighbours, since every range costs a
 * segment to merge; a reader that is done takes over the rear half of the longest range left.
 */
export class Plan {
  private readonly ranges: PieceRange[] = [];
  private readonly open: PieceRange[] = [];

  constructor(pieces: number, readers: number) {
    const one = pieces / (readers + firstMore),
      at = (reader: number) => (reader === 0 ? 0 : Math.round(one * (reader + firstMore)));
    for (let reader = 0; reader < readers; reader++) this.add(at(reader), at(reader + 1));
  }

  /** The next range for a reader, from the front; undefined where nothing is left that is worth it. */
  take(): PieceRange | undefined {
    const own = this.open.shift();
    if (own) return own;
    const longest = this.ranges.reduce<PieceRange | undefined>(
      (most, range) => (range.to - range.next > (most ? most.to - most.next : 0) ? range : most),
      undefined,
    );
    if (!longest || longest.to - longest.next < worthSplitting) return undefined;
    const middle = longest.to - Math.ceil((longest.to - longest.next) / 2);
    const range = { from: middle, next: middle, to: longest.to };
    longest.to = middle;
    this.ranges.push(range);
    return range;
  }

  /** What was read of a range is lost: the next reader reads it again. */
  again(range: PieceRange): void {
    const { from, to } = range;
    range.to = range.next;
    this.add(from, to);
  }

  /** Gives up what is left of a range; it counts as done. */
  giveUp(range: PieceRange): void {
    range.next = range.to;
  }

  private add(from: number, to: number): void {
    if (from >= to) return;
    const range = { from, next: from, to };
    this.ranges.push(range);
    this.open.push(range);
  }
}
