/** Cubes and snapshots for the tests of the page. */
import { CubeBuilder } from '../../../src/core/cube/cubebuilder';
import type { Cube } from '../../../src/core/cube/cube';
import { defaultLimits } from '../../../src/core/insights/index';
import type { TlsCode } from '../../../src/core/model';
import {
  DirectionCode,
  ForcedCode,
  OutcomeCode,
  TypeCode,
  UnitCode,
  type FileReport,
  type MailEvent,
} from '../../../src/core/model';
import type { ReportSnapshot } from '../../../src/protocol';
import type { Theme } from '../../../src/presentation/charts';
import { fillOf } from '../../../src/presentation/charts';

/** One kind of event, as a test writes it down. */
export interface Kind {
  connector?: string;
  direction?: DirectionCode;
  tls: TlsCode;
  count?: number;
  time?: number;
  cipher?: string;
  server?: string;
  remote?: string;
  outcome?: OutcomeCode;
  unit?: UnitCode;
  type?: TypeCode;
  forced?: ForcedCode;
  file?: number;
  line?: number;
}

export const noon = Date.UTC(2024, 2, 19, 12);

export function cubeOf(kinds: readonly Kind[]): Cube {
  const builder = new CubeBuilder();
  kinds.forEach((kind, i) =>
    builder.add(
      {
        unit: kind.unit ?? UnitCode.message,
        direction: kind.direction ?? DirectionCode.inbound,
        outcome: kind.outcome ?? OutcomeCode.accepted,
        tls: kind.tls,
        fault: 0,
        forced: kind.forced ?? ForcedCode.unknown,
        type: kind.type ?? TypeCode.unknown,
        connector: builder.connectors.internText(kind.connector ?? ''),
        cipher: builder.ciphers.internText(kind.cipher ?? ''),
        server: builder.servers.id(kind.server ?? ''),
        remote: builder.remotes.internText(kind.remote ?? 'mx.example'),
        address: 0,
        evidence: 0,
        time: kind.time ?? noon,
        count: kind.count ?? 1,
        recipients: kind.count ?? 1,
        bytes: 100,
        line: kind.line ?? i + 1,
        tlsAt: 0,
      } satisfies MailEvent,
      kind.file ?? 0,
    ),
  );
  return builder.build();
}

export function snapshotOf(cube: Cube, changes: Partial<ReportSnapshot> = {}): ReportSnapshot {
  const file: FileReport = {
    path: '/var/log/mail.log',
    format: 'postfix',
    bytes: 1,
    lines: { read: 10, used: 7, context: 2, skipped: 1 },
    problems: [{ code: 'bad-time', count: 1, line: 4 }],
    state: 'complete',
    advice: [],
    checkpoints: [],
    covers: [],
  };
  return {
    analysis: { files: [file], cube, progress: { read: 1, total: 1 }, complete: true },
    reading: false,
    limits: defaultLimits,
    period: 'all',
    timeZone: 'UTC',
    language: 'en',
    sentences: {},
    fileNames: ['mail.log'],
    filters: [],
    ...changes,
  };
}

export const theme: Theme = {
  foreground: '#ccc',
  muted: '#999',
  grid: '#888',
  background: '#1f1f1f',
  font: 'sans-serif',
  fontSize: 13,
  lines: ['#1', '#2', '#3', '#4', '#5', '#6', '#7', '#8'].map((c) => `${c}00000`),
  others: '#999999',
  fills: Array.from({ length: 8 }, (_, version) => fillOf(version)),
};
