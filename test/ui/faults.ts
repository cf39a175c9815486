import type { BrowserContext } from 'playwright-core';

/** What went wrong in a browser without a test noticing. All three have to be empty for a page that keeps its promises. */
export interface Faults {
  /** Violations of a Content Security Policy, in the browser's words. */
  policy: string[];
  /** Addresses outside this machine that something asked for. */
  outside: string[];
  /** Exceptions that nobody caught, in the workbench or in a webview. */
  errors: string[];
}

const inside = new Set(['127.0.0.1', 'localhost', '[::1]']);
// VS Code's name for an extension's files in a webview; its service worker answers, and nothing is sent.
const webviewFiles = '.vscode-resource.vscode-cdn.net';
const network = new Set(['http:', 'https:', 'ws:', 'wss:']);

/** Watches every page and frame of a context from now on, and keeps adding to what it returns. */
export function watchFaults(context: BrowserContext): Faults {
  const faults: Faults = { policy: [], outside: [], errors: [] };
  const note = (address: string) => {
    const url = new URL(address);
    if (network.has(url.protocol) && !inside.has(url.hostname) && !url.hostname.endsWith(webviewFiles))
      faults.outside.push(address);
  };
  context.on('request', (request) => note(request.url()));
  context.on('weberror', (fault) => {
    const error = fault.error();
    faults.errors.push(error.stack ?? error.message);
  });
  // VS Code's webview replaces its document, which takes listeners for securitypolicyviolation with it; the console stays.
  context.on('console', (message) => {
    if (message.type() === 'error' && /Content Security Policy/i.test(message.text()))
      faults.policy.push(`${message.text()} (${message.location().url})`);
  });
  context.on('page', (page) => page.on('websocket', (socket) => note(socket.url())));
  return faults;
}
