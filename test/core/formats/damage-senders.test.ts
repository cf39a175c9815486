/** No damage to a line of Sendmail, OpenSMTPD, gateways and other servers changes a figure in silence. */
import { damageTests, isOnlyIn, type Damage } from './damage';

/** The first place at which a line is not what it was. */
function placeOf({ before, after }: Damage): number {
  let at = 0;
  while (at < before.length && before[at] === after[at]) at++;
  return at;
}

/** Whether the damage stands in a part of the line: what the group of the pattern has found. */
function isIn(damage: Damage, pattern: RegExp): boolean {
  const found = new RegExp(pattern, 'd').exec(damage.before)?.indices?.[1],
    at = placeOf(damage);
  return found !== undefined && found[0] <= at && at <= found[1];
}

/** In syslog a line belongs to its process by nothing but time, host and process id. */
function otherProcess(damage: Damage): string | undefined {
  if (isIn(damage, /^(.{15,40}? \S+) \S+\[/)) return 'another time or host';
  return isIn(damage, /^[^[]*\[(\d+)\]: /) ? 'another process' : undefined;
}

describe('damaged lines of Sendmail', () =>
  damageTests('sendmail', {
    excuse(damage) {
      if (isIn(damage, / relay=([^ ,]+)/)) return 'another host';
      if (isIn(damage, / stat=(.*)/)) return 'what the other server says may be anything';
      return otherProcess(damage);
    },
  }));

describe('damaged lines of OpenSMTPD', () =>
  damageTests('opensmtpd', {
    // An entry belongs to a session.
    told: 'file',
    excuse(damage) {
      return isIn(damage, / (?:evpid|msgid)=([0-9a-f]{16})/) || isIn(damage, / stat=(.*)/)
        ? 'another message, or another answer'
        : undefined;
    },
  }));

describe('damaged lines of Cisco mail logs', () => damageTests('cisco-esa-mail', { told: 'file' }));

describe('damaged lines of Haraka', () => damageTests('haraka', { told: 'file' }));
describe('damaged lines of Stalwart', () =>
  damageTests('stalwart', {
    told: 'file',
    excuse: (damage) => (isIn(damage, /(remoteIp\W+[\da-f:.]+\W+remotePort\W+\d+)/) ? 'another client' : undefined),
  }));
describe('damaged lines of Cisco consolidated events', () =>
  damageTests('cisco-esa-cef', {
    // Which fields a line has, and in which order, is configured: one that is cut off between two fields is whole.
    excuse: ({ way }) => (way === 'cut' ? 'fewer fields' : undefined),
  }));
describe('damaged lines of Mimecast', () =>
  damageTests('mimecast', { excuse: ({ way }) => (way === 'cut' ? 'fewer pairs' : undefined) }));
describe('damaged lines of Zeek', () =>
  damageTests('zeek-smtp', {
    told: 'file',
    excuse(damage) {
      if (isIn(damage, /(?:^\d+\.\d+\t|"uid":")(\w+)/)) return 'another connection';
      if (isOnlyIn(damage, /"id\.(?:orig|resp)_h":"([\d.a-f:]+)"/g)) return 'another address';
      if (isOnlyIn(damage, /"id\.resp_p":(\d+)/g)) return 'another port';
      return isOnlyIn(damage, /^\d+\.\d+\t\w+\t([\d.a-f:]+\t\d+\t[\d.a-f:]+\t\d+)\t/g)
        ? 'another address or port'
        : undefined;
    },
  }));
describe('damaged lines of Gmail', () =>
  damageTests('gmail-bigquery', {
    excuse: ({ way }) => (/doubled/.test(way) ? 'another stage has the most rows' : undefined),
  }));
for (const id of ['kumomta']) describe(`damaged lines of ${id}`, () => damageTests(id));
