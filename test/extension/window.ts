// The extension as it runs in this window, and small files to open.
import { ok } from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { commands, ConfigurationTarget, extensions, languages, Uri, workspace, type Diagnostic } from 'vscode';
import type { Analysis } from '../../src/core/reading/analysis';
import type { Cube } from '../../src/core/cube/cube';
import { lineOf, linesScheme } from '../../src/host/figures/excerpt';
import type { Api } from '../../src/host/start';
import { root } from '../root';

export const samplePath = join(root, 'samples/postfix/mail.log');

export async function activate(): Promise<Api> {
  const extension = extensions.getExtension<Api>('mail-flow-report.mail-flow-report');
  ok(extension, 'the extension is not there');
  return extension.activate();
}

/** Waits until something is so, since files, workers and settings take their time. */
export async function until<T>(
  what: string,
  get: () => T | undefined | false | null | Promise<T | undefined | false | null>,
  seconds = 60,
): Promise<T> {
  for (const deadline = Date.now() + seconds * 1000; Date.now() < deadline; await sleep(20)) {
    const value = await get();
    if (value) return value;
  }
  throw new Error(`not within ${seconds} s: ${what}`);
}

/** Changes a setting of the extension. `undefined` makes it the default again. */
export function set(key: string, value: unknown): Thenable<void> {
  return workspace.getConfiguration('mailFlow').update(key, value, ConfigurationTarget.Global);
}

/** What the Problems panel has from us, by path. */
export function problems(path: string): Diagnostic[] {
  return languages.getDiagnostics(Uri.file(path)).filter(({ source }) => source === 'Mail Flow');
}

/** The same of a log that extensions do not see, which are in documents with the lines around them. */
export function problemsAround(path: string): [Uri, Diagnostic][] {
  return languages
    .getDiagnostics()
    .flatMap(([uri, some]) =>
      uri.scheme === linesScheme && lineOf(uri).path === path ? some.map((one): [Uri, Diagnostic] => [uri, one]) : [],
    );
}

/** What reading a log with these figures gives. */
export function analysisOf(cube: Cube, path = samplePath): Analysis {
  const file: Analysis['files'][number] = {
    path,
    format: 'postfix',
    bytes: 1,
    lines: { read: 1, used: 1, context: 0, skipped: 0 },
    problems: [],
    state: 'complete',
    advice: [],
    checkpoints: [],
    covers: [],
  };
  return { files: [file], cube, progress: { read: 1, total: 1 }, complete: true };
}

/** A folder that is gone after the tests of the enclosing `describe`. */
export function useFolder(): (name: string, content?: string | Uint8Array) => string {
  const folder = mkdtempSync(join(tmpdir(), 'mail-flow-test-'));
  after(() => rmSync(folder, { recursive: true, force: true }));
  return (name, content) => {
    const path = join(folder, name);
    if (content !== undefined) writeFileSync(path, content);
    return path;
  };
}

export const sample = (): Buffer => readFileSync(samplePath);

/** The sample again and again, until it is larger than what VS Code gives to extensions. */
export function hugeLog(): Buffer {
  const one = sample();
  return Buffer.concat(Array.from({ length: Math.ceil((51 * 1024 * 1024) / one.length) }, () => one));
}

/** No files, no editors. */
export async function clear({ store, openFiles }: Api): Promise<void> {
  openFiles.cancel();
  await openFiles.remove(store.state.files.map(({ path }) => path));
  await commands.executeCommand('workbench.action.closeAllEditors');
}
