import type { Disposable } from 'vscode';

/** Something that ends other things when it ends, after VS Code's own idiom. */
export abstract class Disposing implements Disposable {
  private readonly owned: Disposable[] = [];
  protected disposed = false;

  /** Ends `thing` with this; at once where this has ended already. */
  protected own<T extends Disposable>(thing: T): T {
    if (this.disposed) thing.dispose();
    else this.owned.push(thing);
    return thing;
  }

  dispose(): void {
    this.disposed = true;
    while (this.owned.length > 0) this.owned.pop()!.dispose();
  }
}

/** A slot for something that is replaced from time to time; what it held before is ended. */
export class Slot<T extends Disposable> implements Disposable {
  private held: T | undefined;

  get value(): T | undefined {
    return this.held;
  }

  set(value: T | undefined): void {
    const before = this.held;
    this.held = value;
    before?.dispose();
  }

  dispose(): void {
    this.set(undefined);
  }
}
