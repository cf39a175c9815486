/** No damage to a line of TLS reports, of events of Amazon or of Proofpoint changes a figure in silence. */
import { damageTests, isOnlyIn } from './damage';

describe('damaged lines of TLS reports', () =>
  damageTests('tlsrpt', {
    // A report has many lines.
    told: 'file',
    removalTold: true,
    excuse(damage) {
      if (isOnlyIn(damage, /session-count": ?"?(\d+)/g)) return 'another number, which nothing in a report checks';
      return isOnlyIn(damage, /"(?:organization-name|report-id)": ?"([^"]*)"/g) ? 'another report' : undefined;
    },
  }));
describe('damaged lines of Amazon SES', () => damageTests('ses'));
describe('damaged lines of Proofpoint', () => damageTests('proofpoint'));
