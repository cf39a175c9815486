// What a reader does on the report page, in the page's own words.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FrameLocator, Locator } from 'playwright-core';
import { root } from '../root';
import { selectors } from './selectors';
import { short, until, type Effect } from './until';
import type { Workbench } from './workbench';

const axe = readFileSync(join(root, 'node_modules/axe-core/axe.min.js'), 'utf8');

/** The figures of the command line for the sample: the page must say the same. */
export interface Figures {
  totals: Record<'inbound' | 'outbound', { messages: number; tls: Record<string, number> }>;
  connectors: { name: string | null; direction: string; messages: number }[];
  insights: { line: number }[];
}
export function figures(...options: string[]): Figures {
  return JSON.parse(
    execFileSync(
      process.execPath,
      [
        join(root, 'dist/cli.js'),
        '--format',
        'json',
        '--time-zone',
        'UTC',
        ...options,
        join(root, 'samples/postfix/mail.log'),
      ],
      { encoding: 'utf8' },
    ),
  ) as Figures;
}

export class ReportPage {
  constructor(private readonly workbench: Workbench) {}

  get page(): FrameLocator {
    return this.workbench.webview();
  }

  async openSample(): Promise<void> {
    await this.workbench.openReport('Mail Flow: Open Sample');
  }

  /** Opens a log of the folder and its connector report. */
  async openConnectorReport(log: string): Promise<void> {
    await this.workbench.openFromExplorer(log);
    await this.workbench.openReport();
    await this.go('Connector report');
  }

  /** Goes to a part of the report by its name in the navigation. */
  async go(part: string): Promise<void> {
    await this.press(
      this.page.getByRole('navigation').getByRole('button', { name: part, exact: true }),
      this.page.locator('nav [aria-current]', { hasText: part }),
    );
  }

  /** Clicks on something until that has shown its effect. What it opens is not closed by a second click. */
  async press(control: Locator, effect: Effect): Promise<void> {
    await until(async () => {
      if (typeof effect === 'function' || !(await effect.first().isVisible())) await control.first().click(short);
    }, effect);
  }

  /** Chooses from a drop-down of the toolkit by its label. @param effect a new drawing, unless something else is said */
  async choose(label: string, option: string, effect?: Effect): Promise<void> {
    const before = Number(await this.page.locator('body').getAttribute('data-drawn')),
      list = this.page.locator(`vscode-dropdown[aria-label="${label}"]`);
    const entry = list.locator('vscode-option', { hasText: option }).first();
    await until(
      async () => {
        if (!(await entry.isVisible())) await list.click(short);
        await entry.click(short);
      },
      effect ?? (({ timeout }) => this.workbench.drawn(before, timeout / 1000)),
    );
  }

  /** Says yes to the dialog that asks where to save, and waits for the file of that name. @returns its text. */
  async saved(name: string): Promise<string> {
    const { page, folder } = this.workbench,
      target = join(folder, name),
      input = page.locator(selectors.quickInput);
    await input.waitFor();
    // The dialog puts in the name a moment after it has opened, and takes no Enter before it has looked at the folder.
    while (!existsSync(target)) {
      if ((await input.isVisible()) && (await input.inputValue(short).catch(() => '')).endsWith(name))
        await input.press('Enter', short).catch(() => undefined);
      await page.waitForTimeout(300);
    }
    return readFileSync(target, 'utf8');
  }

  /** Cells of a table's rows as text. */
  async rows(table: Locator): Promise<string[][]> {
    return (await table.locator('tbody tr').all()).reduce<Promise<string[][]>>(
      async (before, row) => [
        ...(await before),
        (await row.locator('th, td').allInnerTexts()).map((cell) => cell.trim()),
      ],
      Promise.resolve([]),
    );
  }

  /** What axe finds wrong on the page as it is, each with the first element. */
  async violations(): Promise<string[]> {
    const frame = await (await this.page.locator('body').elementHandle())!.ownerFrame();
    await frame!.evaluate(axe);
    return frame!.evaluate(async () => {
      const { violations } = await (
        globalThis as unknown as {
          axe: { run(): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> };
        }
      ).axe.run();
      return violations.map(({ id, nodes }) => `${id}: ${nodes[0].html}`);
    });
  }
}
