// A person's hands and eyes in VS Code.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FrameLocator, Locator, Page } from 'playwright-core';
import { root } from '../root';
import type { Faults } from './faults';
import { selectors } from './selectors';
import { themes, type Theme } from './themes';
import { choose, short, until, type Effect } from './until';

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
    const open = this.page.locator(selectors.openContainer(title));
    // A click on the icon of the open container would close it. With a badge on the icon, it is the badge that takes the click.
    await until(async () => {
      if ((await open.count()) === 0) await this.container(title).click({ force: true, ...short });
    }, open);
  }

  /** Rows of the trees in the side bar that contain the text. VS Code draws only the rows in sight. */
  treeRow(text: string | RegExp): Locator {
    return this.page.locator(selectors.treeRow, { hasText: text });
  }

  /** Opens a row of a tree in the side bar, so that what is below it is in sight. */
  async expand(text: string): Promise<void> {
    const row = this.treeRow(text).first();
    await until(
      async () => {
        if ((await row.getAttribute('aria-expanded', short)) !== 'true')
          await row.locator(selectors.twistie).click(short);
      },
      row.and(this.page.locator('[aria-expanded="true"]')),
    );
  }

  /** Uses a button at a row of a tree in the side bar by its title. */
  async actionOf(text: string, title: string): Promise<void> {
    const row = this.treeRow(text).first();
    await until(async () => {
      await row.hover(short);
      await row.locator(`a[aria-label="${title}"]`).click(short);
    });
  }

  /** Opens a file by a click in the Explorer; `name` is a row in sight. */
  async openFromExplorer(name: string): Promise<void> {
    await this.openContainer('Explorer');
    // The first click of two shows the file; what is asked for before the second one has given it the keyboard is closed again.
    await until(
      () => this.page.locator(selectors.explorerRow, { hasText: name }).first().dblclick(short),
      async (limit) => {
        await this.activeTab(name).waitFor(limit);
        await this.page.locator(selectors.focusedEditor).first().waitFor(limit);
      },
    );
  }

  /** Opens a file by its name with Go to File. */
  async openFile(name: string): Promise<void> {
    const base = name.split('/').at(-1) ?? name;
    await this.take('Control+P', name, base);
    await this.activeTab(base).waitFor();
  }

  activeTab(title: string | RegExp): Locator {
    return this.page.locator(selectors.activeTab, { hasText: title });
  }

  /** Brings a tab to the front. @param shows what is to be seen in it then */
  async showTab(title: string, shows: Effect): Promise<void> {
    await until(() => this.page.locator(selectors.tab, { hasText: title }).first().click(short), shows);
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
    const option = this.page.locator(selectors.quickOption, { hasText: words }).first(),
      input = this.page.locator(selectors.quickInput);
    await option.waitFor({ state: 'attached' });
    await input.fill(words);
    await this.page.locator(selectors.quickActive, { hasText: words }).waitFor();
    await this.page.locator(selectors.focusedInput).press('Enter');
    await option.waitFor({ state: 'hidden' });
  }

  /** Runs a command from the palette by its full label, "Category: Title". */
  async runCommand(label: string): Promise<void> {
    await this.take('F1', `>${label}`, label);
  }

  /**
   * Runs a command that asks for a text, and writes it. The field closes when something else takes the focus, such as a
   * report that has just been drawn.
   */
  async answer(label: string, text: string): Promise<Locator> {
    const input = this.page.locator(selectors.quickInput);
    await until(async () => {
      await this.runCommand(label);
      await input.fill(text, short);
    });
    return input;
  }

  /** Opens the report, by a command that changes nothing when it is given again: VS Code loses one now and then. */
  async openReport(command = 'Mail Flow: Open Mail Flow Report'): Promise<void> {
    await until(
      () => this.runCommand(command),
      ({ timeout }) => this.drawn(0, timeout / 1000),
      12,
    );
  }

  /** Opens a list by a key, and takes what it finds for a text. */
  private async take(key: string, text: string, found: string): Promise<void> {
    const { page } = this,
      input = page.locator(selectors.quickInput),
      active = page.locator(selectors.quickActive, { hasText: found });
    // The list closes when something else takes the focus, such as an editor that has just been opened.
    let again = false;
    await until(async () => {
      if (again) await page.keyboard.press('Escape');
      again = true;
      await page.keyboard.press(key);
      await input.fill(text, short);
      await active.waitFor(short);
      await page.locator(selectors.focusedInput).press('Enter', short);
    });
    // What it leads to may be another list.
    await active.waitFor({ state: 'hidden' });
  }

  /** Follows a link of an editor where it stands: VS Code draws it anew while Control is down, so no element stays to click. */
  async follow(link: Locator): Promise<void> {
    const place = await link.boundingBox(short);
    if (!place) throw new Error('The link is not in sight.');
    const { mouse, keyboard } = this.page,
      [x, y] = [place.x + place.width / 2, place.y + place.height / 2];
    await mouse.move(x, y);
    await keyboard.down('Control');
    try {
      await mouse.move(x + 1, y);
      await mouse.click(x + 1, y);
    } finally {
      await keyboard.up('Control');
    }
  }

  /** Chooses an entry of the context menu of something. */
  async chooseInMenuOf(target: Locator, entry: string): Promise<void> {
    await choose(this.page.locator(selectors.contextMenuItem, { hasText: entry }).first(), () =>
      target.click({ button: 'right', ...short }),
    );
  }

  /** Chooses an entry of the context menu of a row in the Explorer. */
  async chooseInExplorer(name: string, entry: string): Promise<void> {
    await this.openContainer('Explorer');
    await this.chooseInMenuOf(this.page.locator(selectors.explorerRow, { hasText: name }).first(), entry);
  }

  /** Waits until the editor that has the keyboard has its cursor at a line. */
  async isAt(line: number, limit?: { timeout: number }): Promise<void> {
    await this.page.locator(selectors.cursor, { hasText: `Ln ${line},` }).waitFor(limit);
    await this.page.locator(selectors.focusedEditor).first().waitFor(limit);
  }

  /** The rows of the Problems panel, which is opened. */
  async problems(): Promise<Locator> {
    const panel = this.page.locator(selectors.problems);
    await until(async () => {
      if (!(await panel.isVisible())) await this.page.keyboard.press('Control+Shift+M');
    }, panel);
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
  async drawn(after = 0, seconds = 60): Promise<number> {
    const body = this.webview().locator('body[data-drawn]');
    for (const deadline = Date.now() + seconds * 1000; Date.now() < deadline; await sleep(50)) {
      const count = Number(await body.getAttribute('data-drawn', { timeout: Math.max(1, deadline - Date.now()) }));
      if (count > after) return count;
    }
    throw new Error(`The report drew nothing new in ${seconds} s.`);
  }

  /** A message in the notification center, which is opened: VS Code pops up none while its smoke test driver is on. */
  async notification(text: string | RegExp): Promise<Locator> {
    const center = this.page.locator(selectors.notificationCenter);
    await until(async () => {
      if ((await center.count()) === 0) await this.page.locator(selectors.bell).click(short);
    }, center);
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
