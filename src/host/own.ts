import type { Disposable } from 'vscode';

/** Ends `thing` with the extension and returns it. */
export type Own = <T extends Disposable>(thing: T) => T;
