/** The order of places and names, the same in every language. */
/** A line of a file in the data set: `file` is its position in `Analysis.files`. */
export interface Place {
  file: number;
  line: number;
  /** `MailEvent.tlsAt` of what the line states, where it is not 0. */
  tlsAt?: number;
}

/** The earlier of two places; the second one is given by file and line. */
export function earlier(place: Place | undefined, file: number, line: number, tlsAt = 0): Place {
  if (place && (place.file < file || (place.file === file && place.line <= line))) return place;
  return tlsAt === 0 ? { file, line } : { file, line, tlsAt };
}

/** The order of two names by their code units, the same in every language. */
export function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
