/** No damage to a line of an Exim log changes a figure in silence. */
import { damageTests, type Damage } from './damage';

/** Ends of lines at which older versions end theirs, and values of which no line tells that they are cut. */
function excuse({ way, after }: Damage): string | undefined {
  if (way !== 'cut') return undefined;
  if (/ T=\w+$/.test(after)) return 'a transport with fewer letters is another transport';
  if (/ H=\S+(?: \(\S+\))? \[[\da-f.:]+\](?::\d+)?$/.test(after))
    return 'Exim without smtp_confirmation ends a delivery in clear here';
  return undefined;
}

describe('damaged lines of Exim', () => {
  damageTests('exim', { told: 'file', excuse });
});
