// A check for "no violation" proves nothing unless the watcher sees one: here is a page that does everything it should not.
import { deepEqual, match } from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser } from 'playwright-core';
import { launchBrowser } from '../host/browser.mjs';
import { watchFaults } from './faults';

const page = (policy: string, script: string) =>
  `<!DOCTYPE html><meta http-equiv="Content-Security-Policy" content="${policy}"><title>x</title><script nonce="n">${script}</script>`;
const pages: Record<string, string> = {
  '/policy': page(
    "script-src 'nonce-n'",
    'const s = document.createElement("script"); s.textContent = "1"; document.head.append(s)',
  ),
  '/outside': page('', 'fetch("https://example.com/a").catch(() => {})'),
  '/error': page('', 'setTimeout(() => { throw new Error("nobody caught this") })'),
  '/good': page("default-src 'self'; script-src 'nonce-n'", 'fetch("/good")'),
};

describe('Watching for faults in a page', () => {
  let server: Server;
  let browser: Browser;
  before(async () => {
    server = createServer((request, answer) =>
      answer.setHeader('content-type', 'text/html').end(pages[request.url ?? ''] ?? ''),
    ).listen(0, '127.0.0.1');
    browser = await launchBrowser();
  });
  after(async () => {
    await browser.close();
    server.close();
  });

  /** The faults of one of the pages, shown in a frame as a webview is. */
  async function faultsOf(path: string) {
    const context = await browser.newContext();
    const faults = watchFaults(context);
    const opened = await context.newPage();
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    await opened.goto(url);
    await opened.setContent(`<iframe src="${url}${path}"></iframe>`, { waitUntil: 'networkidle' });
    await context.close();
    return faults;
  }

  it('sees a violation of the content policy', async () =>
    match((await faultsOf('/policy')).policy.join(), /inline script/));
  it('sees a request that leaves the machine', async () =>
    deepEqual((await faultsOf('/outside')).outside, ['https://example.com/a']));
  it('sees an exception that nobody caught', async () =>
    match((await faultsOf('/error')).errors.join(), /nobody caught this/));
  it('says nothing about a good page', async () =>
    deepEqual(await faultsOf('/good'), { policy: [], outside: [], errors: [] }));
});
