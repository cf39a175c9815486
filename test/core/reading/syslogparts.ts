/** Lines of syslog, taken apart. */

import type { Zone } from '../../../src/core/text/zone';

/** What stands in a line of syslog. */
export interface SyslogParts {
  priority: string;
  /** As it stands in the line. */
  stamp: string;
  /** RFC 3339 without a zone. */
  wall: string;
  /** RFC 3339 in UTC. */
  time: string;
  host: string;
  program: string;
  pid: string;
  text: string;
}

const stamps = String.raw`[A-Z][a-z]{2} [ \d]?\d \d\d:\d\d:\d\d|\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)`;
const form = new RegExp(`^(<\\d+>)?(${stamps}) ([^\\s:]+) ([^\\s:[]+)\\[(\\d+)\\]: (.*)$`, 's');
/** Stamps that make a line recognisable as one behind other words. */
export const stamped = new RegExp(
  `^(?:<\\d+>)?(?:${stamps}|\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d(?:\\.\\d+)?(?: [+-]\\d{4})?) `,
);

/** Takes the lines of a file apart. @param year of its first stamp without one. */
export function syslogReader(year: number, zone: Zone): (line: string) => SyslogParts | undefined {
  let first: number | undefined;
  return (line) => {
    const found = form.exec(line);
    if (!found) return undefined;
    const [, priority = '', stamp, host, program, pid, text] = found;
    let wall = Date.parse(/^\d/.test(stamp) ? `${stamp.slice(0, 19)}Z` : `${stamp} ${year} UTC`);
    if (Number.isNaN(wall) || text.trim() === '') return undefined;
    if (!/^\d/.test(stamp)) {
      if (new Date(wall).getUTCDate() !== Number(stamp.slice(4, 6))) return undefined;
      first ??= wall;
      if (wall < first - 172_800_000) wall = Date.parse(`${stamp} ${year + 1} UTC`);
    }
    const time = new Date(/^\d/.test(stamp) ? stamp : zone.toUtc(wall)).toISOString();
    return { priority, stamp, wall: new Date(wall).toISOString().slice(0, 19), time, host, program, pid, text };
  };
}
