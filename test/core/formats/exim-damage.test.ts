/** No damage to a line of an Exim log changes a figure in silence. */
import { damageTests } from './damage';

describe('damaged lines of Exim', () => {
  damageTests('exim', { told: 'file' });
});
