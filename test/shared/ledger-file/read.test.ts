import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type LedgerFile, type LedgerFileOptions, readLedgerFile } from '../../../shared/ledger-file/read.ts';
import { currency } from '../../../shared/money/currency.ts';
import { decimalOf } from '../../../shared/money/money.ts';
import { fromEpochDay } from '../../../shared/time/civil-date.ts';

const USD = currency('USD');
const EUR = currency('EUR');
assert(USD !== undefined && EUR !== undefined);

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

const ledger = (text: string, options?: LedgerFileOptions): LedgerFile => {
  const read = readLedgerFile(bytes(text), options);
  assert(read.kind === 'ledger', read.kind === 'problems' ? read.problems.join('\n') : '');
  return read;
};

const problems = (text: string | Uint8Array, options?: LedgerFileOptions): readonly string[] => {
  const read = readLedgerFile(typeof text === 'string' ? bytes(text) : text, options);
  assert(read.kind === 'problems', 'the file was read');
  return read.problems;
};

test('a plain file', () => {
  const file = ledger('date,amount,category\n2026-01-31,-12.34,rent\n2026-02-01,5,\n');
  assert.equal(file.currency, 'USD');
  assert.deepEqual(file.lines, [
    { line: 2, date: '2026-01-31', amountMinor: -1234n, category: 'rent' },
    { line: 3, date: '2026-02-01', amountMinor: 500n },
  ]);
});

test('byte order mark, quotes, line breaks inside quotes, mixed line endings and empty lines', () => {
  const file = ledger(
    '\ufeffDate, Amount ,description\r\n\r\n2026-01-01,"1.00","a, ""b""\r\nc"\n2026-01-02,2.00,d\r2026-01-03,3,e',
  );
  assert.deepEqual(
    file.lines.map(({ line, amountMinor, description }) => [line, amountMinor, description]),
    [
      [3, 100n, 'a, "b"\r\nc'],
      [5, 200n, 'd'],
      [6, 300n, 'e'],
    ],
  );
});

test('other column names', () => {
  const file = ledger('Posted,Value,Kind\n2026-01-01,1,x\n', {
    columns: { date: 'Posted', amount: 'value', category: 'Kind' },
  });
  assert.deepEqual(file.lines, [{ line: 2, date: '2026-01-01', amountMinor: 100n, category: 'x' }]);
});

test('the currency comes from the column, else from the caller, else it is USD', () => {
  assert.equal(ledger('date,amount,currency\n2026-01-01,1,eur\n').currency, 'EUR');
  assert.equal(ledger('date,amount\n2026-01-01,1\n', { currency: EUR }).currency, 'EUR');
  assert.equal(ledger('date,amount\n2026-01-01,1\n').currency, 'USD');
  assert.equal(ledger('date,amount,currency\n2026-01-01,500,JPY\n').lines[0]?.amountMinor, 500n);
});

test('equal lines are two payments, unless an id says they are one', () => {
  assert.equal(ledger('date,amount\n2026-01-01,1\n2026-01-01,1\n').lines.length, 2);
  const repeated = ledger('date,amount,id\n2026-01-01,1,a\n2026-01-01,1,a\n2026-01-01,1,b\n');
  assert.equal(repeated.lines.length, 2);
  assert.equal(repeated.repeatedLines, 1);
  assert.deepEqual(problems('date,amount,id\n2026-01-01,1,a\n2026-01-01,2,a\n'), [
    'line 3: id "a" is on line 2 with another date or amount: give each movement its own id',
  ]);
});

const ONE_LINE: readonly [fault: string, text: string, sentence: string][] = [
  [
    'missing column',
    'date,value\n2026-01-01,1\n',
    'line 1: no column "amount" among "date", "value": add it, or say which column it is (amount=...)',
  ],
  [
    'semicolons',
    'date;amount\n2026-01-01;1\n',
    'line 1: no column "date" in "date;amount": separate the fields by commas',
  ],
  [
    'duplicate header',
    'date,amount,Amount\n2026-01-01,1,2\n',
    'line 1: columns 2 and 3 are both "amount": rename one, it is unclear which to read',
  ],
  [
    'naive time',
    'date,amount\n2026-01-01T10:00:00,1\n',
    'line 2: date "2026-01-01T10:00:00" is a time without a zone: write the accounting day alone, such as 2026-01-01',
  ],
  [
    'instant',
    'date,amount\n2026-01-01T10:00:00Z,1\n',
    'line 2: date "2026-01-01T10:00:00Z" is an instant: write the accounting day alone, such as 2026-01-01',
  ],
  [
    'no such day',
    'date,amount\n2026-02-30,1\n',
    'line 2: date "2026-02-30" is no calendar day: write YYYY-MM-DD, such as 2026-01-31',
  ],
  [
    'thousands',
    'date,amount\n2026-01-01,"1,234.50"\n',
    'line 2: amount "1,234.50" has thousands separators: write "1234.50"',
  ],
  [
    'not a number',
    'date,amount\n2026-01-01,NaN\n',
    'line 2: amount "NaN" is no plain decimal: write digits with a point, minus for money out, such as -12.34',
  ],
  [
    'too many decimals',
    'date,amount\n2026-01-01,1.005\n',
    'line 2: amount "1.005" has more decimals than USD (2): round it in the source',
  ],
  [
    'too large',
    `date,amount\n2026-01-01,${'9'.repeat(19)}\n`,
    `line 2: amount "${'9'.repeat(19)}" is too large: at most 18 digits before the point`,
  ],
  [
    'mixed currencies',
    'date,amount,currency\n2026-01-01,1,USD\n2026-01-02,1,EUR\n',
    'line 3: currency EUR, but line 2 has USD: make one file for each currency',
  ],
  [
    'unknown currency',
    'date,amount,currency\n2026-01-01,1,XQZ\n',
    'line 2: currency "XQZ" is not in ISO 4217: write a code such as USD',
  ],
  [
    'field count',
    'date,amount\n2026-01-01,1,234\n',
    'line 2: 3 fields where the header has 2: quote fields that contain commas',
  ],
  [
    'open quote',
    'date,amount,description\n2026-01-01,1,a\n2026-01-02,2,"b\n2026-01-03,3,c\n',
    'line 3: a quote is opened in this record and never closed: close it',
  ],
  [
    'bare quote',
    'date,amount,description\n2026-01-01,1,12" pipe\n',
    'line 2: a quote stands inside an unquoted field: quote the field and double the quote ("")',
  ],
  [
    'empty',
    '',
    'the file is empty: it needs a header line with date and amount, then a line for each movement',
  ],
  ['header only', 'date,amount\n', 'the file has a header and no lines: add a line for each movement'],
];
for (const [fault, text, sentence] of ONE_LINE)
  test(`refused in one sentence: ${fault}`, () => assert.deepEqual(problems(text), [sentence]));

test('a file in another currency than asked for is refused', () => {
  assert.deepEqual(problems('date,amount,currency\n2026-01-01,1,EUR\n', { currency: USD }), [
    'line 2: currency EUR, but USD was asked for: leave other currencies out',
  ]);
});

test('a row of ten megabytes is refused by its line, without its text', () => {
  const row = `2026-01-02,2,${'x'.repeat(10_000_000)}`;
  assert.deepEqual(problems(`date,amount,description\n2026-01-01,1,a\n${row}\n`), [
    'line 3: the record is longer than 1 MiB: close its quotes or shorten it',
  ]);
});

test('bytes that are no UTF-8 are refused', () => {
  assert.deepEqual(problems(Uint8Array.of(0xff, 0xfe, 0x64, 0x00)), [
    'the file is not UTF-8: save it as "CSV UTF-8"',
  ]);
});

test('every bad line is counted, the first ones are told', () => {
  const read = readLedgerFile(bytes(`date,amount\n${'2026-01-01,x\n'.repeat(50)}`));
  assert(read.kind === 'problems');
  assert.equal(read.problemCount, 50);
  assert.equal(read.problems.length, 20);
});

test('law: what is written is what is read, to the minor unit', () => {
  const line = fc.record({
    day: fc.integer({ min: 0, max: 40_000 }),
    amountMinor: fc.bigInt({ min: -(10n ** 19n), max: 10n ** 19n }),
    description: fc.string({ unit: 'binary' }),
  });
  const quote = (text: string): string => `"${text.replaceAll('"', '""')}"`;
  fc.assert(
    fc.property(fc.array(line, { minLength: 1, maxLength: 20 }), (written) => {
      const rows = written.map(
        ({ day, amountMinor, description }) =>
          `${fromEpochDay(day)},${decimalOf(amountMinor, USD)},${quote(description)}`,
      );
      const file = ledger(`date,amount,description\r\n${rows.join('\r\n')}\r\n`);
      assert.deepEqual(
        file.lines.map(({ date, amountMinor, description = '' }) => [date, amountMinor, description]),
        written.map(({ day, amountMinor, description }) => [
          fromEpochDay(day),
          amountMinor,
          description.trim(),
        ]),
      );
    }),
  );
});
