/** No damage to a line of Exchange's logs, or of a table, changes a figure in silence. */
import { damageTests } from './damage';

describe('damaged Exchange logs and tables', () => {
  damageTests('exchange-smtp', { told: 'file', knowsRepeats: false, removalTold: true });
  damageTests('exchange-tracking', { told: 'file' });
  damageTests('exo-extended', { told: 'file' });
  damageTests('exo-detail', { told: 'file' });
  damageTests('exo-enhanced', { told: 'file' });
  damageTests('exo-summary', { told: 'file' });
  damageTests('exo-connector-report');
  damageTests('eac-report');
  damageTests('table');
});
