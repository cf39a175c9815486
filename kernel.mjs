// Compiles src/kernel, for every bundle that reads logs.
import asc from 'assemblyscript/asc';
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** Files below `folder` whose name ends with `ending`; Node 20 has no fs.globSync. */
export function find(folder, ending) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((e) => e.isFile() && e.name.endsWith(ending))
    .map((e) => join(e.parentPath ?? e.path, e.name));
}

let kernelBuild, kernelOf;
/** Compiled once for all bundles, and again when a source has changed. */
function compiledKernel() {
  const sources = String(find('src/kernel', '.ts').map((file) => statSync(file).mtimeMs));
  if (sources === kernelOf) return kernelBuild;
  kernelOf = sources;
  kernelBuild = (async () => {
    let wasm;
    const stderr = asc.createMemoryStream();
    const { error } = await asc.main(
      [
        'src/kernel/index.ts',
        '--outFile',
        'kernel.wasm',
        '--runtime',
        'stub',
        '--enable',
        'simd',
        '-O3',
        '--noAssert',
        '--initialMemory',
        '32',
        '--maximumMemory',
        '32',
      ],
      {
        readFile: (name) => (existsSync(name) ? readFileSync(name, 'utf8') : null),
        writeFile: (_, contents) => {
          wasm = contents;
        },
        listFiles: () => [],
        stderr,
      },
    );
    if (error) throw new Error(`src/kernel does not compile: ${stderr.toString()}`);
    return wasm;
  })();
  return kernelBuild;
}

/** The WebAssembly module, compiled from src/kernel and put into the bundles that need it. */
export const kernel = {
  name: 'kernel',
  setup(build) {
    build.onResolve({ filter: /^kernel\.wasm$/ }, () => ({ path: 'kernel.wasm', namespace: 'kernel' }));
    build.onLoad({ filter: /.*/, namespace: 'kernel' }, async () => ({
      contents: await compiledKernel(),
      loader: 'binary',
      watchFiles: find('src/kernel', '.ts'),
    }));
  },
};
