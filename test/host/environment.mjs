// @ts-check
// What a child process may inherit.

/**
 * The environment without what npm and VS Code leave in it for their own children: a nested npm would take over the outer
 * one's prefix and lifecycle, and a VS Code started from VS Code's terminal would join the running one.
 * What the user configured for npm (its registry, say) stays.
 * @param {NodeJS.ProcessEnv} [extra] added or replaced
 * @returns {NodeJS.ProcessEnv}
 */
export function childEnvironment(extra = {}) {
  const left =
    /^(npm_(package|lifecycle|config_(local_|global_)?prefix|command$|execpath$|node_execpath$)|VSCODE_|ELECTRON_|INIT_CWD$)/i;
  const kept = Object.entries(process.env).filter(([name]) => !left.test(name));
  return { ...Object.fromEntries(kept), ...extra };
}
