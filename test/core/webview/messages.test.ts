/** What the page takes from outside. */
import assert from 'node:assert/strict';
import { TlsCode } from '../../../src/core/model';
import type { ReportSnapshot, ReportView } from '../../../src/protocol';
import { readMessage } from '../../../webview/messages';
import { cubeOf, snapshotOf } from './make';

/** What a snapshot says about how an analysis is shown. */
const viewOf = (snapshot: ReportSnapshot): ReportView => {
  const view: Partial<ReportSnapshot> = { ...snapshot };
  delete view.analysis;
  delete view.fileNames;
  return view as ReportView;
};

describe('messages to the page', () => {
  const snapshot = snapshotOf(cubeOf([{ tls: TlsCode.none }]), { from: 0, to: 1 });
  it('takes a snapshot as the host posts it', () => {
    const posted = structuredClone(snapshot);
    assert.deepEqual(readMessage({ type: 'snapshot', snapshot: posted }), { type: 'snapshot', snapshot: posted });
  });
  it('takes another view of the same log, without the log', () => {
    const view = viewOf(structuredClone(snapshot));
    assert.deepEqual(readMessage({ type: 'view', view }), { type: 'view', view });
    for (const change of [{ period: '8d' }, { from: NaN }, { timeZone: 'No/Where' }, { sentences: { a: 1 } }])
      assert.equal(readMessage({ type: 'view', view: { ...view, ...change } }), 'broken');
    assert.equal(readMessage({ type: 'view' }), 'broken');
  });
  it('takes a connector to show', () => {
    assert.deepEqual(readMessage({ type: 'show', connector: null, direction: 'outbound', more: 1 }), {
      type: 'show',
      connector: null,
      direction: 'outbound',
    });
  });
  it('drops what it does not know', () => {
    for (const data of [
      undefined,
      null,
      1,
      'snapshot',
      [],
      {},
      { type: 'ready' },
      { type: 'show' },
      { type: 'show', connector: 3, direction: 'inbound' },
      { type: 'show', connector: 'a', direction: 'internal' },
      { type: '__proto__' },
    ])
      assert.equal(readMessage(data), undefined);
  });
  it('calls a snapshot that does not hold together broken', () => {
    const { analysis } = snapshot;
    const changes: Partial<Record<keyof ReportSnapshot, unknown>>[] = [
      { timeZone: 'No/Where' },
      { period: '8d' },
      { from: NaN },
      { language: 3 },
      { sentences: { a: 1 } },
      { fileNames: [] },
      { reading: undefined },
      { limits: null },
      { analysis: { ...analysis, cube: { ...analysis.cube, cells: { ...analysis.cube.cells, length: 7 } } } },
      { analysis: { ...analysis, cube: { ...analysis.cube, series: { ...analysis.cube.series, tls: [0] } } } },
      { analysis: { ...analysis, cube: undefined } },
      { analysis: { ...analysis, files: [{ ...analysis.files[0], lines: { read: 1 } }] } },
      { analysis: { ...analysis, files: [{ ...analysis.files[0], problems: [{}] }] } },
    ];
    for (const change of changes)
      assert.equal(
        readMessage({ type: 'snapshot', snapshot: { ...snapshot, ...change } }),
        'broken',
        JSON.stringify(change).slice(0, 80),
      );
    assert.equal(readMessage({ type: 'snapshot' }), 'broken');
  });
});
