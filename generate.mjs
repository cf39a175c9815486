// `npm run generate`: writes what follows from the rules of the insights, after one was added or changed: the list of
// rules, their settings and texts in package.json and package.nls*.json, and their Italian in l10n.
// A test (test/core/house/generated.test.ts) fails as long as a file is not as it is written here.
import { build } from 'esbuild';
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';

const root = fileURLToPath(new URL('.', import.meta.url));

/** Runs a module of test/generated. The list of rules must be right before a module that imports it can run. */
async function load(name) {
  const { outputFiles } = await build({
    entryPoints: [join(root, 'test/generated', name)],
    bundle: true,
    platform: 'node',
    format: 'esm',
    write: false,
    // A module in a data: address has no folder.
    define: { __dirname: JSON.stringify(root) },
  });
  return import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString('base64')}`);
}

function write(path, text) {
  if (readFileSync(join(root, path), 'utf8') === text) return;
  writeFileSync(join(root, path), text);
  console.log(`wrote ${path}`);
}

const { ruleList, ruleListText, ruleFiles } = await load('rulelist.ts');
write(ruleList, ruleListText(ruleFiles(root)));
const { generatedTexts } = await load('texts.ts');
for (const [path, text] of generatedTexts(root)) write(path, text);
