/** No damage to a row of message tracking or of Exchange Online changes a figure in silence. */
import { Verdict } from '../../../src/core/reading/format';
import { fixtureCases } from '../reading/read';
import { damageTests, isOnlyIn, type Damage } from './damage';
import { kernelTests } from './kerneltests';

const guid = /\b([0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{12})\b/g;

/** The reason why a damage is one that no row can show. */
function excuse(damage: Damage): string | undefined {
  if (damage.verdict === Verdict.skipped) return 'a row that could not be read may become one that can';
  if (isOnlyIn(damage, guid)) return 'another id is another message';
  if (isOnlyIn(damage, /(?<=[,"])(\d{1,3}(?:\.\d{1,3}){3})(?=[,"])/g)) return 'another address is another host';
  if (isOnlyIn(damage, /,([^,@]+)@contoso\.example,sales@/g)) return 'another sender';
  return isCopy(damage) ? 'a copy of a row that says something else is another row' : undefined;
}

/** Whether the line stands in its fixture again, and nothing came of its damage but that both copies count. */
function isCopy({ fixture, file, before, changed }: Damage): boolean {
  const { files } = fixtureCases().find(({ id, name }) => `${id}/${name}` === fixture)!;
  const copies = files[file].bytes
    .toString('latin1')
    .split(/\r?\n/)
    .filter((line) => line === before);
  return copies.length > 1 && changed.every((figure) => grows(figure));
}

/** Whether a figure is larger than it was. */
function grows(figure: string): boolean {
  const [, before, after] = /: (\d+) -> (\d+)$/.exec(figure)!.map(Number);
  return after > before;
}

describe('damaged rows of message tracking and Exchange Online', () => {
  const withRecords = ['exported', 'json-array'];
  damageTests('exchange-tracking', { except: withRecords, excuse });
  // A record of several lines is told at its first one.
  damageTests('exchange-tracking', { only: withRecords, told: 'file', excuse });
  damageTests('exo-summary', { except: withRecords, excuse });
  damageTests('exo-summary', { only: withRecords, told: 'file', removalTold: true, excuse });
  damageTests('exo-extended', { told: 'file', excuse });
  damageTests('exo-enhanced', { excuse });
  damageTests('exo-detail', { excuse });
  damageTests('exo-connector-report', {
    excuse: (damage) => (damage.before.split('"').length % 2 === 0 ? 'a quote that was not closed' : excuse(damage)),
  });
  for (const id of ['exchange-tracking', 'exo-summary', 'exo-extended', 'exo-enhanced', 'exo-detail']) kernelTests(id);
});
