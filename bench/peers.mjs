import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const installed = (command) => spawnSync('sh', ['-c', `command -v ${command}`]).status === 0;
const quote = (text) => `'${text.replaceAll("'", "'\\''")}'`;
const hasDuckDb = await import('@duckdb/node-api').then(
  () => true,
  () => false,
);

/** The same sums in awk (by hour, direction and TLS version), without accounting, places, hosts or open ends. */
const awk = {
  postfix: `
    $5 ~ /smtpd\\[/ {
      if ($6 == "connect") tls[$5] = "none"
      else if ($8 == "connection") { v = $0; sub(/^.*: TLS/, "", v); tls[$5] = substr(v, 1, 4) }
      else if ($7 ~ /^client=/) n["in " $1 $2 substr($3, 1, 2) tls[$5]]++
      next
    }
    $5 ~ /smtp\\[/ {
      if ($8 == "connection") { v = $0; sub(/^.*: TLS/, "", v); tls[$5] = substr(v, 1, 4) }
      else if (/ status=sent /) n["out " $1 $2 substr($3, 1, 2) tls[$5]]++
    }
    END { for (k in n) print k, n[k] }`,
  exim: `
    $4 == "<=" || $4 == "=>" || $4 == "->" {
      v = "none"
      for (i = 5; i <= NF; i++) if ($i ~ /^X=/) v = substr($i, 3, 6)
      n[$4 " " $1 substr($2, 1, 2) v]++
    }
    END { for (k in n) print k, n[k] }`,
};

/** Tools that read the same file, of those that are installed. `wc -l` is the yardstick; what is `slow` runs once. */
export function peersFor(kind, file) {
  const f = quote(file);
  const all = [
    { name: 'wc -l', needs: 'wc', shell: `wc -l ${f}` },
    ...(awk[kind] ? [{ name: 'mawk, the same sums', needs: 'mawk', shell: `mawk ${quote(awk[kind])} ${f}` }] : []),
    ...(kind === 'postfix' ? [{ name: 'pflogsumm', needs: 'pflogsumm', shell: `pflogsumm ${f}`, slow: true }] : []),
    ...(kind === 'exim' ? [{ name: 'eximstats', needs: 'eximstats', shell: `eximstats ${f}`, slow: true }] : []),
  ];
  const duckDb = hasDuckDb && ['exchange-tracking', 'exchange-smtp', 'connector-report'].includes(kind);
  return [
    ...all.filter(({ needs }) => installed(needs)),
    ...(duckDb
      ? [
          {
            name: 'DuckDB, 2 threads',
            command: process.execPath,
            args: [join(import.meta.dirname, 'duckdb.mjs'), kind, file],
          },
        ]
      : []),
  ];
}
