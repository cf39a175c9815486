/** The lines behind an insight are as many as it counts. */
import assert from 'node:assert/strict';
import { analyse } from '../reading/analyse';
import { figureOfInsight } from '../../../src/core/insights/counted';
import { judgeCube } from '../../../src/core/insights/judge';
import { lookUp } from '../../../src/core/drilldown/figure';
import { summarise } from '../../../src/core/report/query';
import { fixtureCases, memorySource, optionsOf } from '../reading/read';

describe('the figure of an insight', () => {
  it('is what the insight counts, for every fixture and every rule @slow', async () => {
    const seen = new Set<string>();
    for (const { id, name, files, options } of fixtureCases().filter((one) => one.id !== 'unrecognised')) {
      const { cube } = await analyse(
        files.map((file) => memorySource(file.name, file.bytes, undefined, options.modified)),
        optionsOf(options),
      );
      const { insights } = judgeCube(cube, {}, summarise(cube), {
        noTls: 0,
        tls10: 0,
        tls11: 0,
        weakCiphers: 0,
        tlsNotLogged: 0,
        requiredTls: 0,
        clearAfterFailedHandshake: 0,
      });
      for (const insight of insights) {
        seen.add(insight.id);
        assert.equal(
          lookUp(cube, figureOfInsight(cube, {}, insight)).messages,
          insight.messages,
          `${id}/${name}: ${insight.id} of ${insight.connector}`,
        );
      }
    }
    assert.deepEqual([...seen].sort(), [
      'clear-after-failed-handshake',
      'no-tls-over-25',
      'required-tls-not-met',
      'tls-not-logged',
      'tls1.0-above-50',
      'tls1.1-share',
      'weak-ciphers',
    ]);
  });
});
