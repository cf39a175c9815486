// @ts-check
import { chromium } from 'playwright-core';
import { findChromium } from './chromium.mjs';
import { endOrderly } from './processes.mjs';

// A browser in a container has no sandbox and no graphics card; everything but the loopback address is cut off, so that
// a page that asks for the network fails here as it would in an offline office.
const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1',
];

/** A headless Chromium. Playwright ends it when the process exits, and leaves the signals to us. */
export function launchBrowser() {
  endOrderly();
  return chromium.launch({
    executablePath: findChromium(),
    headless: true,
    args: flags,
    handleSIGINT: false,
    handleSIGTERM: false,
    handleSIGHUP: false,
  });
}
