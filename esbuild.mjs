// Builds every bundle: extension, worker, command line, report page and tests.
// Only the extension and its tests may leave `vscode` to the host: a worker or core file
// that imports it fails to build, which is how the boundary is kept.
import { context, build } from 'esbuild';
import { rmSync } from 'node:fs';
import { find, kernel } from './kernel.mjs';
import { writeNotices } from './notices.mjs';

const watch = process.argv.includes('--watch');
const production = process.argv.includes('--production');

const say = (sentence) => console.log(`${new Date().toTimeString().slice(0, 8)} - ${sentence}`);
let underWay = 0;
let begun = 0;
let faults = 0;
/** A change builds several bundles again: says so when the first begins and when the last is there. */
const reporting = {
  name: 'reporting',
  setup(build) {
    build.onStart(() => {
      if (underWay++ > 0) return;
      [begun, faults] = [performance.now(), 0];
      say('Building…');
    });
    build.onEnd(({ errors }) => {
      faults += errors.length;
      if (--underWay > 0) return;
      say(faults ? `Errors: ${faults}.` : `Built in ${((performance.now() - begun) / 1000).toFixed(1)} s.`);
    });
  },
};

const common = {
  bundle: true,
  plugins: watch ? [kernel, reporting] : [kernel],
  minify: production,
  sourcemap: production ? false : 'linked',
  logLevel: 'warning',
  legalComments: 'none',
};

// Charts in Node are drawn as SVG: without the first, Vega waits for a canvas at its top level, which CommonJS cannot.
// The other package's entry for Node loads its parts in a way that a bundler cannot follow.
const node = {
  ...common,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  alias: {
    'vega-canvas': './node_modules/vega-canvas/build/vega-canvas.browser.js',
    'jsonc-parser': './node_modules/jsonc-parser/lib/esm/main.js',
  },
};
/** A library asks for `import.meta.url`, which CommonJS does not have. */
const moduleUrl = {
  define: { 'import.meta.url': 'moduleUrl' },
  banner: { js: "const moduleUrl = require('node:url').pathToFileURL(__filename).href;" },
};
// What is large and seldom needed is a bundle of its own, loaded when it is first needed: Vega outside of the page, in the
// worker all that makes exports, and in the extension the formats and the search by pattern.
const loadedLater = {
  name: 'loaded-later',
  setup(build) {
    build.onResolve({ filter: /\/(drawing|exporter|globbing|recogniser)$/ }, ({ kind, path }) =>
      kind === 'dynamic-import' ? { path: `./${path.split('/').at(-1)}.js`, external: true } : undefined,
    );
  },
};
const apart = { plugins: [...common.plugins, loadedLater], supported: { 'dynamic-import': false } };

const builds = [
  {
    ...node,
    entryPoints: ['src/extension.ts'],
    outfile: 'dist/extension.js',
    external: ['vscode'],
    ...apart,
  },
  { ...node, entryPoints: ['src/bundles/recogniser.ts'], outfile: 'dist/recogniser.js' },
  { ...node, entryPoints: ['src/bundles/globbing.ts'], outfile: 'dist/globbing.js', ...moduleUrl },
  { ...node, entryPoints: ['src/worker.ts'], outfile: 'dist/worker.js', ...apart },
  { ...node, entryPoints: ['src/bundles/exporter.ts'], outfile: 'dist/exporter.js', ...apart },
  {
    ...node,
    entryPoints: ['src/cli.ts'],
    outfile: 'dist/cli.js',
    ...moduleUrl,
    ...apart,
    banner: { js: `#!/usr/bin/env node\n${moduleUrl.banner.js}` },
  },
  { ...node, entryPoints: ['src/bundles/drawing.ts'], outfile: 'dist/drawing.js' },
  {
    ...common,
    platform: 'browser',
    target: 'es2022',
    format: 'iife',
    entryPoints: ['webview/main.ts'],
    outfile: 'dist/webview.js',
  },
];
if (!production) {
  const outside = ['vscode', 'mocha', 'playwright-core', 'esbuild', 'typescript', 'prettier'];
  for (const layer of ['core', 'extension', 'ui']) {
    const index = layer === 'extension' ? find('test/extension', 'index.ts') : find(`test/${layer}`, 'accept.ts');
    builds.push({
      ...node,
      entryPoints: [...find(`test/${layer}`, '.test.ts'), ...index],
      outdir: `dist/test/${layer}`,
      outbase: `test/${layer}`,
      external: outside,
    });
  }
}

// Bundles of tests that no longer exist would still be run.
rmSync(production ? 'dist' : 'dist/test', { recursive: true, force: true });
if (watch) await Promise.all(builds.map(async (one) => (await context(one)).watch()));
else {
  const built = await Promise.all(builds.map((one) => build({ ...one, metafile: true })));
  const shipped = built.filter((_, i) => builds[i].outfile !== undefined);
  writeNotices(
    'dist/NOTICES.txt',
    shipped.flatMap(({ metafile }) => Object.keys(metafile.inputs)),
  );
}
