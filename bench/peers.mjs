import { spawnSync } from 'node:child_process';

const installed = (command) => spawnSync('sh', ['-c', `command -v ${command}`]).status === 0;
const quote = (text) => `'${text.replaceAll("'", "'\\''")}'`;

/** Tools that read the same file, of those that are installed. `wc -l` is the yardstick. */
export function peersFor(kind, file) {
  const f = quote(file);
  const all = [
    { name: 'wc -l', needs: 'wc', shell: `wc -l ${f}` },
    { name: 'mawk, count by first word', needs: 'mawk', shell: `mawk '{ n[$1]++ } END { for (k in n) print k, n[k] }' ${f}` },
    ...(kind === 'postfix' ? [{ name: 'pflogsumm', needs: 'pflogsumm', shell: `pflogsumm ${f}` }] : []),
    ...(kind === 'exim' ? [{ name: 'eximstats', needs: 'eximstats', shell: `eximstats ${f}` }] : []),
  ];
  return all.filter(({ needs }) => installed(needs));
}
