/** Boundaries and promises of the tree that a compiler does not see. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { root } from '../../root';

/**
 * The rooms of the core, lowest first: bytes go up. A room may import itself and those that it names, types included.
 * No room names one above it, so no arrow runs back up.
 */
const core: [room: string, below: string[]][] = [
  ['model.ts', []],
  ['text', ['model.ts']],
  ['cube', ['model.ts', 'text']],
  ['connectors', ['model.ts', 'text', 'cube']],
  ['reading', ['model.ts', 'text', 'cube', 'connectors']],
  ['formats/shared', ['model.ts', 'text', 'cube', 'reading']],
  ['formats', ['model.ts', 'text', 'cube', 'connectors', 'reading', 'formats/shared']],
  ['report', ['model.ts', 'text', 'cube']],
  ['drilldown', ['model.ts', 'text', 'cube', 'reading', 'formats/shared', 'report']],
  ['insights', ['model.ts', 'text', 'cube', 'connectors', 'report', 'drilldown']],
];
const all = core.map(([room]) => `src/core/${room}`);

/** What every feature of the host may use, lowest first. */
const hostBase = [
  'dispose.ts',
  'own.ts',
  'throttle.ts',
  'slices.ts',
  'wording.ts',
  'notify.ts',
  'configuration.ts',
  'health.ts',
];
/** The features of the host, each with the features that it may import. */
const hostFeatures: [feature: string, below: string[]][] = [
  ['reading', []],
  ['figures', ['reading']],
  ['editor', ['reading', 'figures']],
  ['settings', ['reading']],
  ['problems', ['reading', 'figures', 'editor']],
  ['report', ['reading', 'editor']],
  ['tree', ['reading', 'figures', 'settings']],
];
const belowHost = [...all, 'src/presentation', 'src/export', 'src/source', 'src/protocol.ts', 'src/bundles'];
const inHost = (names: readonly string[]) => names.map((name) => `src/host/${name}`);

/** From which part a file may import which parts; nothing else. */
const arrows: Record<string, string[]> = {
  ...Object.fromEntries(core.map(([room, below]) => [`src/core/${room}`, below.map((one) => `src/core/${one}`)])),
  'src/kernel': [],
  'src/presentation': all,
  'src/export': [...all, 'src/presentation'],
  'src/protocol.ts': all,
  'src/source': [...all, 'src/protocol.ts', 'package.json'],
  'src/bundles': [...all, 'src/presentation', 'src/source', 'src/export', 'src/protocol.ts'],
  'src/worker.ts': [...all, 'src/source', 'src/bundles', 'src/protocol.ts'],
  'src/cli': [...all, 'src/export', 'src/source', 'src/protocol.ts'],
  'src/cli.ts': [
    ...all,
    'src/presentation',
    'src/source',
    'src/export',
    'src/protocol.ts',
    'src/cli',
    'src/bundles',
    'package.json',
  ],
  ...Object.fromEntries(
    hostBase.map((name, i) => [`src/host/${name}`, [...belowHost, ...inHost(hostBase.slice(0, i))]]),
  ),
  ...Object.fromEntries(
    hostFeatures.map(([feature, below]) => [`src/host/${feature}`, [...belowHost, ...inHost([...hostBase, ...below])]]),
  ),
  'src/host': [...belowHost, ...inHost([...hostBase, ...hostFeatures.map(([feature]) => feature)])],
  'src/extension.ts': ['src/host'],
  webview: [...all, 'src/presentation', 'src/protocol.ts'],
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

interface Import {
  file: string;
  /** The imported file. */
  target: string;
  /** Whether it is only of types, which leave nothing to load. */
  typeOnly: boolean;
}

/** Every relative import of a file, re-exports and dynamic ones too. */
function importsOf(file: string): Import[] {
  const text = readFileSync(join(root, file), 'utf8');
  const found: Import[] = [];
  for (const [, head, path] of text.matchAll(/^(?:import|export)\b([^;']*?)\bfrom\s+'(\.[^']*)'/gm)) {
    const names = head
      .replace(/[{}]/g, '')
      .split(',')
      .map((name) => name.trim())
      .filter(Boolean);
    const typeOnly = /^\s*type\s/.test(head) || (names.length > 0 && names.every((name) => name.startsWith('type ')));
    found.push({ file, target: resolved(file, path), typeOnly });
  }
  for (const [, path] of text.matchAll(/(?:\bimport\s*\(\s*|^import\s+)'(\.[^']*)'/gm)) {
    found.push({ file, target: resolved(file, path), typeOnly: true });
  }
  return found;
}

function resolved(file: string, path: string): string {
  const base = relative(root, resolve(root, dirname(file), path));
  return [`${base}.ts`, `${base}/index.ts`].find((one) => existsSync(join(root, one))) ?? base;
}

/** The circles among files that load one another at run time, each as the files on it. */
function circles(imports: Map<string, string[]>): string[] {
  const found: string[] = [];
  const open: string[] = [];
  const done = new Set<string>();
  const visit = (file: string) => {
    if (open.includes(file)) found.push([...open.slice(open.indexOf(file)), file].join(' -> '));
    if (open.includes(file) || done.has(file)) return;
    open.push(file);
    for (const target of imports.get(file) ?? []) visit(target);
    open.pop();
    done.add(file);
  };
  for (const file of imports.keys()) visit(file);
  return found;
}

describe('the tree', () => {
  const files = [...sources('src'), ...sources('webview')];
  const imports = files.filter((file) => !file.startsWith('src/kernel/')).flatMap(importsOf);

  it('imports only along the allowed arrows, types included', () => {
    const wrong = imports.filter(({ file, target }) => {
      const from = partOf(file);
      const to = partOf(target) ?? target;
      return from === undefined || (from !== to && !arrows[from].includes(to));
    });
    assert.deepEqual(wrong, []);
  });
  it('no room of the core names one above it', () => {
    const rooms = core.map(([room]) => room);
    const wrong = core.flatMap(([room, below]) =>
      below.filter((one) => !rooms.slice(0, rooms.indexOf(room)).includes(one)),
    );
    assert.deepEqual(wrong, []);
  });
  it('no feature of the host names a later one', () => {
    const features = hostFeatures.map(([feature]) => feature);
    const wrong = hostFeatures.flatMap(([one, below]) =>
      below.filter((other) => features.indexOf(other) >= features.indexOf(one)),
    );
    assert.deepEqual(wrong, []);
  });
  it('has no circles at run time', () => {
    const loads = new Map(files.map((file) => [file, [] as string[]]));
    for (const { file, target, typeOnly } of imports) if (!typeOnly) loads.get(file)!.push(target);
    assert.deepEqual(circles(loads), []);
    assert.deepEqual(
      circles(
        new Map([
          ['a', ['b']],
          ['b', ['c']],
          ['c', ['b']],
        ]),
      ),
      ['b -> c -> b'],
    );
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
});
