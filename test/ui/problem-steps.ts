// What a reader does with a problem in the Problems panel, and what it leads to.
import type { Locator } from 'playwright-core';
import type { Workbench } from './workbench';

/** Takes a quick fix of a problem in the Problems panel by its title. */
export async function fix(workbench: Workbench, problem: string, title: string): Promise<void> {
  const rows = await workbench.problems();
  await rows.filter({ hasText: problem }).first().click();
  await chooseFix(workbench, title);
}

/** Takes a quick fix by its title where the focus is: at a row of the Problems panel, or at the light bulb of an editor. */
export async function chooseFix({ page }: Workbench, title: string): Promise<void> {
  const menu = page.locator('.context-view .action-item, .action-widget [role="option"]', { hasText: title }).first();
  // Quick fixes are known a moment after their place was chosen.
  for (let tries = 10; !await menu.isVisible(); tries--) {
    if (tries === 0) throw new Error(`no quick fix ${title}`);
    await page.keyboard.press('Control+.');
    await menu.waitFor({ timeout: 2000 }).catch(() => undefined);
  }
  await page.waitForTimeout(300);
  await menu.click();
}

/** The editor with lines behind a figure, once it says this about them. VS Code draws some spaces as no-break spaces. */
export function linesThat(workbench: Workbench, says: string): Locator {
  return workbench.editorText().filter({ hasText: says.replaceAll(' ', '\u00a0') }).or(workbench.editorText().filter({ hasText: says })).first();
}
