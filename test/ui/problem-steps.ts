// What a reader does with a problem in the Problems panel, and what it leads to.
import type { Locator } from 'playwright-core';
import { selectors } from './selectors';
import { choose, short, until } from './until';
import type { Workbench } from './workbench';

/** Takes a quick fix of a problem in the Problems panel by its title. */
export async function fix(workbench: Workbench, problem: string, title: string): Promise<void> {
  await takeFix(workbench, title, async () =>
    (await workbench.problems()).filter({ hasText: problem }).first().click(short),
  );
}

/** Takes a quick fix by its title from the light bulb at the line of a problem. */
export async function fixAtLine(workbench: Workbench, problem: string, line: number, title: string): Promise<void> {
  await takeFix(workbench, title, () => goTo(workbench, problem, line));
}

/** Goes to the line of a problem, in the editor that has the keyboard then. */
export async function goTo(workbench: Workbench, problem: string, line: number): Promise<void> {
  // The first click of two shows the line and leaves the keyboard in the panel; VS Code moves it a moment after the second one.
  await until(
    async () => (await workbench.problems()).filter({ hasText: problem }).first().dblclick(short),
    (limit) => workbench.isAt(line, limit),
  );
}

async function takeFix({ page }: Workbench, title: string, goThere: () => Promise<void>): Promise<void> {
  const entry = page.locator(`${selectors.contextMenuItem}, ${selectors.fixItem}`, { hasText: title }).first();
  // Quick fixes are known a moment after their place was chosen.
  await choose(entry, async () => {
    await goThere();
    await page.keyboard.press('Control+.');
  });
}

/** Answers what is asked of who ignores an insight, after an answer to each that will not do. */
export async function ignoreFor({ page }: Workbench, reason: string, until: string): Promise<void> {
  const input = page.locator(selectors.quickInput),
    box = page.locator(selectors.quickBox);
  await box.filter({ hasText: 'Why is it ignored?' }).waitFor();
  await input.press('Enter');
  await box.filter({ hasText: 'A reason is needed.' }).waitFor();
  await input.fill(reason);
  await input.press('Enter');
  await box.filter({ hasText: 'The last day' }).waitFor();
  await input.fill('2001-01-01');
  await box.filter({ hasText: 'A day from today on is expected' }).waitFor();
  await input.fill(until);
  await input.press('Enter');
}

/** Answers what is asked of who changes a threshold, after an answer that will not do. */
export async function thresholdOf({ page }: Workbench, percent: number): Promise<void> {
  const input = page.locator(selectors.quickInput);
  await input.fill('200');
  await page.locator(selectors.quickBox, { hasText: 'A number from 0 to 100 is expected.' }).waitFor();
  await input.fill(String(percent));
  await input.press('Enter');
}

/** Answers what is asked of who makes a connector of a remote host. */
export async function connectorNamed({ page }: Workbench, name: string): Promise<void> {
  const input = page.locator(selectors.quickInput),
    box = page.locator(selectors.quickBox),
    last = box.filter({ hasText: 'Mail with' });
  await box.filter({ hasText: /New Connector/ }).waitFor();
  // Which host is asked only where there are several.
  const host = box.filter({ hasText: 'Which Remote Host?' });
  await host.or(last).first().waitFor();
  if (await host.isVisible()) await input.press('Enter');
  await last.waitFor();
  await input.fill(name);
  await input.press('Enter');
}

/**
 * The editor with lines behind a figure, once it says this about them, with # for any number. VS Code draws some spaces
 * as no-break spaces.
 */
export function linesThat(workbench: Workbench, says: string): Locator {
  return workbench
    .editorText()
    .filter({
      hasText: new RegExp(says.replaceAll(/[.:]/g, '\\$&').replaceAll(' ', '[ \u00a0]').replaceAll('#', '[\\d,]+')),
    })
    .first();
}
