// Opens the built report page in Chromium with a cube of a million cells and measures how long a change of the reader takes
// until it can be seen, at the 60 frames a second of the browser:
//   node esbuild.mjs --production && node bench/page.mjs [--cells 1000000] [--rounds 30] [--only WORDS] [--profile]
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { launchBrowser } from '../test/host/browser.mjs';
import { host, makeSnapshot, measureChanges } from './page/inside.mjs';
import { processorTimes } from './page/processor.mjs';
import { profiled } from './page/profile.mjs';

const { values } = parseArgs({
  options: {
    cells: { type: 'string', default: '1000000' },
    rounds: { type: 'string', default: '30' },
    only: { type: 'string', default: '' },
    profile: { type: 'boolean', default: false },
  },
});
const root = join(import.meta.dirname, '..'),
  read = (path) => readFileSync(join(root, path), 'utf8');

const browser = await launchBrowser();
try {
  const page = await browser.newPage({ viewport: { width: 1400, height: 1000 } });
  // A page that threw would be waited for in vain.
  const thrown = new Promise((_, failed) => {
    page.on('pageerror', failed);
  });
  thrown.catch(() => undefined);
  await page.setContent(
    '<!DOCTYPE html><html lang="en"><body class="vscode-dark" style="--vscode-editor-background:#1f1f1f;' +
      '--vscode-foreground:#ccc"></body></html>',
  );
  await page.addStyleTag({ content: read('media/report.css') });
  await page.evaluate(`(${host})((${makeSnapshot})(${Number(values.cells)}))`);
  await page.addScriptTag({ content: read('dist/webview.js') });
  const work = () => page.evaluate(measureChanges, { rounds: Number(values.rounds), only: values.only });
  const { result: results, times: processor } = await Promise.race([
    thrown,
    processorTimes(page, () => (values.profile ? profiled(page, work) : work())),
  ]);
  console.log(
    `${Number(values.cells).toLocaleString('en')} cells and as many of remote hosts, ${values.rounds} changes ` +
      'each, in milliseconds from the act to the frame that shows it\n',
  );
  console.log(
    '| change | first seen: least | median | 95th percentile | processor until then: least | median ' +
      '| all of the page: median | 95th percentile |\n' +
      '| --- | --- | --- | --- | --- | --- | --- | --- |',
  );
  const at = (times, share) =>
    times.toSorted((a, b) => a - b)[Math.min(times.length - 1, Math.floor(times.length * share))].toFixed(0);
  for (const { name, seen, whole } of results) {
    const until = processor.get(name);
    const times = [
      at(seen, 0),
      at(seen, 0.5),
      at(seen, 0.95),
      at(until, 0),
      at(until, 0.5),
      at(whole, 0.5),
      at(whole, 0.95),
    ];
    console.log(`| ${[name, ...times].join(' | ')} |`);
  }
} finally {
  await browser.close();
}
