// The record of a line of a Postfix log that is being written.

/** Numbers of a record. From `a` on they depend on what it is about. */
export const enum At {
  kind = 0,
  line = 4,
  start = 8,
  end = 12,
  seconds = 16,
  pid = 20,
  origin = 24,
  a = 28,
  b = 32,
  c = 36,
  d = 40,
  e = 44,
  f = 48,
  g = 52,
  id = 64,
  width = 128,
}

/** Where it stands. */
export let record: i32 = 0;

export function startRecords(at: i32): void {
  record = at;
}

export function nextRecord(): void {
  record += At.width;
}
