/** Boundaries and promises of the tree that a compiler does not see. */
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';

const root = resolve(__dirname, '../../..');

/** From which part a file may import which parts; nothing else. `.` is the file's own part. */
const arrows: Record<string, string[]> = {
  'src/core': ['.'],
  'src/kernel': ['.'],
  'src/presentation': ['.', 'src/core'],
  'src/export': ['.', 'src/core', 'src/presentation'],
  'src/drawing.ts': ['src/presentation'],
  'src/source': ['.', 'src/core', 'src/protocol.ts', 'package.json'],
  'src/protocol.ts': ['src/core'],
  'src/exporter.ts': ['src/core', 'src/presentation', 'src/source', 'src/export', 'src/protocol.ts', 'src/drawing.ts'],
  'src/worker.ts': ['src/core', 'src/source', 'src/exporter.ts', 'src/protocol.ts'],
  'src/cli.ts': [
    'src/core',
    'src/presentation',
    'src/source',
    'src/export',
    'src/protocol.ts',
    'src/cli',
    'src/exporter.ts',
    'package.json',
  ],
  'src/cli': ['.', 'src/core', 'src/export', 'src/source', 'src/protocol.ts'],
  'src/recogniser.ts': ['src/core'],
  'src/globbing.ts': [],
  'src/host': [
    '.',
    'src/core',
    'src/presentation',
    'src/export',
    'src/source',
    'src/protocol.ts',
    'src/recogniser.ts',
    'src/globbing.ts',
  ],
  'src/extension.ts': ['src/host'],
  webview: ['.', 'src/core', 'src/presentation', 'src/protocol.ts'],
};

function sources(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((e) => e.isFile() && e.name.endsWith('.ts'))
    .map((e) => relative(root, join(e.parentPath ?? e.path, e.name)));
}

const partOf = (file: string) =>
  Object.keys(arrows)
    .filter((part) => file === part || file.startsWith(`${part}/`))
    .sort((a, b) => b.length - a.length)[0];

describe('the tree', () => {
  const files = [...sources('src'), ...sources('webview')];

  it('imports only along the allowed arrows, types included', () => {
    const wrong = files.flatMap((file) =>
      [...readFileSync(join(root, file), 'utf8').matchAll(/(?:from|import)\s*\(?\s*'(\.[^']*)'/g)].flatMap(
        ([, target]) => {
          const path = relative(root, resolve(root, dirname(file), target));
          const from = partOf(file),
            to = partOf(path) ?? partOf(`${path}.ts`) ?? path;
          return from && (arrows[from].includes(to) || (to === from && arrows[from].includes('.')))
            ? []
            : [`${file} -> ${path}`];
        },
      ),
    );
    assert.deepEqual(wrong, []);
  });
  it('only the host knows VS Code', () => {
    assert.deepEqual(
      files.filter(
        (file) =>
          /from 'vscode'/.test(readFileSync(join(root, file), 'utf8')) &&
          !file.startsWith('src/host/') &&
          file !== 'src/extension.ts',
      ),
      [],
    );
  });
  it('only one file knows the webview toolkit', () => {
    assert.deepEqual(
      files
        .filter((file) => /@vscode\/webview-ui-toolkit/.test(readFileSync(join(root, file), 'utf8')))
        .filter((file) => file !== 'webview/controls.ts'),
      [],
    );
  });
  it('no file is longer than 300 lines', () => {
    assert.deepEqual(
      [...files, ...sources('test')].filter((file) => readFileSync(join(root, file), 'utf8').split('\n').length > 301),
      [],
    );
  });
});
