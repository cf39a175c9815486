/** Cubes for the tests of insights. */
import type { Cube } from '../../../src/core/cube/cube';
import { CubeBuilder } from '../../../src/core/cube/cubebuilder';
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
      remote: 0,
      address: 0,
      evidence: 0,
      time: time ?? noon,
      recipients: rest.count,
      bytes: 0,
      line: i + 1,
      ...rest,
    };
    builder.add(event, 0);
  });
  return builder.build();
}
