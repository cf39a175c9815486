import type { FromReport } from '../src/protocol';

/** What VS Code gives to a page, once. */
interface VsCode {
  postMessage(message: FromReport): void;
  getState(): unknown;
  setState(state: unknown): void;
}

declare function acquireVsCodeApi(): VsCode;

/** VS Code, as the page sees it. It can be acquired only once, so everybody takes it from here. */
export const vscode: VsCode = acquireVsCodeApi();
