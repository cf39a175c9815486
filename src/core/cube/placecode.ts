import type { PlaceCode } from '../model';

/**
 * A line of a file as one number, which typed arrays can hold and sorting compares: in the order of files, then of
 * lines. 0 is no line.
 */

/** More lines than any file has. */
const lineRoom = 2 ** 38;

export function placeCode(file: number, line: number): PlaceCode {
  return file * lineRoom + line;
}

export function fileOf(code: number): number {
  return Math.floor(code / lineRoom);
}

export function lineOf(code: number): number {
  return code % lineRoom;
}

/** The same line, counted from the start of its file. @param shift by file, how many lines stand before the first one. */
export function shifted(code: PlaceCode, shift: readonly number[]): PlaceCode {
  return code === 0 ? 0 : code + (shift[fileOf(code)] ?? 0);
}
