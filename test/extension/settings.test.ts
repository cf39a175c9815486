import { deepEqual, equal, match } from 'node:assert/strict';
import { ConfigurationTarget, DiagnosticSeverity, languages, workspace, type Diagnostic } from 'vscode';
import type { Api } from '../../src/host/start';
import { activate, clear, samplePath, until } from './window';

/** Changes a setting of the open folder. */
const set = (key: string, value: unknown) =>
  workspace.getConfiguration('mailFlow').update(key, value, ConfigurationTarget.Workspace);
const found = (): Diagnostic[] =>
  languages
    .getDiagnostics()
    .filter(([uri]) => uri.path.endsWith('/.vscode/settings.json'))
    .flatMap(([, some]) => some.filter(({ source }) => source === 'Mail Flow'));
const one = (words: RegExp) => until(String(words), () => found().find(({ message }) => words.test(message)));

describe('Settings that are wrong, or do not do what they seem to', () => {
  let api: Api;
  before(async () => {
    api = await activate();
    await api.openFiles.open([samplePath], 'user');
  });
  afterEach(async () => {
    for (const key of ['insights.noTls.threshold', 'insights.overrides', 'connectors']) await set(key, undefined);
    await until('nothing is left to say', () => found().length === 0);
  });
  after(() => clear(api));
  const text = async (diagnostic: Diagnostic) => {
    const [uri] = languages.getDiagnostics().find(([, some]) => some.includes(diagnostic))!;
    return (await workspace.openTextDocument(uri)).getText(diagnostic.range);
  };
  const override = {
    connector: 'partner-out',
    insight: 'no-tls-over-25',
    ignore: true,
    reason: 'Agreed',
    until: '2999-12-31',
  };

  it('a threshold out of range is marked, and the default holds', async () => {
    await set('insights.noTls.threshold', 250);
    const diagnostic = await one(/^A number from 0 to 100 is expected, or null for off\. The default is used\./);
    equal(diagnostic.severity, DiagnosticSeverity.Error);
    equal(await text(diagnostic), '250');
    equal(api.store.state.settings.limits.noTls, 25);
  });

  it('an exception that has expired is marked at its day, and not applied', async () => {
    await set('insights.overrides', [
      override,
      { ...override, connector: 'scanners', insight: 'tls1.0-above-50', until: '2020-01-31' },
    ]);
    const diagnostic = await one(/Override 2 \(scanners\) expired on 2020-01-31 and is not applied/);
    equal(diagnostic.severity, DiagnosticSeverity.Warning);
    equal(await text(diagnostic), '"2020-01-31"');
    deepEqual(
      (await api.store.settled())!.insights.map(({ id }) => id),
      ['tls1.0-above-50'],
    );
  });

  it('an exception for a connector that the logs do not have is marked at its name, whatever has expired before it', async () => {
    await set('insights.overrides', [
      { ...override, until: '2020-01-31' },
      { ...override, connector: 'partner-uot' },
    ]);
    const diagnostic = await one(/The override for partner-uot applies to nothing/);
    equal(await text(diagnostic), '"partner-uot"');
    equal((await api.store.settled())!.insights.length, 2);
  });

  it('two exceptions about the same are marked, and neither is applied', async () => {
    await set('insights.overrides', [override, { ...override, insight: undefined }]);
    await one(/Overrides 1 and 2 are about the same connector and insight/);
    equal((await api.store.settled())!.insights.length, 2);
  });

  it('a connector that gets no mail, since another one takes it, is marked', async () => {
    await set('connectors', [
      { name: 'All partners', hosts: ['*.example'] },
      { name: 'One partner', hosts: ['mx.partner.example'] },
    ]);
    const diagnostic = await one(/Connector 2 \(One partner\) gets no mail: connector 1 \(All partners\)/);
    match(await text(diagnostic), /^\{/);
    await until('the log is read again', () => !api.store.state.reading);
  });
});
