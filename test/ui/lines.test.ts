// From an insight or another figure to all of its lines, and back.
import { deepEqual, equal, match } from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { root } from '../root';
import { fix, goTo, linesThat } from './problem-steps';
import { selectors } from './selectors';
import { useWorkbench } from './start';
import { short, until } from './until';
import type { Workbench } from './workbench';

const postfix = readFileSync(join(root, 'samples/postfix/mail.log'));
const raw = postfix.toString().split('\n');
const noTls = 'No TLS is over 25%: partner-out (Outbound), 2 of 6 messages (33.3%); few messages',
  oldTls = 'TLS 1.0 is above 50%: scanners (Inbound), 8 of 9 messages (88.9%); few messages';

/** The rows of the document with lines behind a figure that are in sight, once it says this about them. */
async function linesShown(workbench: Workbench, status: string): Promise<string[]> {
  await linesThat(workbench, status).waitFor();
  return (await workbench.editorText().first().innerText()).replaceAll('\u00a0', ' ').split('\n');
}

describe('The insights of the sample', () => {
  const workbench = useWorkbench({ folder: { 'mail.log': postfix } });

  it('are in the Problems panel, and lead to their lines', async () => {
    await workbench().openFromExplorer('mail.log');
    const rows = await workbench().problems();
    await rows.filter({ hasText: noTls }).waitFor();
    await goTo(workbench(), oldTls, 400);
  });

  it('are told at the line itself: above it what it is the first of, and by pointing at it what it was counted as', async () => {
    const { page } = workbench();
    await goTo(workbench(), noTls, 438);
    await page.locator(selectors.codeLens, { hasText: 'Outbound: partner-out · No TLS · 2 messages' }).waitFor();
    const line = page.locator(selectors.editorLine, { hasText: '4C7DC722A2' }).filter({ hasText: 'smtp[' }).first();
    await until(
      async () => {
        await page.mouse.move(0, 0);
        await line.hover({ position: { x: 60, y: 8 }, ...short });
      },
      page.locator(selectors.hover, { hasText: 'Outbound: partner-out' }).filter({ hasText: 'edi.supplier.example' }),
    );
    await workbench().screenshot('hover and lens');
  });

  it('show all offending lines by a quick fix', async () => {
    await fix(workbench(), noTls, 'Show all offending lines');
    const shown = await linesShown(workbench(), '2 messages in 2 lines: all that the report counts.');
    const found = shown.flatMap((row) => {
      const match = /^mail\.log:(\d+) +(.*)$/.exec(row.trimEnd());
      return match ? [[Number(match[1]), match[2]] as const] : [];
    });
    deepEqual(
      found.map(([line]) => line),
      [438, ...found.slice(1).map(([line]) => line)],
    );
    equal(found.length, 2);
    for (const [line, text] of found) equal(text.slice(0, 60), raw[line - 1].slice(0, 60));
    await workbench().screenshot('lines of an insight');
  });
});

describe('The lines of a figure in the report', () => {
  const workbench = useWorkbench({ folder: { 'old.log.gz': gzipSync(postfix) } });

  it('are shown from its context menu, also of a compressed log', async () => {
    const { page } = workbench();
    await workbench().chooseInExplorer('old.log.gz', 'Open Mail Flow Report');
    await workbench().drawn();
    const figure = workbench().webview().locator('button.figure').first(),
      count = await figure.innerText();
    await workbench().chooseInMenuOf(figure, 'Show Lines');
    const shown = await linesShown(workbench(), `${count} messages in ${count} lines: all that the report counts.`);
    match(shown[0], /^Outbound · /);
    await workbench().screenshot('lines of a figure in the report');
    // And from a line back to its place in the compressed log.
    const link = page.locator('.editor-instance .view-line .detected-link').first();
    await until(() => workbench().follow(link), workbench().activeTab(/old\.log\.gz \(line/));
    deepEqual(workbench().faults, { policy: [], outside: [], errors: [] });
  });

  it('are shown from the tree', async () => {
    await workbench().openContainer('Mail Flow');
    await workbench().expand('scanners');
    await workbench().actionOf('TLS 1.0 is above 50%', 'Show Lines');
    await linesShown(workbench(), '8 messages in 8 lines: all that the report counts.');
  });
});
