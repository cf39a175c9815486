// A person's hands and eyes in VS Code.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FrameLocator, Locator, Page } from 'playwright-core';
import { root } from '../root';
import type { Faults } from './faults';
import { selectors } from './selectors';
import { themes, type Theme } from './themes';

export class Workbench {
  private readonly folderSettings: Record<string, unknown> = {};

  constructor(
    readonly page: Page,
    readonly faults: Faults,
    /** The open folder, absolute; removed by `close`. */
    readonly folder: string,
    readonly close: () => Promise<void>,
  ) {}

  /** The icon in the activity bar. */
  container(title: string): Locator {
    return this.page.locator(selectors.container(title));
  }

  /** Shows a view container in the side bar. */
  async openContainer(title: string): Promise<void> {
    await this.container(title).waitFor();
    // A click on the icon of the open container would close it.
    const open = this.page.locator(selectors.openContainer(title));
    // With a badge on the icon, it is the badge that takes the click.
    if (await open.count() === 0) await this.container(title).click({ force: true });
    await open.waitFor();
  }

  /** Rows of the trees in the side bar that contain the text. VS Code draws only the rows in sight. */
  treeRow(text: string | RegExp): Locator {
    return this.page.locator(selectors.treeRow, { hasText: text });
  }

  /** Opens a file by a click in the Explorer; `name` is a row in sight. */
  async openFromExplorer(name: string): Promise<void> {
    await this.openContainer('Explorer');
    await this.page.locator(selectors.explorerRow, { hasText: name }).first().dblclick();
    await this.activeTab(name).waitFor();
  }

  /** Opens a file by its name with Go to File. */
  async openFile(name: string): Promise<void> {
    await this.page.keyboard.press('Control+P');
    await this.page.locator(selectors.quickInput).fill(name);
    await this.page.locator(selectors.quickOption, { hasText: name.split('/').at(-1) }).first().click();
    await this.activeTab(name.split('/').at(-1) ?? name).waitFor();
  }

  activeTab(title: string | RegExp): Locator {
    return this.page.locator(selectors.activeTab, { hasText: title });
  }

  editorText(): Locator {
    return this.page.locator(selectors.editorText);
  }

  /** Where the cursor is in the active editor, from 1, as the status bar says. */
  async cursor(): Promise<{ line: number; column: number }> {
    const text = await this.page.locator(selectors.cursor).innerText();
    const [line, column] = text.match(/\d+/g)?.map(Number) ?? [];
    return { line, column };
  }

  /** Takes an entry of the list that is open, by the keyboard: a list that is still being laid out moves away from under a click. */
  async pick(words: string): Promise<void> {
    const option = this.page.locator(selectors.quickOption, { hasText: words }).first(), input = this.page.locator(selectors.quickInput);
    await option.waitFor({ state: 'attached' });
    await input.fill(words);
    await option.waitFor();
    await input.press('Enter');
  }

  /** Runs a command from the palette by its full label, "Category: Title". */
  async runCommand(label: string): Promise<void> {
    // The palette closes when something else takes the focus, such as an editor that has just been opened.
    for (let tries = 5; ; tries--) {
      await this.page.keyboard.press('F1');
      try {
        await this.page.locator(selectors.quickInput).fill(`>${label}`, { timeout: 2000 });
        await this.page.locator(selectors.quickOption, { hasText: label }).first().click({ timeout: 5000 });
        return;
      } catch (error) {
        if (tries === 0) throw error;
        await this.page.keyboard.press('Escape');
      }
    }
  }

  /** Chooses an entry of the context menu that is opening. */
  async chooseInMenu(entry: string): Promise<void> {
    const item = this.page.locator(selectors.contextMenuItem, { hasText: entry }).first();
    await item.waitFor();
    // VS Code takes a click that follows too soon for the end of the one that opened the menu.
    while (await item.isVisible()) { await this.page.waitForTimeout(300); await item.click({ timeout: 1000 }).catch(() => undefined); }
  }

  /** The rows of the Problems panel, which is opened. */
  async problems(): Promise<Locator> {
    if (!await this.page.locator(selectors.problems).isVisible()) await this.page.keyboard.press('Control+Shift+M');
    await this.page.locator(selectors.problems).waitFor();
    return this.page.locator(selectors.problemRow);
  }

  /** The page inside the newest open webview. */
  webview(): FrameLocator {
    return this.page.frameLocator(selectors.webview).frameLocator(selectors.webviewPage);
  }

  /**
   * Waits until the report has drawn. The page counts its finished drawings in `<body data-drawn="n">`, since an open
   * editor says nothing about what is in it.
   * @param after the last drawing that was seen
   * @returns the number of the drawing
   */
  async drawn(after = 0, seconds = 20): Promise<number> {
    const body = this.webview().locator('body[data-drawn]');
    for (const deadline = Date.now() + seconds * 1000; Date.now() < deadline; await sleep(50)) {
      const count = Number(await body.getAttribute('data-drawn', { timeout: Math.max(1, deadline - Date.now()) }));
      if (count > after) return count;
    }
    throw new Error(`The report drew nothing new in ${seconds} s.`);
  }

  /** A message in the notification center, which is opened: VS Code pops up none while its smoke test driver is on. */
  async notification(text: string | RegExp): Promise<Locator> {
    if (await this.page.locator(selectors.notificationCenter).count() === 0) await this.page.locator(selectors.bell).click();
    return this.page.locator(selectors.notification, { hasText: text });
  }

  /**
   * Changes settings of the open folder while VS Code runs. They win over those given at the start; the user's own cannot be
   * changed so, since the server does not watch that file.
   */
  changeSettings(settings: Record<string, unknown>): void {
    Object.assign(this.folderSettings, settings);
    mkdirSync(join(this.folder, '.vscode'), { recursive: true });
    writeFileSync(join(this.folder, '.vscode/settings.json'), JSON.stringify(this.folderSettings));
  }

  /** Switches the colour theme and waits for the new colours. */
  async changeTheme(theme: Theme): Promise<void> {
    this.changeSettings({ 'workbench.colorTheme': themes[theme].id });
    await this.page.locator(selectors.themed(theme)).waitFor();
  }

  /** A picture of the whole window in artifacts/, for a person to look at. */
  async screenshot(name: string): Promise<string> {
    const path = join(root, 'artifacts', `${name.replace(/[^\p{L}\p{N}.-]+/gu, '-')}.png`);
    await this.page.screenshot({ path });
    return path;
  }
}
