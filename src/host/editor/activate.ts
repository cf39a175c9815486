import type { Own } from '../own';
import type { Reading } from '../reading/activate';
import { FigureLenses } from './codelens';
import { LineHovers } from './hover';
import { LineFactsCache } from './linefacts';
import { Reveal } from './reveal';

/** Shows in the editor where figures come from: the line of a figure, what a line counts, and figures above a log. */
export function activateEditor(own: Own, { store, analyser }: Reading): Reveal {
  const reveal = own(new Reveal(store, analyser));
  own(new LineHovers(own(new LineFactsCache(store, analyser))));
  own(new FigureLenses(store, reveal));
  return reveal;
}
