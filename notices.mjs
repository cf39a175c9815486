// The licences of the packages that are in the bundles, as one file beside them.
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What follows the line of the copyright. */
const termsOfMit = readFileSync(new URL('LICENSE', import.meta.url), 'utf8')
  .replace(/^[^]*?Copyright.*\n+/, '')
  .trim();

/**
 * Writes what each package of `inputs` asks to be kept with copies of it: its licence, or where it ships none
 * who made it, the comment at the head of its code and the terms.
 * @param {string} file
 * @param {Iterable<string>} inputs paths of all files in the bundles
 */
export function writeNotices(file, inputs) {
  const folders = new Set(
    [...inputs].map((path) => /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0]).filter((one) => one),
  );
  const notices = [...folders].sort().map((folder) => {
    const { name, version, license, main } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    return `${name} ${version} (${license})\n\n${textOf(folder, main)}\n`;
  });
  writeFileSync(file, `Mail Flow Report contains these packages.\n\n${notices.join(`\n${'-'.repeat(80)}\n\n`)}`);
}

/** @param {string} folder @param {string | undefined} main */
function textOf(folder, main) {
  const files = readdirSync(folder).filter((name) => /^(licen[cs]e|notice|copying)/i.test(name));
  if (files.length > 0) return files.map((name) => readFileSync(join(folder, name), 'utf8').trim()).join('\n\n');
  const { author, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  if (license !== 'MIT') throw new Error(`${folder} has no licence to be shipped with it`);
  const code = main !== undefined && existsSync(join(folder, main)) ? readFileSync(join(folder, main), 'utf8') : '';
  const comment = /^\s*\/\*!?([^]*?)\*\//
    .exec(code)?.[1]
    .replace(/^ \* ?/gm, '')
    .trim();
  return [`Copyright (c) ${author?.name ?? author}`, comment, termsOfMit].filter(Boolean).join('\n\n');
}
