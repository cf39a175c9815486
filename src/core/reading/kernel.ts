import wasm from 'kernel.wasm';

/** The functions of the engine (src/kernel): numbers are positions in its memory, or what its comments say. */
export interface KernelFunctions {
  memory: { buffer: ArrayBuffer };
  next: { value: number };
  lines: { value: number };
  room(): number;
  fileRoom(): number;
  forgetStamp(): void;
  learnStamp(start: number, length: number, zone: number, zoneLength: number, fraction: boolean): void;
  learnOrigin(start: number, end: number, kind: number, id: number): number;
  postfix(from: number, to: number): number;
  postfixForget(): void;
  postfixProtocol(start: number, end: number): number;
  postfixRecords(): number;
  postfixRelay(place: number, start: number, end: number): number;
  rows(from: number, to: number, separator: number, first: number, last: number): number;
  rowsAt(): number;
  smtp(from: number, to: number): number;
  smtpConnector(place: number, start: number, end: number): number;
  smtpDay(start: number): void;
  smtpFirstMinute(): number;
  smtpForget(): void;
  smtpHost(place: number, start: number, end: number): number;
  smtpLastMinute(): number;
  smtpNext(): number;
  smtpRecords(): number;
  smtpSession(a: number, b: number, c: number, d: number, next: number): number;
  smtpStepped(): number;
  smtpSteps(): number;
  smtpWaiting(a: number, b: number, c: number, d: number): void;
  smtpWidth(): number;
  smtpWording(start: number, end: number): number;
}

interface Engine {
  Module: new (bytes: Uint8Array) => object;
  Instance: new (module: object, imports: object) => { exports: unknown };
}

/** Most bytes of a block: small enough for the nearest caches. Memory goes on behind it, so scanners may look ahead. */
export const blockSize = 256 * 1024;

/**
 * The WebAssembly engine that scans the common lines of some formats, many at a time. Its memory holds one block of
 * lines and the tables of one parser, its `owner`. Both are only aids: what counts is in the parser.
 */
export class Kernel {
  /** Its whole memory, which never grows. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly view: DataView;
  readonly numbers: Int32Array;
  /** Where a block begins. */
  readonly room: number;
  /** The parser whose tables these are. */
  owner: object | undefined;
  private lent = false;

  constructor(readonly functions: KernelFunctions) {
    const { buffer } = functions.memory;
    this.bytes = new Uint8Array(buffer);
    this.view = new DataView(buffer);
    this.numbers = new Int32Array(buffer);
    this.room = functions.room();
  }

  /** Lends a block's room to the reader of a file, so that bytes need no copy; undefined while somebody has it. */
  borrow(): Uint8Array<ArrayBuffer> | undefined {
    if (this.lent) return undefined;
    this.lent = true;
    const start = this.functions.fileRoom();
    return this.bytes.subarray(start, start + blockSize);
  }

  giveBack(): void {
    this.lent = false;
  }
}

/** A parser's claim to the engine's tables, which are one parser's at a time. It keeps nothing alive. */
export class KernelClaim {
  readonly kernel: Kernel | undefined = kernel();
  private readonly token = {};

  /** Whether the tables are this parser's. */
  get holds(): boolean {
    return this.kernel !== undefined && this.kernel.owner === this.token;
  }

  /** Takes the tables over. False where they are this parser's already, with their content. */
  take(): boolean {
    if (this.holds) return false;
    this.kernel!.owner = this.token;
    return true;
  }

  /** Invalidates the content of the tables. */
  release(): void {
    if (this.holds) this.kernel!.owner = undefined;
  }
}

let made: Kernel | undefined | null = null;

/** The engine of this thread; undefined without WebAssembly SIMD, where parsers read every line themselves. */
export function kernel(): Kernel | undefined {
  if (made === null) made = instantiate();
  return made;
}

/** The engine in whose memory the bytes are. */
export function kernelOf(bytes: Uint8Array): Kernel | undefined {
  return made && bytes.buffer === made.bytes.buffer ? made : undefined;
}

function instantiate(): Kernel | undefined {
  const engine = (globalThis as { WebAssembly?: Engine }).WebAssembly;
  try {
    return (
      engine &&
      new Kernel(
        new engine.Instance(new engine.Module(wasm), {
          env: {
            abort() {
              throw new Error('kernel');
            },
          },
        }).exports as KernelFunctions,
      )
    );
  } catch {
    return undefined;
  }
}
