/** The sentences of the source: the first argument of every call of `t`. */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../root';

/** A literal in either kind of quotes. */
const literal = String.raw`(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")`;
/** A call of `t` with literals that are joined, as long sentences are. */
const call = new RegExp(String.raw`\bt\(\s*(${literal}(?:\s*\+\s*${literal})*)`, 'g');

/** The sources in these folders, by their names from the root, without comments that have their own lines. */
export function sources(folders: readonly string[]): { file: string; source: string }[] {
  return folders
    .flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
        .filter((file) => file.endsWith('.ts'))
        .map((file) => join(folder, file)),
    )
    .map((file) => ({
      file,
      source: readFileSync(join(root, file), 'utf8').replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, ''),
    }));
}

/** Every sentence that a source asks a translation for. */
export function sentencesOf(source: string): string[] {
  return [...source.matchAll(call)].map(([, literals]) =>
    [...literals.matchAll(new RegExp(literal, 'g'))]
      .map(([part]) => part.slice(1, -1).replace(/\\(.)/g, '$1'))
      .join(''),
  );
}

/** The gaps of a sentence, in order of their numbers. */
export function gapsOf(sentence: string): string[] {
  return [...sentence.matchAll(/\{\d\}/g)].map(String).sort();
}
