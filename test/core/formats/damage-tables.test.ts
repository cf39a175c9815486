/** No damage to a line of Exchange's logs, or of a table, changes a figure in silence. */
import { damageTests, type Damage } from './damage';

/** The rows of a message are one by its id; in a table nothing tells that an id, a name or a header is another one. */
function isOtherValue({ way, result }: Damage): string | undefined {
  return ['bit flipped', 'byte inserted', 'byte deleted', 'delimiter changed', 'quote added'].includes(way) &&
    result !== 'unread'
    ? 'a value is another one, as it might be'
    : undefined;
}

describe('damaged Exchange logs and tables', () => {
  damageTests('exchange-smtp', { told: 'file', removalTold: true });
  damageTests('eac-report');
  damageTests('table', { excuse: isOtherValue });
});
