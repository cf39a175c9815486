// Patience: VS Code loses a click or a key on what it is just drawing anew, and closes a menu when the focus moves or
// the window is laid out.
import type { Locator } from 'playwright-core';
import { setTimeout as sleep } from 'node:timers/promises';

/** For one click of several: what is not there by then is asked for anew. */
export const short = { timeout: 3000 };

/** What is to be seen of something that was done: an element, or a wait that rejects when it is not there in time. */
export type Effect = Locator | ((limit: { timeout: number }) => Promise<unknown>);

/**
 * Does something, and once more while its effect is not there. Doing it twice must do no harm, and clicks in it should be `short`.
 * @param effect without one it is done when it ends without an error
 */
export async function until(act: () => Promise<unknown>, effect?: Effect, tries = 6): Promise<void> {
  for (;;) {
    try {
      await act();
      if (typeof effect === 'function') await effect({ timeout: 4000 });
      else await effect?.first().waitFor({ timeout: 4000 });
      return;
    } catch (error) {
      if (--tries === 0) throw error;
    }
  }
}

/** Repeats an assertion about something that is still to come, for so many seconds. */
export async function eventually<T>(assertion: () => Promise<T> | T, seconds = 40): Promise<T> {
  for (const deadline = Date.now() + seconds * 1000; ; await sleep(100)) {
    try {
      return await assertion();
    } catch (error) {
      if (Date.now() > deadline) throw error;
    }
  }
}

/**
 * Chooses an entry of a menu.
 * @param ask opens the menu; done again when it has closed by itself
 */
export async function choose(entry: Locator, ask: () => Promise<unknown>, tries = 8): Promise<void> {
  for (let clicked = false; ;) {
    try {
      if (!(await entry.isVisible())) {
        if (clicked) return;
        await ask();
        await entry.waitFor({ timeout: 2000 });
      }
      // VS Code takes a click that follows too soon for the end of the one that opened the menu.
      await sleep(300);
      await entry.click({ timeout: 1500 });
      clicked = true;
      await entry.waitFor({ state: 'hidden', timeout: 1500 });
    } catch (error) {
      if (--tries === 0) throw error;
      if (!clicked) await entry.page().keyboard.press('Escape');
    }
  }
}
