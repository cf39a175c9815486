import type { Own } from '../own';
import type { Reading } from '../reading/activate';
import { MessageTrace } from './followmessage';
import { FigureLines } from './showlines';

/** Goes from a figure to the lines that it counts, and from a line to all lines of its message. */
export function activateFigures(own: Own, { store, analyser }: Reading): void {
  own(new MessageTrace(store, analyser));
  own(new FigureLines(store, analyser));
}
