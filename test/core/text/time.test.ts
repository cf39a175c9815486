import assert from 'node:assert/strict';
import fc from 'fast-check';
import { TimeReader, yearAnchor, type YearAnchor } from '../../../src/core/text/time';
import { Zone } from '../../../src/core/text/zone';

const bytes = (text: string) => new TextEncoder().encode(text);
const anchor: YearAnchor = { year: 2026, month: 1, day: 1, forward: true };
const iso = (time: number) => (Number.isNaN(time) ? 'NaN' : new Date(time).toISOString());
const reader = (zone = 'UTC', a = anchor) => new TimeReader(new Zone(zone), a);

describe('time stamps', () => {
  it('RFC 3339 and its relatives', () => {
    for (const [text, expected] of [
      ['2026-11-24T08:32:20.724310+00:00', '2026-11-24T08:32:20.724Z'],
      ['2026-11-24T08:32:20+0100', '2026-11-24T07:32:20.000Z'],
      ['2026-11-24 08:32:20,5Z', '2026-11-24T08:32:20.500Z'],
      ['2026-11-24T08:32:20-05', '2026-11-24T13:32:20.000Z'],
      ['2026-11-24T08:32:20', '2026-11-24T08:32:20.000Z'],
      ['2016-12-31T23:59:60Z', '2017-01-01T00:00:00.000Z'],
      ['2026-11-24T08:32:20.1234567Z', '2026-11-24T08:32:20.123Z'],
      ['2026-02-29T08:32:20Z', 'NaN'],
      ['2026-13-01T08:32:20Z', 'NaN'],
      ['2026-11-24T24:32:20Z', 'NaN'],
      ['2026-11-24X08:32:20Z', 'NaN'],
      ['2026-11-2', 'NaN'],
      ['', 'NaN'],
      ['20x6-11-24T08:32:20Z', 'NaN'],
    ])
      assert.equal(iso(Math.floor(reader().iso(bytes(text), 0))), expected, text);
  });
  it('mean the same behind any other', () => {
    const stamps = [
      '2026-02-01T08:00:00Z',
      '2026-01-33T08:00:00Z',
      '2027-01-05T08:00:00Z',
      '2026-17-05T08:00:00Z',
      '2026-01-31T08:00:00Z',
      '2026-00-31T08:00:00Z',
      '2026-02-29T08:00:00Z',
    ];
    for (const before of stamps)
      for (const text of stamps) {
        const one = reader();
        one.iso(bytes(before), 0);
        assert.equal(iso(one.iso(bytes(text), 0)), iso(reader().iso(bytes(text), 0)), `${text} behind ${before}`);
      }
    const one = reader();
    one.syslog(bytes('Jan 31 08:00:00 hub'), 0);
    assert.ok(Number.isNaN(one.syslog(bytes('Feb  x 08:00:00 hub'), 0)));
  });
  it('traditional syslog, day padded or not', () => {
    for (const [text, expected] of [
      ['Nov 24 08:29:06 hub', '2026-11-24T08:29:06.000Z'],
      ['Jan  2 08:29:06 hub', '2026-01-02T08:29:06.000Z'],
      ['Jan 2 08:29:06 hub', '2026-01-02T08:29:06.000Z'],
      ['Jan 02 08:29:06.250 hub', '2026-01-02T08:29:06.250Z'],
      ['Foo 24 08:29:06', 'NaN'],
      ['Nov 1x 08:29:06', 'NaN'],
      ['Nov  x 08:29:06', 'NaN'],
      ['Nov 31 08:29:06', 'NaN'],
      ['Nov 24', 'NaN'],
      ['Nov 24 8:29:06', 'NaN'],
    ])
      assert.equal(iso(reader().syslog(bytes(text), 0)), expected, text);
  });
  it('named days with the year at the end, as C writes them, and any form where the form is not known', () => {
    for (const [text, expected] of [
      ['Wed Sep 14 09:48:19 2022 Info', '2022-09-14T09:48:19.000Z'],
      ['Sun Sep  4 09:48:19 2022', '2022-09-04T09:48:19.000Z'],
      ['Sun Sep 4 09:48:19 2022', '2022-09-04T09:48:19.000Z'],
      ['Sun Sep 4 09:48:19 2022:', '2022-09-04T09:48:19.000Z'],
      ['Wed Sep 31 09:48:19 2022', 'NaN'],
      ['Wed Sep 14 09:48:19', 'NaN'],
      ['Wed Sep 14 25:48:19 2022', 'NaN'],
      ['Wed Foo 14 09:48:19 2022', 'NaN'],
      ['Wed Sep', 'NaN'],
    ]) {
      assert.equal(iso(reader().ctime(bytes(text), 0)), expected, text);
      assert.equal(iso(reader().any(bytes(text), 0)), expected, text);
    }
    assert.equal(
      iso(reader('America/New_York').ctime(bytes('Wed Jan 14 09:48:19 2026'), 0)),
      '2026-01-14T14:48:19.000Z',
    );
    assert.equal(iso(reader().any(bytes('2026-11-24T08:32:20Z'), 0)), '2026-11-24T08:32:20.000Z');
    assert.equal(iso(reader().any(bytes('Jan  2 08:29:06 hub'), 0)), '2026-01-02T08:29:06.000Z');
  });
  it('a log without years over New Year, from the year of its first line', () => {
    const head = bytes('Dec 31 23:59:58 mx postfix/smtpd[1]: connect from a[192.0.2.1]\n');
    const time = reader('UTC', yearAnchor(head, undefined, { year: 2025, zone: new Zone('UTC') }));
    assert.equal(iso(time.syslog(head, 0)), '2025-12-31T23:59:58.000Z');
    assert.equal(iso(time.syslog(bytes('Jan  1 00:00:01'), 0)), '2026-01-01T00:00:01.000Z');
    assert.equal(
      iso(time.syslog(bytes('Dec 31 23:59:57'), 0)),
      '2025-12-31T23:59:57.000Z',
      'lines slightly out of order',
    );
  });
  it('a log without years, from the time of its last change', () => {
    const time = reader('UTC', yearAnchor(bytes(''), Date.UTC(2026, 0, 3, 12), { zone: new Zone('UTC') }));
    assert.equal(iso(time.syslog(bytes('Jan  3 11:59:59'), 0)), '2026-01-03T11:59:59.000Z');
    assert.equal(iso(time.syslog(bytes('Dec 31 23:59:58'), 0)), '2025-12-31T23:59:58.000Z');
    assert.equal(iso(time.syslog(bytes('Feb  1 00:00:00'), 0)), '2025-02-01T00:00:00.000Z');
  });
  it('local time: winter, summer, the hour that is skipped and the one that happens twice', () => {
    const rome = reader('Europe/Rome');
    for (const [text, expected] of [
      ['2026-01-15T12:00:00', '2026-01-15T11:00:00.000Z'],
      ['2026-07-15T12:00:00', '2026-07-15T10:00:00.000Z'],
      ['2026-10-25T02:30:00', '2026-10-25T00:30:00.000Z'],
      ['2026-03-29T02:30:00', '2026-03-29T01:30:00.000Z'],
      ['2026-10-25T03:00:00', '2026-10-25T02:00:00.000Z'],
    ]) {
      assert.equal(iso(rome.iso(bytes(text), 0)), expected, text);
    }
  });
  it('a zone turns every clock time back into the moment it came from, but for the doubled hour', () => {
    for (const name of [
      'Europe/Rome',
      'America/New_York',
      'Asia/Kathmandu',
      'Australia/Lord_Howe',
      'Asia/Kolkata',
      'UTC',
    ]) {
      const zone = new Zone(name);
      fc.assert(
        fc.property(fc.integer({ min: Date.UTC(2015, 0, 1), max: Date.UTC(2035, 0, 1) }), (utc) => {
          const back = zone.toUtc(utc + zone.offsetAt(utc));
          return back === utc || (back < utc && back + zone.offsetAt(back) === utc + zone.offsetAt(utc));
        }),
        { numRuns: 500 },
      );
    }
  });
  it('never throws on garbage', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (garbage) => {
        reader().iso(garbage, 0);
        reader().syslog(garbage, 0);
        reader().any(garbage, 0);
      }),
      { numRuns: 2000 },
    );
  });
});
