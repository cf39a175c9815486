import assert from 'node:assert/strict';
import fc from 'fast-check';
import { blankEvent } from '../../../src/core/formats/shared/eventbuffer';
import { CubeBuilder } from '../../../src/core/cube/cubebuilder';
import { placeCode } from '../../../src/core/cube/placecode';
import { TlsCode } from '../../../src/core/model';

describe('series that become one', () => {
  it('have the earliest line, with the line that shows its TLS', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.record({ line: fc.integer({ min: 10, max: 1000 }), kind: fc.nat({ max: 1 }) }), {
          minLength: 2,
          maxLength: 20,
          selector: ({ line }) => line,
        }),
        (events) => {
          const own = new CubeBuilder();
          const kinds = [0, 1].map((i) => own.evidence.key(`kind ${i}`, 0, true));
          for (const { line, kind } of events)
            own.add(
              {
                ...blankEvent(),
                tls: TlsCode.absent,
                evidence: own.evidence.absent(kinds[kind], line, 0, Infinity),
                count: 1,
                line,
                tlsAt: placeCode(0, line - 5),
              },
              0,
            );
          const { cells, series } = own.build(),
            first = Math.min(...events.map(({ line }) => line));
          assert.deepEqual(
            [series.length, cells.length, cells.messages[0], cells.line[0], cells.tlsAt[0]],
            [1, 1, events.length, first, placeCode(0, first - 5)],
          );
        },
      ),
    );
  });
});
