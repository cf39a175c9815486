import { formats } from '../../../src/core/formats/index';
import type { Cube } from '../../../src/core/cube/cube';
import { cubeOfServers, serversOf, type Server } from '../../../src/core/report/servers';
import { directions, faults, outcomes, tlsVersions } from '../../../src/core/model';
import { Segment, stitch } from '../../../src/core/reading/segment';
import { optionsOf, type ReadSettings } from '../reading/read';

/**
 * What a log says, one line for each series and remote host: `inbound accepted tls1.3 host 1/2`, with connector, cipher
 * suite and fault where there are any.
 */
export function facts(id: string, text: string | string[], settings: ReadSettings = {}): string[] {
  return factsOf(segmentOf(id, text, settings, true));
}

/** The same for a log that is cut at every line in turn and stitched; every cut must give the same. */
export function stitchedFacts(id: string, text: string, settings: ReadSettings = {}): string[][] {
  const cuts = [...text.matchAll(/\n/g)].map((m) => m.index + 1);
  return cuts.map((cut) =>
    factsOf(stitch(segmentOf(id, text.slice(0, cut), settings, true), segmentOf(id, text.slice(cut), settings, false))),
  );
}

/** The codes of a log's problems, and its line counts. */
export function accountOf(id: string, text: string | string[], settings: ReadSettings = {}) {
  const segment = segmentOf(id, text, settings, true);
  segment.finish();
  const [{ lines, problems }] = segment.accounts;
  return {
    ...lines,
    problems: Object.fromEntries([...problems].map(([code, { count }]) => [code, count])),
    advice: segment.parser.advice?.(0) ?? [],
  };
}

/** A segment that has read this text as one file. */
export function segmentOf(id: string, text: string | string[], settings: ReadSettings, first: boolean): Segment {
  const bytes = Buffer.from(typeof text === 'string' ? text : `${text.join('\n')}\n`);
  const segment = new Segment(
    formats.find((format) => format.id === id)!,
    optionsOf(settings),
    first,
  );
  segment.open({ index: 0, name: 'a.log', head: bytes.subarray(0, 65536), modified: settings.modified });
  segment.push(bytes);
  segment.end();
  return segment;
}

/** What a segment says once its log has ended. */
export function factsOf(segment: Segment): string[] {
  segment.finish();
  return factsIn(segment.builder.build());
}

/** What a log says of each of its servers, once it has ended. */
export function factsByServer(segment: Segment): Map<Server, string[]> {
  segment.finish();
  const cube = segment.builder.build();
  return new Map(serversOf(cube).map((server) => [server, factsIn(cubeOfServers(cube, [server]))]));
}

function factsIn({ series: s, remoteCells: cells, connectors, ciphers, remotes }: Cube): string[] {
  const sums = new Map<string, [number, number]>();
  for (let i = 0; i < cells.length; i++) {
    const row = cells.series[i];
    const words = [
      directions[s.direction[row]],
      outcomes[s.outcome[row]],
      tlsVersions[s.tls[row]],
      remotes[cells.remote[i]] || '-',
      connectors[s.connector[row]] && `connector=${connectors[s.connector[row]]}`,
      ciphers[s.cipher[row]],
      faults[s.fault[row]],
      s.forced[row] === 2 && 'forced',
    ];
    const key = words.filter(Boolean).join(' ');
    const sum = sums.get(key) ?? [0, 0];
    sums.set(key, [sum[0] + cells.messages[i], sum[1] + cells.recipients[i]]);
  }
  return [...sums].map(([key, [messages, recipients]]) => `${key} ${messages}/${recipients}`).sort();
}
