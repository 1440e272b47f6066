import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { eachRecord } from '../../../shared/ledger-file/csv.ts';

type Located = readonly [line: number, record: readonly string[]];

const recordsOf = (text: string): readonly Located[] => {
  const records: Located[] = [];
  const fault = eachRecord(new TextEncoder().encode(text), (record, line) => records.push([line, record]));
  assert.equal(fault, undefined);
  return records;
};

test('a fault names the record it lies in, and the records before it were read', () => {
  const lines: number[] = [];
  const text = 'a,b\n1,"two\r\nlines"\n\n\n"3"x,4\n5,6\n';
  const fault = eachRecord(new TextEncoder().encode(text), (_, line) => lines.push(line));
  assert.deepEqual(lines, [1, 2]);
  assert.match(fault ?? '', /^line 6: a quoted field goes on after its closing quote/);
});

test('law: quoted records come back with the line on which an editor shows them', () => {
  const break_ = fc.constantFrom('\n', '\r\n');
  const cell = fc.array(fc.constantFrom('a', '"', ',', '\r\n', '\n', ' '), { maxLength: 6 });
  const row = fc.record({ cells: fc.array(cell, { minLength: 1, maxLength: 3 }), blank: fc.boolean() });
  fc.assert(
    fc.property(break_, fc.array(row, { minLength: 1, maxLength: 8 }), (end, rows) => {
      let line = 1;
      let text = '';
      const expected: Located[] = [];
      for (const { cells, blank } of rows) {
        const record = cells.map((parts) => parts.join(''));
        expected.push([line, record]);
        const written = record.map((value) => `"${value.replaceAll('"', '""')}"`).join();
        text += `${written}${end}${blank ? end : ''}`;
        line += written.split('\n').length + (blank ? 1 : 0);
      }
      assert.deepEqual(recordsOf(text), expected);
    }),
  );
});
