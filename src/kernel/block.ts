// The block of lines that is being read, and where it stands in memory.

/** Where the next call goes on, and how many lines the last one has passed. */
export let next: i32 = 0;
export let lines: i32 = 0;

export function passed(at: i32, count: i32): void {
  next = at;
  lines = count;
}

/** Where the bytes of a block are put; 64 KiB in front of it hold tables and records, and behind it memory goes on. */
export function room(): i32 {
  return 0xc0000;
}

/** Where a file may be read to without a copy: as much room, behind all tables, and memory behind it too. */
export function fileRoom(): i32 {
  return 0x180000;
}
