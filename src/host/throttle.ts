import type { Disposable } from 'vscode';

/**
 * Calls `act` at once when it is asked for, but at most every `pause` milliseconds; what is asked for meanwhile is one
 * call at its end.
 */
export class Throttle implements Disposable {
  private timer: NodeJS.Timeout | undefined;
  private asked = false;

  constructor(
    private readonly pause: number,
    private readonly act: () => void,
  ) {}

  ask(): void {
    if (this.timer) {
      this.asked = true;
      return;
    }
    this.timer = setTimeout(() => {
      this.timer = undefined;
      if (this.asked) {
        this.asked = false;
        this.ask();
      }
    }, this.pause);
    this.act();
  }

  dispose(): void {
    clearTimeout(this.timer);
    this.asked = false;
  }
}
