import { Verdict } from '../../reading/format';
import type { Inbound } from './inbound';
import type { Outbound } from './outbound';
import type { Program } from './programs';
import type { QueueId } from './queueid';

/** A mail server: its processes and queue ids are its own. */
export interface Host {
  inbound: Inbound;
  outbound: Outbound;
  /** The connector of deliveries by each program, once there was one. */
  connectors: (number | undefined)[];
}

/** Where a message comes from. */
export interface Origin {
  host: Host;
  program: Program;
}

/** The queue manager is done with a message. */
export function removeId(id: QueueId, { inbound, outbound }: Host): Verdict {
  const verdict = inbound.forget(id);
  outbound.removed(id, verdict === Verdict.unresolved);
  return verdict;
}
