// From an insight to its line, and what each quick fix of it does: in a log that VS Code gives to extensions, in one
// that it hides from them for its size, and in a compressed one.
import { deepEqual, equal, ok } from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { root } from '../root';
import { connectorNamed, fix, goTo, ignoreFor, linesThat, thresholdOf } from './problem-steps';
import { selectors } from './selectors';
import { useWorkbench } from './start';
import { eventually } from './until';

const sample = readFileSync(join(root, 'samples/postfix/mail.log'));
const times = (bytes: number) => Buffer.concat(Array.from({ length: Math.ceil(bytes / sample.length) }, () => sample));
const noTls = 'No TLS is over 25%: partner-out (Outbound)',
  oldTls = 'TLS 1.0 is above 50%: scanners (Inbound)';
/** Each log with the editor in which a problem leads to its line, and what is said of the lines behind an insight. */
const logs = [
  ['A log', 'mail.log', sample, 'mail.log', '2 messages in 2 lines: all that the report counts.'],
  [
    'A log of 60 MB',
    'large.log',
    times(60 * 2 ** 20),
    'large.log (line 438)',
    '1,000 of # messages so far, in 1,000 lines.',
  ],
  [
    'A compressed log',
    'old.log.gz',
    gzipSync(sample),
    'old.log.gz (line 438)',
    '2 messages in 2 lines: all that the report counts.',
  ],
] as const;

for (const [title, name, content, editor, lines] of logs) {
  describe(`${title}, from the Problems panel`, () => {
    // It is there before VS Code opens the folder, so that the Explorer need not notice a new file.
    const workbench = useWorkbench({ folder: { [name]: content } });
    const inSettings = () =>
      JSON.parse(readFileSync(join(workbench().folder, '.vscode/settings.json'), 'utf8')) as Record<string, unknown>;
    const problem = async (words: string) => (await workbench().problems()).filter({ hasText: words }).first();
    const container = (words: string) =>
      workbench().page.locator(`${selectors.container('Mail Flow')}[aria-label*="${words}"]`);

    /** How often the log has been read, as the log of the extension says. */
    async function readings(): Promise<number> {
      await workbench().runCommand('Mail Flow: Show Log');
      const output = workbench().page.locator(selectors.output).first();
      return eventually(async () => {
        const text = (await output.innerText({ timeout: 1000 })).replaceAll('\u00a0', ' '),
          count = text.match(/reading 1 files/g)?.length ?? 0;
        ok(count > 0 && text.match(/done after/g)?.length === count, text);
        return count;
      });
    }

    it('has its insights there and in the tree', async () => {
      await workbench().chooseInExplorer(name, 'Open Mail Flow Report');
      await workbench().drawn(0, 50);
      await container('2 insights').waitFor();
      for (const words of [noTls, oldTls]) await (await problem(words)).waitFor();
    });

    it('leads to the line', async () => {
      await goTo(workbench(), noTls, 438);
      await workbench().activeTab(editor).waitFor();
      await workbench()
        .page.locator(selectors.editorLine, { hasText: '4C7DC722A2' })
        .filter({ hasText: 'smtp[' })
        .first()
        .waitFor();
      await workbench().page.locator(selectors.codeLens, { hasText: 'Outbound: partner-out · No TLS · ' }).waitFor();
      await workbench().screenshot(`problem of ${name}`);
    });

    it('leads to all offending lines', async () => {
      await fix(workbench(), noTls, 'Show all offending lines');
      await linesThat(workbench(), lines).waitFor();
    });

    it('leads to the page of the rule and to the report', async () => {
      await fix(workbench(), noTls, 'Explain this insight');
      await workbench()
        .activeTab(/no-tls-over-25/)
        .waitFor();
      await fix(workbench(), oldTls, 'Show in the mail flow report');
      await workbench().activeTab('Mail Flow Report').waitFor();
      await workbench().webview().locator('h2', { hasText: 'Connector report' }).waitFor();
    });

    it('follows another threshold in tree, report and problems, and is not read again', async () => {
      await fix(workbench(), oldTls, 'Change the threshold…');
      await thresholdOf(workbench(), 95);
      await container('1 insight').waitFor();
      await (await problem(oldTls)).waitFor({ state: 'detached' });
      await (await problem(noTls)).waitFor();
      await workbench().openContainer('Mail Flow');
      await workbench()
        .page.locator(`${selectors.treeRow}[aria-label^="scanners, "][aria-label$="No insight"]`)
        .first()
        .waitFor();
      await workbench().showTab(
        'Mail Flow Report',
        workbench().webview().locator('.insights', { hasText: 'TLS 1.0 is above 95%' }),
      );
      await eventually(async () => equal(await workbench().webview().locator('.insights li.insight').count(), 0));
      deepEqual(inSettings(), { 'mailFlow.insights.tls10.threshold': 95 });
      equal(await readings(), 1);
    });

    it('forgets an insight that is ignored for a reason until a day, and is not read again', async () => {
      await fix(workbench(), noTls, 'Ignore for this connector until…');
      await ignoreFor(workbench(), 'Agreed with the partner', '2999-06-30');
      await (await problem(noTls)).waitFor({ state: 'detached' });
      await container('insight').waitFor({ state: 'detached' });
      deepEqual(inSettings()['mailFlow.insights.overrides'], [
        {
          connector: 'partner-out',
          direction: 'outbound',
          insight: 'no-tls-over-25',
          ignore: true,
          reason: 'Agreed with the partner',
          until: '2999-06-30',
        },
      ]);
      equal(await readings(), 1);
    });

    it('makes a connector of the host behind an insight', async () => {
      workbench().changeSettings({});
      await (await problem(noTls)).waitFor();
      await fix(workbench(), noTls, 'Propose a connector rule…');
      await connectorNamed(workbench(), 'Archive');
      await workbench().openContainer('Mail Flow');
      await workbench().treeRow('Archive').first().waitFor();
      const {
        'mailFlow.connectors': [rule],
      } = inSettings() as { 'mailFlow.connectors': { name: string; direction: string }[] };
      deepEqual([rule.name, rule.direction], ['Archive', 'outbound']);
      // What mail belongs to a connector is only in the log.
      equal(await readings(), 2);
    });

    it('never broke the content policy, asked the network or threw', () =>
      deepEqual(workbench().faults, { policy: [], outside: [], errors: [] }));
  });
}
