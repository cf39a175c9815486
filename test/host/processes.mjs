// @ts-check
// Children in process groups of their own, so that ending one also ends what it started, and nothing outlives us.
import { spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';

/** @typedef {import('node:child_process').ChildProcess} ChildProcess */
/**
 * @typedef {object} Shared
 * @property {Map<ChildProcess, () => void>} running what runs, and what to remove once it has ended
 * @property {boolean} watching
 * @property {boolean} stopping
 */
// Each test file is a bundle with a copy of this module, but a process has one list of children and one set of listeners.
const key = Symbol.for('mail-flow-report.processes'),
  everywhere = /** @type {Record<symbol, Shared>} */ (/** @type {unknown} */ (globalThis));
const shared = (everywhere[key] ??= { running: new Map(), watching: false, stopping: false }),
  { running } = shared;

/** Whether this process is on its way out, so that the end of a child is no news. */
export const isStopping = () => shared.stopping;

/**
 * From now on a signal ends every group politely and then this process, and any other exit ends them at once. Whoever
 * starts something that only an orderly exit ends (a browser) calls this too.
 */
export function endOrderly() {
  if (shared.watching) return;
  shared.watching = true;
  process.on('exit', () => {
    for (const [child, remove] of running) {
      signalGroup(child, 'SIGKILL');
      remove();
    }
  });
  for (const [signal, number] of /** @type {const} */ ([
    ['SIGINT', 2],
    ['SIGTERM', 15],
    ['SIGHUP', 1],
  ])) {
    process.once(signal, () => void endAll(128 + number));
  }
  // npm passes a SIGTERM on to the shell between it and us, which ends and tells us nothing: we only become an orphan.
  const parent = process.ppid;
  if (process.env.npm_lifecycle_event)
    setInterval(() => {
      if (process.ppid !== parent) void endAll(143);
    }, 250).unref();
}

/** Ends every group, then this process. @param {number} code */
async function endAll(code) {
  shared.stopping = true;
  await Promise.all([...running.keys()].map((child) => endGroup(child)));
  process.exit(code);
}

/**
 * @param {ChildProcess} child
 * @param {NodeJS.Signals | 0} signal
 * @returns {boolean} whether the group still had a process
 */
function signalGroup(child, signal) {
  if (child.pid === undefined) return false;
  try {
    return process.kill(-child.pid, signal);
  } catch {
    return false;
  }
}

/**
 * Starts a program as the leader of a process group.
 * @param {string} command
 * @param {string[]} args
 * @param {import('node:child_process').SpawnOptions} options
 * @param {() => void} [remove] runs once, after the group has ended (to delete its folders)
 */
export function startGroup(command, args, options, remove = () => {}) {
  endOrderly();
  const child = spawn(command, args, { ...options, detached: true });
  running.set(child, remove);
  return child;
}

/**
 * Ends a group: SIGTERM, then SIGKILL for what is left after `grace` milliseconds.
 * @param {ChildProcess} child
 */
export async function endGroup(child, grace = 8000) {
  const deadline = Date.now() + grace;
  signalGroup(child, 'SIGTERM');
  while (child.exitCode === null && child.signalCode === null && Date.now() < deadline) await sleep(20);
  // The leader is gone; its children get a moment to finish writing.
  const last = Math.min(deadline, Date.now() + 1000);
  while (signalGroup(child, 0) && Date.now() < last) await sleep(20);
  signalGroup(child, 'SIGKILL');
  const remove = running.get(child);
  running.delete(child);
  remove?.();
}

/**
 * Runs a program to its end, its output shown as our own.
 * @param {string} command
 * @param {string[]} args
 * @param {{ cwd: string, env?: NodeJS.ProcessEnv, minutes?: number, abort?: AbortSignal }} options
 *   `abort` ends it early, and then there is no limit of minutes.
 * @returns {Promise<number>} its exit code; 1 when it was ended by a signal, by `abort` or by the time limit
 */
export async function run(command, args, { cwd, env = process.env, minutes = 15, abort }) {
  const child = startGroup(command, args, { cwd, env, stdio: ['ignore', 'inherit', 'inherit'] });
  const late = () => {
    console.error(`Ended after ${minutes} minutes: ${command} ${args.join(' ')}`);
    void endGroup(child);
  };
  const limit = abort ? undefined : setTimeout(late, minutes * 60_000);
  const end = () => void endGroup(child);
  abort?.addEventListener('abort', end, { once: true });
  const code = await new Promise((done) => {
    child.once('error', (error) => {
      console.error(`Cannot start ${command}: ${error.message}`);
      done(1);
    });
    child.once('exit', (exit) => done(exit ?? 1));
  });
  clearTimeout(limit);
  abort?.removeEventListener('abort', end);
  await endGroup(child);
  return code;
}
