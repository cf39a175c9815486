/** Cubes for the tests of insights. */
import type { Cube } from '../../../src/core/cube/cube';
import { CubeBuilder } from '../../../src/core/cube/cubebuilder';
import type { Limits } from '../../../src/core/insights/insight';
import { insightSentence } from '../../../src/core/insights/insightsentences';
import { judgeCube } from '../../../src/core/insights/judge';
import {
  DirectionCode,
  FaultCode,
  ForcedCode,
  OutcomeCode,
  TlsCode,
  TypeCode,
  UnitCode,
  type MailEvent,
} from '../../../src/core/model';
import type { Baseline } from '../../../src/core/report/baseline';
import { summarise } from '../../../src/core/report/query';
import { english } from '../../../src/core/text/translate';

export interface Mail {
  connector?: string;
  direction?: DirectionCode;
  outcome?: OutcomeCode;
  tls?: TlsCode;
  fault?: FaultCode;
  cipher?: string;
  count: number;
  time?: number;
}

/** The moment in which mail without a time is. */
export const noon = Date.UTC(2026, 0, 20, 12);

/** A cube of some mail, the first at line 1, the next at line 2 … */
export function cubeOf(mail: readonly Mail[]): Cube {
  const builder = new CubeBuilder();
  mail.forEach(({ connector, cipher, time, ...rest }, i) => {
    const event: MailEvent = {
      unit: UnitCode.message,
      direction: DirectionCode.inbound,
      outcome: OutcomeCode.accepted,
      tls: TlsCode.tls13,
      fault: FaultCode.none,
      forced: ForcedCode.unknown,
      type: TypeCode.unknown,
      connector: connector === undefined ? 0 : builder.connectors.internText(connector),
      cipher: cipher === undefined ? 0 : builder.ciphers.internText(cipher),
      server: 0,
      remote: 0,
      address: 0,
      evidence: 0,
      time: time ?? noon,
      recipients: rest.count,
      bytes: 0,
      line: i + 1,
      tlsAt: 0,
      ...rest,
    };
    builder.add(event, 0);
  });
  return builder.build();
}

export const day = 86_400_000;
/** The period of the insights; the one before it is the previous period. */
export const week = { from: noon - 7 * day, to: noon };

/** One message at the very start of the previous week: the log reaches back that far. */
export const begins: Mail = { connector: 'old', count: 1, time: noon - 14 * day };

/** Mail of the partner within the previous week. */
export function lastWeek(count: number, more: Partial<Mail> = {}): Mail {
  return { connector: 'partner', count, time: noon - 10 * day, ...more };
}

/** Mail of the partner within the week. */
export function thisWeek(count: number, more: Partial<Mail> = {}): Mail {
  return { connector: 'partner', count, time: noon - 3 * day, ...more };
}

/** Insights of the week, as sentences with the line. */
export function inWeek(all: Mail[], limits: Limits, baseline?: Baseline): string[] {
  const cube = cubeOf(all);
  const percent = (share: number, digits: number) => `${Number((share * 100).toFixed(digits))}%`;
  return judgeCube(cube, week, summarise(cube, week), limits, baseline).insights.map(
    (insight) =>
      `${insightSentence(english, insight, 'the week', String, percent).replace(', the week', '')} Line ${insight.place.line}.`,
  );
}
