/** The order of places and names, the same in every language. */
/** A line of a file in the data set: `file` is its position in `Analysis.files`. */
export interface Place {
  file: number;
  line: number;
}

/** The earlier of two places; the second one is given by file and line. */
export function earlier(place: Place | undefined, file: number, line: number): Place {
  return place && (place.file < file || (place.file === file && place.line <= line)) ? place : { file, line };
}

/** The order of two names by their code units, the same in every language. */
export function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
