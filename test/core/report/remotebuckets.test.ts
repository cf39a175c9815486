import assert from 'node:assert/strict';
import { CubeBuilder } from '../../../src/core/cube/cubebuilder';
import { blankEvent } from '../../../src/core/formats/shared/eventbuffer';
import { TlsCode, UnitCode } from '../../../src/core/model';
import { coveragesOf } from '../../../src/core/report/coverage';
import { resolvePeriod } from '../../../src/core/report/period';
import { remotesOf } from '../../../src/core/report/remotes';
import { Zone } from '../../../src/core/text/zone';

describe('remote hosts of a large log', () => {
  it('are all counted in the whole period, though their times are known by the hour only', () => {
    const builder = new CubeBuilder(),
      start = Date.UTC(2026, 5, 1, 10, 37),
      count = 60_000;
    for (let i = 0; i < count; i++)
      builder.add(
        {
          ...blankEvent(),
          unit: UnitCode.message,
          tls: TlsCode.tls12,
          remote: builder.remotes.internText(`host${i % 1000}.example`),
          time: start + i * 60_000,
          count: 1,
          recipients: 1,
          line: i + 1,
        },
        0,
      );
    const cube = builder.build(),
      sum = (from: number | undefined) =>
        remotesOf(cube, {
          ...resolvePeriod('all', cube, coveragesOf({ files: [], cube }, new Zone('UTC')).messages),
          ...(from === undefined ? {} : { from }),
        }).reduce((all, { messages }) => all + messages, 0);
    assert.equal(cube.remoteMinutes, 60);
    assert.equal(sum(undefined), count);
    assert.equal(sum(start + 3_600_000), count - 23, 'a period that begins within an hour has the whole hour');
  });
});
