// What a reader does with a problem in the Problems panel, and what it leads to.
import type { Locator } from 'playwright-core';
import { selectors } from './selectors';
import { choose, short, until } from './until';
import type { Workbench } from './workbench';

/** Takes a quick fix of a problem in the Problems panel by its title. */
export async function fix(workbench: Workbench, problem: string, title: string): Promise<void> {
  await takeFix(workbench, title, async () => (await workbench.problems()).filter({ hasText: problem }).first().click(short));
}

/** Takes a quick fix by its title from the light bulb at the line of a problem. */
export async function fixAtLine(workbench: Workbench, problem: string, line: number, title: string): Promise<void> {
  await takeFix(workbench, title, () => goTo(workbench, problem, line));
}

/** Goes to the line of a problem, in the editor that has the keyboard then. */
export async function goTo(workbench: Workbench, problem: string, line: number): Promise<void> {
  // The first click of two shows the line and leaves the keyboard in the panel; VS Code moves it a moment after the second one.
  await until(async () => (await workbench.problems()).filter({ hasText: problem }).first().dblclick(short), (limit) => workbench.isAt(line, limit));
}

async function takeFix({ page }: Workbench, title: string, goThere: () => Promise<void>): Promise<void> {
  const entry = page.locator(`${selectors.contextMenuItem}, ${selectors.fixItem}`, { hasText: title }).first();
  // Quick fixes are known a moment after their place was chosen.
  await choose(entry, async () => { await goThere(); await page.keyboard.press('Control+.'); });
}

/** The editor with lines behind a figure, once it says this about them. VS Code draws some spaces as no-break spaces. */
export function linesThat(workbench: Workbench, says: string): Locator {
  return workbench.editorText().filter({ hasText: says.replaceAll(' ', '\u00a0') }).or(workbench.editorText().filter({ hasText: says })).first();
}
