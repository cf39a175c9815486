import { noShownTls, type ShownTls } from './evidence';
import {
  FaultCode,
  ForcedCode,
  OutcomeCode,
  TlsCode,
  type DirectionCode,
  type Minutes,
  type TypeCode,
  type UnitCode,
  type WordId,
} from '../model';

/**
 * Sums of mail events as columns, with interned words: the only thing that outlives the reading of a log.
 * Its size follows the mail system (connectors × TLS versions × minutes), not the length of the log.
 * All arrays can be posted to a worker or a page as they are; nothing in them is a row object.
 */
export interface Cube {
  /** Word lists; index 0 is "none" (no connector, no cipher logged), index 1 is `(other)`. */
  connectors: string[];
  ciphers: string[];
  /** Mail servers that wrote the logs; index 0 is that of lines that name none. */
  servers: string[];
  /** Remote hosts in lower case. */
  remotes: string[];
  series: SeriesColumns;
  cells: CellColumns;
  remoteCells: RemoteColumns;
  /** Minutes per time bucket of `cells` and of `remoteCells`: 1, unless a huge log had to be coarsened. */
  cellMinutes: number;
  remoteMinutes: number;
  /** Where the logs show TLS. Whoever reads them again judges by it from the first line on. */
  shownTls: ShownTls;
}

/** What a series of events has in common; `cells` and `remoteCells` point to a row here. */
export interface SeriesColumns {
  length: number;
  unit: Uint8Array;
  direction: Uint8Array;
  outcome: Uint8Array;
  tls: Uint8Array;
  fault: Uint8Array;
  forced: Uint8Array;
  type: Uint8Array;
  connector: Int32Array;
  cipher: Int32Array;
  server: Int32Array;
}

/**
 * Sums per minute and series, with the place (`file` index and `line` from 1) of the first event, and `tlsAt`, where
 * the log shows its TLS.
 */
export interface CellColumns {
  length: number;
  minute: Int32Array;
  series: Int32Array;
  messages: Float64Array;
  recipients: Float64Array;
  bytes: Float64Array;
  file: Int32Array;
  line: Float64Array;
  tlsAt: Float64Array;
}

/** The same facts once more per remote host, in time buckets of their own. */
export interface RemoteColumns {
  length: number;
  minute: Int32Array;
  series: Int32Array;
  remote: Int32Array;
  messages: Float64Array;
  recipients: Float64Array;
  file: Int32Array;
  line: Float64Array;
}

/** Where the id of the server stands in a packed series; there is room for 65,536 of them. */
const serverShift = 15;

/** A series as one number: fifteen bits of small enumerations, and the id of its server. */
export function packSeries(
  unit: UnitCode,
  direction: DirectionCode,
  outcome: OutcomeCode,
  tls: TlsCode,
  fault: FaultCode,
  forced: ForcedCode,
  type: TypeCode,
  server: WordId,
): number {
  return (
    unit |
    (direction << 1) |
    (outcome << 3) |
    (tls << 5) |
    (fault << 9) |
    (forced << 11) |
    (type << 13) |
    (server << serverShift)
  );
}

/** The packed series with the id that its server has in another list. */
export function withServer(packed: number, servers: Int32Array): number {
  return (packed & ((1 << serverShift) - 1)) | (servers[packed >>> serverShift] << serverShift);
}

/** The direction of a packed series. */
export function directionOf(packed: number): DirectionCode {
  return (packed >> 1) & 3;
}

/** Series columns from packed keys. `meaning(evidence)` says what an absent sign of TLS means. */
export function unpackSeries(
  length: number,
  packed: Int32Array,
  words: Int32Array,
  evidence: Int32Array,
  meaning: (evidence: number) => TlsCode,
): SeriesColumns {
  const bytes = () => new Uint8Array(length);
  const s: SeriesColumns = {
    length,
    unit: bytes(),
    direction: bytes(),
    outcome: bytes(),
    tls: bytes(),
    fault: bytes(),
    forced: bytes(),
    type: bytes(),
    connector: new Int32Array(length),
    cipher: new Int32Array(length),
    server: new Int32Array(length),
  };
  for (let i = 0; i < length; i++) {
    const p = packed[i];
    s.unit[i] = p & 1;
    s.direction[i] = directionOf(p);
    s.outcome[i] = (p >> 3) & 3;
    s.fault[i] = (p >> 9) & 3;
    s.forced[i] = (p >> 11) & 3;
    s.type[i] = (p >> 13) & 3;
    s.server[i] = p >>> serverShift;
    const tls = (p >> 5) & 15;
    if (tls !== TlsCode.absent) s.tls[i] = tls;
    else {
      s.tls[i] = meaning(evidence[i]);
      s.fault[i] = faultOfAbsence(s.tls[i], s.fault[i], s.forced[i], s.outcome[i]);
    }
    s.connector[i] = words[i] >>> cipherBits;
    s.cipher[i] = words[i] & (cipherLimit - 1);
  }
  return s;
}

/** The fault of mail without a sign of TLS: TLS was required and not met only where silence means No TLS. */
export function faultOfAbsence(tls: TlsCode, fault: FaultCode, forced: ForcedCode, outcome: OutcomeCode): FaultCode {
  return tls === TlsCode.none && forced === ForcedCode.yes && outcome === OutcomeCode.accepted
    ? FaultCode.requiredTlsNotMet
    : fault;
}

/** Connector and cipher ids share one key number: 22 bits and 9 bits. */
export const cipherBits = 9;
export const cipherLimit = 1 << cipherBits;

/** A cube without events. */
export function emptyCube(): Cube {
  const f = () => new Float64Array(0);
  const i = () => new Int32Array(0);
  return {
    connectors: ['', '(other)'],
    ciphers: ['', '(other)'],
    servers: ['', '(other)'],
    remotes: ['', '(other)'],
    series: unpackSeries(0, i(), i(), i(), () => TlsCode.unknown),
    cells: {
      length: 0,
      minute: i(),
      series: i(),
      messages: f(),
      recipients: f(),
      bytes: f(),
      file: i(),
      line: f(),
      tlsAt: f(),
    },
    remoteCells: {
      length: 0,
      minute: i(),
      series: i(),
      remote: i(),
      messages: f(),
      recipients: f(),
      file: i(),
      line: f(),
    },
    cellMinutes: 1,
    remoteMinutes: 1,
    shownTls: noShownTls,
  };
}

/** The minute in which a time lies. */
export function minuteOf(time: number): Minutes {
  return Math.floor(time / 60_000);
}

/** The start of the time bucket of so many minutes in which a minute lies. */
export function bucketStart(minute: Minutes, step: number): Minutes {
  return step === 1 ? minute : minute - (((minute % step) + step) % step);
}

/** Every buffer of the cube, for transfer to another thread. */
export function cubeBuffers(cube: Cube): ArrayBufferLike[] {
  return [cube.series, cube.cells, cube.remoteCells].flatMap((columns) =>
    Object.values(columns)
      .filter(ArrayBuffer.isView)
      .map((view) => view.buffer),
  );
}
