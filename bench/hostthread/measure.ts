// Runs inside the extension host. The longest block is the longest time between two turns of its event loop.
import { appendFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { extensions, languages, Uri, workspace } from 'vscode';
import type { Baseline } from '../../src/core/report/baseline';
import type { Cube } from '../../src/core/cube/cube';
import { CubeBuilder } from '../../src/core/cube/cubebuilder';
import { rules } from '../../src/core/insights/index';
import type { Limits } from '../../src/core/insights/insight';
import { DirectionCode, FaultCode, ForcedCode, OutcomeCode, TlsCode, TypeCode, UnitCode } from '../../src/core/model';
import { summarise } from '../../src/core/report/query';
import { exportFormats } from '../../src/export/endings';
import { Analyser } from '../../src/host/reading/analyser';
import type { Api } from '../../src/host/start';

const connectors = 9_990,
  day = 86_400_000,
  end = Date.UTC(2026, 0, 20),
  path = '/var/log/many.log';
/** Every rule, at its lowest threshold. */
const limits: Limits = Object.fromEntries(rules.map(({ setting, least }) => [setting, least]));

export async function run(): Promise<void> {
  const extension = extensions.getExtension<Api>('mail-flow-report.mail-flow-report')!,
    { store, report, connectors: tree } = await extension.activate();
  const cube = manyConnectors(),
    before = store.state;
  const settings = { ...before.settings, limits },
    baseline = halfOf(cube);
  const analysis = {
    files: [
      {
        path,
        format: 'postfix',
        bytes: 1,
        lines: { read: 1, used: 1, context: 0, skipped: 0 },
        problems: [],
        state: 'complete' as const,
        advice: [],
        checkpoints: [],
        covers: [],
      },
    ],
    cube,
    progress: { read: 1, total: 1 },
    complete: true,
  };
  tell(`${connectors} connectors, ${rules.length} rules, ${cube.series.length} series, ${cube.cells.length} cells`);
  await measure('nothing to do', () => sleep(1000));
  for (const round of [1, 2, 3]) {
    await measure(`round ${round}: report, tree and Problems`, async () => {
      store.update({ settings, baseline, analysis: { ...analysis } });
      const { insights } = (await store.settled())!;
      while (languages.getDiagnostics(Uri.file(path)).length < 1000) await sleep(5);
      return `${insights.length} insights`;
    });
    for (const root of tree.getChildren())
      await measure(`round ${round}: ${tree.getTreeItem(root).label as string} in the tree`, async () => {
        for (const row of tree.getChildren(root)) tree.getTreeItem(row);
      });
    store.update({ analysis: undefined });
    await sleep(500);
  }
  await measure('the page opens with it', async () => {
    store.update({ settings, baseline, analysis: { ...analysis } });
    const drawn = new Promise<void>((resolve) => {
      report.onDidDraw(resolve);
    });
    report.show();
    await Promise.race([drawn, sleep(20_000)]);
  });
  const {
      analysis: { cube: shown, ...rest },
      view: { zone, ...view },
    } = (await store.settled())!,
    analyser = new Analyser(join(extension.extensionPath, 'dist/worker.js'));
  for (const format of exportFormats) {
    await measure(`export as ${format}`, async () => {
      const content = await analyser.export(
        {
          format,
          pseudonyms: false,
          analysis: rest,
          view: { ...view, timeZone: zone.name },
          tool: { name: 'bench', version: '0', generated: new Date() },
          rules: [],
          language: 'en',
          sentences: {},
        },
        shown,
      );
      await workspace.fs.writeFile(Uri.file(`${process.env.MAIL_FLOW_BENCH_RESULT!}.export`), content);
      return `${(content.length / 1e6).toFixed(1)} MB`;
    });
  }
  store.update({ ...before });
}

/** The window's own log is seen by nobody, so figures go to a file. */
function tell(line: string): void {
  appendFileSync(process.env.MAIL_FLOW_BENCH_RESULT!, `${line}\n`);
}

/**
 * Milliseconds for which this thread had a processor (Linux), which other work on the machine does not change;
 * elsewhere those of the whole process.
 */
function busy(): number {
  try {
    return Number(readFileSync('/proc/thread-self/schedstat', 'utf8').split(' ')[0]) / 1e6;
  } catch {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1000;
  }
}

/** The longest block until `act` has ended and what it set off is over: by the clock, and how long it had a processor. */
async function measure(name: string, act: () => Promise<unknown>): Promise<void> {
  let last = performance.now(),
    used = busy(),
    longest = 0,
    busiest = 0,
    running = true;
  const turn = () => {
    const now = performance.now(),
      usedNow = busy();
    longest = Math.max(longest, now - last);
    busiest = Math.max(busiest, usedNow - used);
    last = now;
    used = usedNow;
    if (running) setImmediate(turn);
  };
  turn();
  const started = performance.now(),
    result = await act(),
    ended = performance.now();
  await sleep(300);
  running = false;
  tell(
    `${name}: longest block ${busiest.toFixed(1)} ms of work, ${longest.toFixed(1)} ms by the clock; ` +
      `${(ended - started).toFixed(0)} ms in all${typeof result === 'string' ? `, ${result}` : ''}`,
  );
}

/** Connectors with mail of every kind that a rule looks for, in this period and the one before. */
function manyConnectors(): Cube {
  const builder = new CubeBuilder();
  for (let half = 0; half < 28; half++) {
    for (let c = 0; c < connectors; c++) {
      builder.add(
        {
          unit: UnitCode.message,
          direction: c % 2 === 0 ? DirectionCode.inbound : DirectionCode.outbound,
          outcome: OutcomeCode.accepted,
          tls: [TlsCode.none, TlsCode.tls10, TlsCode.tls11, TlsCode.unknown, TlsCode.tls13][half % 5],
          fault: half % 2 === 0 ? FaultCode.requiredTlsNotMet : FaultCode.clearAfterFailedHandshake,
          forced: ForcedCode.unknown,
          type: TypeCode.unknown,
          connector: builder.connectors.internText(`connector ${c}`),
          cipher: builder.ciphers.internText(half % 2 === 0 ? 'RC4-SHA' : 'AES256-SHA'),
          server: 0,
          remote: builder.remotes.internText(`mx${c % 3000}.example`),
          address: 0,
          evidence: 0,
          time: end - (half * day) / 2,
          recipients: 1,
          bytes: 1000,
          line: half * connectors + c + 1,
          tlsAt: 0,
          count: half < 14 ? 5 : 2,
        },
        0,
      );
    }
  }
  return builder.build();
}

/** A baseline in which every connector had half as much mail without TLS. */
function halfOf(cube: Cube): Baseline {
  const before = summarise(cube).connectors.map(({ name, direction, tls }) => ({
    name,
    direction,
    tls: tls.map((n, version) => (version === TlsCode.none ? Math.floor(n / 2) : n)),
  }));
  return { from: null, to: null, connectors: before };
}
