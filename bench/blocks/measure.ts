// What bench/blocks.mjs runs: reads a log many times, block by block, and prints the seconds as JSON.
import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { formats } from '../../src/core/formats';
import { blockSize, kernel } from '../../src/core/reading/kernel';
import { Segment } from '../../src/core/reading/segment';
import { Zone } from '../../src/core/text/zone';

const [path, id, rounds] = process.argv.slice(2),
  format = formats.find((one) => one.id === id)!,
  blocks = Math.ceil(statSync(path).size / blockSize),
  least = new Float64Array(blocks).fill(Infinity),
  head = new Uint8Array(65_536);

/** Reads the whole log into a segment of its own. @returns seconds of each block, without those of reading the file. */
function round(): Float64Array {
  const seconds = new Float64Array(blocks),
    segment = new Segment(format, { zone: new Zone('UTC'), rules: [] }, true),
    file = openSync(path, 'r'),
    buffer = kernel()?.borrow() ?? new Uint8Array(blockSize);
  segment.open({ index: 0, name: path, head, modified: Date.UTC(2026, 11, 1) });
  for (let block = 0; block < blocks; block++) {
    const length = readSync(file, buffer, 0, blockSize, null),
      start = performance.now();
    segment.push(length === blockSize ? buffer : buffer.subarray(0, length));
    seconds[block] = (performance.now() - start) / 1000;
  }
  kernel()?.giveBack();
  closeSync(file);
  return seconds;
}

const file = openSync(path, 'r');
readSync(file, head, 0, head.length, 0);
closeSync(file);
let first = 0;
for (let i = 0; i < Number(rounds); i++) {
  const seconds = round();
  if (i === 0) first = seconds.reduce((a, b) => a + b, 0);
  for (let block = 0; block < blocks; block++) least[block] = Math.min(least[block], seconds[block]);
}
console.log(JSON.stringify({ first, warm: least.reduce((a, b) => a + b, 0) }));
