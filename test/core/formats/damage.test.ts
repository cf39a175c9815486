/** No damage to a line changes a figure in silence. */
import assert from 'node:assert/strict';
import { blankEvent } from '../../../src/core/formats/shared/eventbuffer';
import { Verdict, type Format } from '../../../src/core/reading/format';
import type { Sink } from '../../../src/core/reading/sink';
import { TlsCode } from '../../../src/core/model';
import { damageTests, damages, isSilent, removals } from './damage';

/** Messages as `connector recipients`, behind a remark. */
function toy(unread: (sink: Sink, line: number) => Verdict): Format {
  return {
    id: 'toy',
    name: 'Toy',
    detect: () => true,
    parser: (sink) => ({
      line(bytes, start, end, line) {
        const text = Buffer.from(bytes.subarray(start, end)).toString('latin1');
        if (text === '# two messages') return Verdict.context;
        const found = /^([A-Z]+) (\d)$/.exec(text);
        if (!found) return unread(sink, line);
        const connector = sink.words.connectors.internText(found[1]);
        sink.add({ ...blankEvent(), tls: TlsCode.tls12, connector, count: 1, recipients: Number(found[2]), line });
        return Verdict.used;
      },
      merge() {},
      finish() {},
      advice: () => [],
    }),
  };
}

describe('damaged lines', () => {
  const logs = (format: Format) => ({
    id: 'toy',
    name: 'toy',
    files: [{ name: 'a.log', bytes: Buffer.from('# two messages\nABC 1\nDEF 2\n') }],
    options: {},
    formats: [format],
  });
  it('are found where a format passes over what it can not read', async () => {
    const silent = (await damages(logs(toy(() => Verdict.context)), {}, 300)).filter(isSilent);
    assert.ok(silent.length > 50);
    assert.deepEqual([...new Set(silent.map(({ line }) => line))].sort(), [1, 2, 3]);
  });
  it('are accepted where a format tells of them', async () => {
    const all = await damages(logs(toy((sink, line) => sink.skip('bad-line', line))), {}, 300);
    assert.deepEqual(all.filter(isSilent), []);
    assert.deepEqual([...new Set(all.map(({ result }) => result))].sort(), ['again', 'same', 'told', 'value']);
  });
  it('that are context may be missing', async () => {
    assert.deepEqual(
      (await removals(logs(toy(() => Verdict.context)), 10)).map(({ result }) => result),
      ['same'],
    );
  });
  damageTests('table', { except: ['mapped', 'tabs'] });
});
