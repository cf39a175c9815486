import { doesNotMatch, equal, match } from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { commands, extensions } from 'vscode';
import { exportFormats } from '../../src/export/endings';
import { exportReport } from '../../src/export/formats';
import { Analyser } from '../../src/host/reading/analyser';
import type { Api } from '../../src/host/start';
import { Text } from '../../src/presentation/text';
import type { ExportRequest } from '../../src/protocol';
import { hashed } from '../../src/source/hash';
import { activate, clear, set } from './window';

/** The chart is drawn by a bundle that the worker loads; the window's own tests look at it. */
const chart = /<svg[\s\S]*?<\/svg>/g;

describe('An export', () => {
  let api: Api, analyser: Analyser;
  before(async () => {
    api = await activate();
    await set('timeZone', 'Europe/Rome');
    analyser = new Analyser(
      join(extensions.getExtension('mail-flow-report.mail-flow-report')!.extensionPath, 'dist/worker.js'),
    );
    await commands.executeCommand('mailFlow.openSample');
  });
  after(async () => {
    analyser.dispose();
    await clear(api);
    await set('timeZone', undefined);
  });

  const tool = { name: 'mail-flow-report', version: '9.8.7', generated: new Date(Date.UTC(2026, 5, 1)) };
  const made = async (
    format: ExportRequest['format'],
    changes: Partial<ExportRequest['view']> = {},
    pseudonyms = false,
  ) => {
    const {
      analysis: { cube, ...analysis },
      view: { zone, ...view },
    } = (await api.store.settled())!;
    return new TextDecoder().decode(
      await analyser.export(
        {
          format,
          pseudonyms,
          analysis,
          tool,
          rules: [],
          language: 'it',
          sentences: { Insights: 'Informazioni' },
          view: { ...view, timeZone: zone.name, ...changes },
        },
        cube,
      ),
    );
  };

  for (const format of exportFormats) {
    it(`as ${format} is made by a worker of the figures on show`, async () => {
      const report = (await api.store.settled())!,
        files = await Promise.all(report.analysis.files.map(hashed));
      const expected = await exportReport(
        format,
        { ...report, analysis: { ...report.analysis, files } },
        {
          tool,
          rules: [],
          pseudonymised: false,
          csv: 'safe',
          text: new Text('it', { Insights: 'Informazioni' }, 'Europe/Rome'),
          sha256: (text) => createHash('sha256').update(text).digest('hex'),
          draw: () => Promise.resolve('<svg></svg>'),
        },
      );
      const content = await made(format);
      equal(content.replace(chart, '<svg></svg>'), expected.replace(chart, '<svg></svg>'));
      match(content, /[\da-f]{64}|<svg[^>]*>.+<\/svg>/);
    });
  }

  it('has only the connector that was chosen', async () => {
    const { name, direction } = (await api.store.settled())!.messages.connectors[0];
    const { connectors } = JSON.parse(await made('json', { directions: [direction], connectors: [name] })) as {
      connectors: { name: string | null; direction: string }[];
    };
    equal(JSON.stringify(connectors.map((one) => [one.name, one.direction])), JSON.stringify([[name, direction]]));
  });

  it('with pseudonyms names no file', async () => {
    match(await made('json'), /mail\.log/);
    doesNotMatch(await made('json', {}, true), /mail\.log/);
  });
});
