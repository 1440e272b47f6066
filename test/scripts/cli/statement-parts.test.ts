import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type StatementPart, statementParts } from '../../../scripts/cli/statement-parts.ts';
import { readLedgerFile } from '../../../shared/ledger-file/read.ts';
import { addDays, daysBetween } from '../../../shared/time/civil-date.ts';
import { day } from '../../support/rows.ts';

const FIRST = day('2020-01-01');

const partsOf = (csv: string, from = FIRST, to = addDays(FIRST, 2_000)): readonly StatementPart[] =>
  statementParts(Buffer.from(csv), {}, from, to);

const linesIn = (csv: string) => {
  const read = readLedgerFile(Buffer.from(csv));
  assert.ok(read.kind === 'ledger');
  return read.lines;
};

const row = fc.record({
  day: fc.integer({ min: 0, max: 2_000 }),
  cents: fc.integer({ min: -999, max: 999 }),
  description: fc.constantFrom('plain', 'with, comma', 'with "quotes"', 'two\nlines', 'two\r\nlines', ''),
});

test('law: the parts are the file, in whole days, each part within what a request takes', () => {
  fc.assert(
    fc.property(fc.array(row, { minLength: 1, maxLength: 60 }), (rows) => {
      const cell = (text: string): string => `"${text.replaceAll('"', '""')}"`;
      const csv = [
        'date,amount,description',
        ...rows.map(({ day, cents, description }) => `${addDays(FIRST, day)},${cents},${cell(description)}`),
      ].join('\n');
      const file = linesIn(csv);
      const parts = partsOf(csv);
      const told = parts.flatMap((part) =>
        linesIn(part.csv).map(({ line, ...rest }) => ({ ...rest, line: part.lineInFile(line) })),
      );
      const order = (a: { line: number }, b: { line: number }): number => a.line - b.line;
      assert.deepEqual(told.toSorted(order), [...file].sort(order));
      for (const [index, part] of parts.entries()) {
        assert.ok(daysBetween(part.from, part.to) < 366);
        assert.ok(linesIn(part.csv).every(({ date }) => date >= part.from && date <= part.to));
        assert.ok(index === 0 || part.from > (parts[index - 1]?.to ?? ''));
      }
    }),
  );
});

test('a file that one request takes is one part, which begins and ends with the coverage', () => {
  const [part, ...more] = partsOf('date,amount\n2020-01-05,1\n', FIRST, addDays(FIRST, 30));
  assert.deepEqual(more, []);
  assert.deepEqual([part?.from, part?.to, part?.rows], [FIRST, '2020-01-31', 1]);
  assert.deepEqual(part?.partialDays, [FIRST, '2020-01-31']);
});

test('days inside the file are whole, where it is cut too', () => {
  const rows = Array.from({ length: 500 }, (_, index) => `${addDays(FIRST, index)},1`);
  const parts = partsOf(['date,amount', ...rows].join('\n'), FIRST, addDays(FIRST, 499));
  assert.deepEqual(
    parts.map(({ from, to, partialDays }) => [from, to, partialDays]),
    [
      ['2020-01-01', '2020-12-31', ['2020-01-01']],
      ['2021-01-01', '2021-05-14', ['2021-05-14']],
    ],
  );
});

test('many rows are cut between days, and years without any need no request', () => {
  const rows = Array.from({ length: 5_000 }, (_, index) => `${addDays(FIRST, Math.floor(index / 900))},1`);
  const parts = partsOf(['date,amount', ...rows, `${addDays(FIRST, 1_900)},1`].join('\n'));
  assert.deepEqual(
    parts.map((part) => part.rows),
    [1_800, 1_800, 1_400, 1],
  );
});
