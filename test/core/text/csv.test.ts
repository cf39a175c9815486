import assert from 'node:assert/strict';
import fc from 'fast-check';
import { CsvFields, fieldEnd, separatorAt } from '../../../src/core/text/csv';

const bytesOf = (text: string) => new TextEncoder().encode(text);
const viewOf = (bytes: Uint8Array) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** The fields of a record as their contents; undefined where a quote is never closed. */
function contents(record: string, most?: number): string[] | undefined {
  const bytes = bytesOf(record),
    fields = new CsvFields();
  if (!fields.find(bytes, 0, bytes.length, most)) return undefined;
  return Array.from({ length: fields.count }, (_, i) => {
    fields.content(bytes, fields.starts[i], fields.ends[i]);
    return new TextDecoder().decode(fields.bytes.subarray(fields.start, fields.end));
  });
}

describe('fields of a CSV record', () => {
  it('are told apart by commas, also empty ones', () => {
    assert.deepEqual(contents('a,,c,'), ['a', '', 'c', '']);
    assert.deepEqual(contents(''), ['']);
  });
  it('may hold commas and quotes when they are quoted', () => {
    assert.deepEqual(contents('1,"EX01\\Partner ""Northwind"", forced TLS",2'), [
      '1',
      'EX01\\Partner "Northwind", forced TLS',
      '2',
    ]);
    assert.deepEqual(contents('"",""""'), ['', '"']);
  });
  it('have a quote as an ordinary character unless they begin with it', () => {
    assert.deepEqual(contents('a"b,c"d'), ['a"b', 'c"d']);
  });
  it('are not found where a quote is never closed', () => {
    assert.equal(contents('a,"b,c'), undefined);
    assert.equal(contents('a,"b""'), undefined);
  });
  it('are found only as far as asked; the last one then holds the rest', () => {
    assert.deepEqual(contents('a,b,"c,d', 3), ['a', 'b', '"c,d']);
    assert.deepEqual(contents('a,b', 3), ['a', 'b']);
  });
  it('come back as they were written, whatever they hold', () => {
    const quoted = (text: string) => (/[",]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: fc.constantFrom('"', ',', 'a', 'é', ' ') }), { minLength: 1 }),
        (fields) => {
          assert.deepEqual(contents(fields.map(quoted).join(',')), fields);
        },
      ),
      { numRuns: 2000 },
    );
  });
  it('end where a search byte by byte ends them', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 40 }),
        fc.nat(40),
        fc.nat(40),
        fc.constantFrom(44, 92, 0, 255),
        (bytes, a, b, separator) => {
          const start = Math.min(a, b, bytes.length),
            end = Math.min(Math.max(a, b), bytes.length);
          const found = bytes.subarray(start, end).indexOf(separator);
          assert.equal(separatorAt(viewOf(bytes), start, end, separator), found < 0 ? end : start + found);
          if (bytes[start] !== 34)
            assert.equal(fieldEnd(bytes, start, end, separator), found < 0 ? end : start + found);
        },
      ),
      { numRuns: 5000 },
    );
  });
});
