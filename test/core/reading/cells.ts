/** A cube in words: each of its cells as a line that a person can read beside the log. */
import {
  units,
  directions,
  faults,
  forcedValues,
  connectorTypes,
  outcomes,
  tlsVersions,
} from '../../../src/core/model';
import type { Cube } from '../../../src/core/cube/cube';
import { fileOf, lineOf } from '../../../src/core/cube/placecode';
import { Segment, stitch } from '../../../src/core/reading/segment';

/** What a cube holds, in the order of the places where its cells begin. */
export interface CubeWords {
  /** Place, time (UTC), series, sums. */
  cells: string[];
  /** The same facts for each remote host: place, time, series, host, sums. */
  hosts: string[];
}

/** The columns that cells and cells by host have in common. */
interface Places {
  length: number;
  minute: Int32Array;
  file: Int32Array;
  line: Float64Array;
}

/** @param pathOf names a file by its position in the data set. */
export function cubeWords(cube: Cube, pathOf: (file: number) => string): CubeWords {
  const { cells, remoteCells } = cube;
  const series = Array.from({ length: cube.series.length }, (_, s) => seriesWords(cube, s));
  return {
    cells: inOrder(cells, pathOf, (i) => [
      series[cells.series[i]],
      `messages ${cells.messages[i]} recipients ${cells.recipients[i]} bytes ${cells.bytes[i]}`,
    ]),
    hosts: inOrder(remoteCells, pathOf, (i) => [
      series[remoteCells.series[i]],
      quoted(cube.remotes[remoteCells.remote[i]]),
      `messages ${remoteCells.messages[i]} recipients ${remoteCells.recipients[i]}`,
    ]),
  };
}

/** Everything that a segment says once its log has ended, with words instead of ids. The segment can't be used any more. */
export function segmentWords(segment: Segment) {
  segment.finish();
  const byName = (a: [string, unknown], b: [string, unknown]) => (a[0] < b[0] ? -1 : 1);
  const cube = segment.builder.build();
  return {
    ...cubeWords(cube, String),
    tlsAt: proofsOf(cube),
    lines: segment.accounts.map(({ lines }) => lines),
    problems: segment.accounts.map(({ problems }) => [...problems].sort(byName)),
    advice: segment.parser.advice?.(0),
  };
}

/** Where the TLS of the first message of each cell is shown, in the order of the cells' lines. */
function proofsOf({ cells: { length, file, line, tlsAt } }: Cube): string[] {
  return Array.from({ length }, (_, i) => `${file[i]}:${line[i]} ${fileOf(tlsAt[i])}:${lineOf(tlsAt[i])}`).sort();
}

/** The same for a segment of which it is known only now that nothing came before. It stays as it is. */
export function wordsAfterNothing(segment: Segment) {
  return segmentWords(stitch(new Segment(segment.format, segment.options, true), segment));
}

/**
 * E.g. `message inbound accepted tls1.3 "TLS_AES_256_GCM_SHA384" connector "submission" forced true`; what is not
 * known is left out, and the server where there is only one.
 */
function seriesWords({ series, ciphers, connectors, servers }: Cube, s: number): string {
  const { connector, cipher, fault, forced, type, server } = series;
  return [
    units[series.unit[s]],
    directions[series.direction[s]],
    outcomes[series.outcome[s]],
    tlsVersions[series.tls[s]],
    cipher[s] === 0 ? '' : quoted(ciphers[cipher[s]]),
    connector[s] === 0 ? '' : `connector ${quoted(connectors[connector[s]])}`,
    type[s] === 0 ? '' : connectorTypes[type[s]],
    forced[s] === 0 ? '' : `forced ${forcedValues[forced[s]]}`,
    faults[fault[s]],
    new Set(server).size < 2 ? '' : `server ${quoted(servers[server[s]])}`,
  ]
    .filter((word) => word !== '')
    .join(' ');
}

function inOrder(at: Places, pathOf: (file: number) => string, words: (i: number) => string[]): string[] {
  return Array.from({ length: at.length }, (_, i) => ({
    file: at.file[i],
    line: at.line[i],
    text: [`${pathOf(at.file[i])}:${at.line[i]}`, minuteWords(at.minute[i]), ...words(i)].join(' '),
  }))
    .sort((a, b) => a.file - b.file || a.line - b.line || (a.text < b.text ? -1 : 1))
    .map(({ text }) => text);
}

/** Names come from strangers: they may hold spaces and line ends. */
function quoted(name: string): string {
  return JSON.stringify(name);
}

function minuteWords(minute: number): string {
  return new Date(minute * 60_000).toISOString().replace(':00.000Z', 'Z');
}
