import type { ExtensionContext } from 'vscode';
import { start, tellStartFailure, type Api } from './host/start';

/** Called by VS Code when a mail log is opened, or one of our views or commands is used for the first time. */
export function activate(context: ExtensionContext): Api {
  try {
    return start(context);
  } catch (error) {
    return tellStartFailure(error);
  }
}
