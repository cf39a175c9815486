import type { Stats } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { identityOf } from './blocks';

/** Most folders beside a log in which its older ones are looked for. */
const mostFolders = 50;

const packedEnd = String.raw`(?:\.(?:gz|zst|xz|bz2))?`;
/** What tells rotated logs apart: a number or a date, also with a time. */
const mark = String.raw`[._-]\d[\d._TZ:+-]*`;

/** A file on disk as it was when it was listed. */
export interface Listed {
  path: string;
  inode: string;
  info: Stats;
}

/** The path that a log has while it is written: that of `mail.log.1`, `mail-2.log` or `mail.log-20261124.gz` without the mark. */
export function currentOf(path: string): string {
  const name = basename(path).replace(new RegExp(`${packedEnd}$`), '');
  const current = name.replace(new RegExp(`(?:${mark}|\\.old)$`), '');
  return join(dirname(path), current === '' ? name : current);
}

/**
 * The log at this path and the files named like a rotation of it, beside it and in the folders beside it: `mail.log.1`,
 * `mail.log-20261124`, `mail-1.log`, `old/mail.log.2.gz` (logrotate, newsyslog, Log4j).
 */
export async function listRotation(path: string): Promise<Listed[]> {
  const folder = dirname(path),
    names = namesOf(basename(path));
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const folders = entries.filter((entry) => entry.isDirectory() && !entry.name.startsWith('.')).slice(0, mostFolders);
  const deeper = await Promise.all(
    folders.map(async ({ name }) => (await readdir(join(folder, name)).catch(() => [])).map((one) => join(name, one))),
  );
  const all = [...entries.filter((entry) => !entry.isDirectory()).map(({ name }) => name), ...deeper.flat()];
  const found = await Promise.all(
    all.filter((name) => names.test(basename(name))).map((name) => listed(join(folder, name))),
  );
  return found.filter((one) => one !== undefined);
}

/** A regular file as it is now. */
export async function listed(path: string): Promise<Listed | undefined> {
  const info = await stat(path).catch(() => undefined);
  return info?.isFile() ? { path, inode: identityOf(info), info } : undefined;
}

function namesOf(name: string): RegExp {
  const ending = /^(.+)(\.[A-Za-z]+)$/.exec(name);
  const escaped = (text: string) => text.replace(/[^\w]/g, String.raw`\$&`);
  const behind = `${escaped(name)}(?:${mark}|\\.old)?`,
    before = ending ? `|${escaped(ending[1])}${mark}${escaped(ending[2])}` : '';
  return new RegExp(`^(?:${behind}${before})${packedEnd}$`);
}
