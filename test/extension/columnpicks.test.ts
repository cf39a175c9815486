import { deepEqual, equal } from 'node:assert/strict';
import { headerOf } from '../../src/host/reading/columnpicks';

describe('The header of a table', () => {
  it('is its first line, whatever separates the names', () => {
    deepEqual(headerOf('\ufeffWhen,"Leitung",Schutz\r\n2026,a,b\r\n'), {
      line: 'When,"Leitung",Schutz',
      names: ['When', 'Leitung', 'Schutz'],
    });
    deepEqual(headerOf('a;b;c\n1;2;3')?.names, ['a', 'b', 'c']);
    deepEqual(headerOf('a\tb\tc')?.names, ['a', 'b', 'c']);
  });
  it('is not the first line of a letter, of numbers, or of nothing', () => {
    for (const text of ['Dear all,\nbread, milk\n', '1,2,3\n4,5,6\n', '', 'a,,b\n'])
      equal(headerOf(text), undefined, text);
  });
});
