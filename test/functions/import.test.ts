import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import type { CashFact } from '../../shared/event/fact.ts';
import { type ImportWorld, importWorld, NOW, statement } from '../support/import-world.ts';
import { settingsOf } from '../support/settings.ts';

const facts = ({ ledger }: ImportWorld): readonly CashFact[] =>
  ledger
    .rows()
    .flatMap((row) => (row.kind === 'fact' && row.fact.kind === 'cash' ? [row.fact] : []))
    .toSorted((a, b) => (a.key < b.key ? -1 : 1));
const total = (world: ImportWorld): bigint =>
  facts(world)
    .flatMap(({ lines }) => lines)
    .reduce((sum, { amountMinor }) => sum + amountMinor, 0n);

const ROWS = [
  '2026-01-05,-12.34,AWS EMEA,cloud',
  '2026-01-05,-12.34,AWS EMEA,cloud',
  '2026-01-15,-5000.00,PAYROLL 0115,payroll',
  '2026-01-20,900.00,ACME CORP,',
];

test('every row is a fact of its account, under a name made of what it says', async () => {
  const world = importWorld();
  const { status, body } = await world.post(statement(ROWS));
  assert.equal(status, 200);
  assert.deepEqual(body, {
    status: 'accepted',
    account: 'checking',
    currency: 'USD',
    coverage: { from: '2026-01-01', to: '2026-01-31' },
    rows: 4,
    accepted: 4,
    duplicates: 0,
    conflicts: 0,
    conflicting_lines: [],
    discrepancies: [],
    discrepancy_count: 0,
  });
  assert.equal(total(world), -412_468n);
  const [fact] = facts(world).filter(({ date }) => date === '2026-01-20');
  assert.match(fact?.key ?? '', /^csv:checking:[0-9a-f]{64}:0$/);
  assert.deepEqual(
    [fact?.account, fact?.counterAccount, fact?.source, fact?.lines, fact?.description],
    ['checking', 'external', 'csv', [{ category: 'income', amountMinor: 90_000n }], 'ACME CORP'],
  );
});

test('the file is kept as it came, with who sent it', async () => {
  const world = importWorld();
  const body = statement(ROWS, { file_name: 'january.csv' });
  await world.post(body);
  await world.post(body);
  await world.post(body, { subject: 'owner-2' });
  const kept = world.ledger.rows().filter((row) => row.kind === 'delivery');
  assert.equal(kept.length, 2, 'the same file from the same person is one delivery');
  const raw = JSON.parse((await world.archive.read({ body: kept[0]?.body as Uint8Array })).toString());
  assert.deepEqual([raw.subject, JSON.parse(raw.import)], ['owner-1', body]);
});

describe('files that overlap', () => {
  test('21 again: nothing changes', async () => {
    const world = importWorld();
    await world.post(statement(ROWS));
    const before = world.ledger.rows().length;
    const { body } = await world.post(statement(ROWS));
    assert.deepEqual([body.status, body.accepted, body.duplicates], ['duplicate', 0, 4]);
    assert.equal(world.ledger.rows().length, before);
  });

  test('the bank writes a description in another way: it is the same row', async () => {
    const world = importWorld();
    await world.post(statement(['2026-01-05,-12.34,AWS  Emea,cloud']));
    const { body } = await world.post(statement(['2026-01-05,-12.340,aws emea ,cloud']));
    assert.deepEqual([body.duplicates, body.conflicts], [1, 0]);
  });

  test('another account, amount, day or digit is another row', async () => {
    const world = importWorld();
    await world.post(statement(['2026-01-05,-12.34,CHECK 1,x']));
    for (const [rows, fields] of [
      [['2026-01-05,-12.34,CHECK 2,x'], {}],
      [['2026-01-06,-12.34,CHECK 1,x'], {}],
      [['2026-01-05,-12.35,CHECK 1,x'], {}],
      [['2026-01-05,-12.34,CHECK 1,x'], { account: 'savings' }],
    ] as const)
      assert.equal((await world.post(statement(rows, fields))).body.accepted, 1, JSON.stringify(rows));
  });

  test('21 law: whatever files of whole days come, each day counts as its fullest file', async () => {
    const row = fc.record({
      day: fc.integer({ min: 1, max: 4 }),
      cents: fc.constantFrom(100, 250),
      category: fc.constantFrom('a', 'b'),
    });
    /** What really happened, and which days each export covers. */
    const world = fc.record({
      rows: fc.array(row, { maxLength: 12 }),
      exports: fc.array(
        fc.record({
          first: fc.integer({ min: 1, max: 4 }),
          days: fc.integer({ min: 1, max: 4 }),
          turned: fc.boolean(),
        }),
        { minLength: 1, maxLength: 4 },
      ),
    });
    await fc.assert(
      fc.asyncProperty(world, async ({ rows, exports }) => {
        const at = importWorld();
        const covered = new Set<number>();
        for (const { first, days, turned } of exports) {
          const inside = rows.filter(({ day }) => day >= first && day < first + days);
          for (let day = first; day < first + days; day += 1) covered.add(day);
          if (inside.length === 0) continue;
          const lines = inside.map(
            ({ day, cents, category }) => `2026-01-0${day},${cents / 100},same,${category}`,
          );
          const { status, body } = await at.post(statement(turned ? lines.toReversed() : lines));
          assert.deepEqual([status, body.conflicts], [200, 0]);
        }
        const expected = rows.filter(({ day }) => covered.has(day));
        assert.equal(total(at), BigInt(expected.reduce((sum, { cents }) => sum + cents, 0)));
        assert.equal(facts(at).length, expected.length);
      }),
      { numRuns: 60 },
    );
  });

  test('21 a later whole file with fewer copies is told of, and takes nothing away', async () => {
    const world = importWorld();
    await world.post(statement(ROWS));
    const { body } = await world.post(statement(ROWS.slice(1)));
    assert.deepEqual(body.discrepancies, [{ date: '2026-01-05', amount: '-12.34', description: 'AWS EMEA' }]);
    assert.deepEqual([body.status, body.discrepancy_count], ['duplicate', 1]);
    assert.equal(total(world), -412_468n);
  });

  test('21 the first and the last day may lack rows, unless the sender says that they are whole', async () => {
    const world = importWorld();
    const rows = ['2026-01-05,1.00,a,x', '2026-01-07,1.00,c,x'];
    await world.post(statement(['2026-01-05,1.00,a,x', '2026-01-05,1.00,b,x', ...rows.slice(1)]));
    const coverage = { from: '2026-01-05', to: '2026-01-07' };
    assert.equal((await world.post(statement(rows, { coverage }))).body.discrepancy_count, 0);
    const whole = { ...coverage, partial_days: [] };
    assert.equal((await world.post(statement(rows, { coverage: whole }))).body.discrepancy_count, 1);
  });

  test('rows of other accounts and sources are no discrepancy', async () => {
    const world = importWorld();
    await world.post(statement(ROWS, { account: 'savings', opening_balance: '5.00' }));
    assert.equal((await world.post(statement(ROWS))).body.discrepancy_count, 0);
  });

  test('one row under another category is a conflict, by its line, and the first telling stands', async () => {
    const world = importWorld();
    await world.post(statement(ROWS));
    const { body } = await world.post(
      statement([...ROWS.slice(0, 3), '2026-01-20,900.00,ACME CORP,revenue']),
    );
    assert.deepEqual([body.status, body.conflicts, body.conflicting_lines], ['conflict', 1, [5]]);
    assert.equal(total(world), -412_468n);
  });
});

describe('rows with the bank’s own ids', () => {
  const withIds = (rows: readonly string[], fields = {}): Record<string, unknown> =>
    statement([], { csv: ['id,date,amount', ...rows].join('\n'), ...fields });

  test('are named by them alone', async () => {
    const world = importWorld();
    const { body } = await world.post(
      withIds(['T1,2026-01-05,1.00', 'T2,2026-01-05,1.00', 'T1,2026-01-05,1.00']),
    );
    assert.deepEqual([body.rows, body.accepted, body.duplicates], [3, 2, 1]);
    assert.deepEqual(
      facts(world).map(({ key }) => key),
      ['csv:checking:id:T1', 'csv:checking:id:T2'],
    );
  });

  test('do not mix with rows named by content on the same day, for each would count twice', async () => {
    const world = importWorld();
    await world.post(statement(['2026-01-05,1.00,a,x']));
    const clash = await world.post(withIds(['T1,2026-01-05,1.00']));
    assert.deepEqual([clash.status, clash.type], [409, 'application/problem+json']);
    assert.match(clash.body.detail, /every row would count twice/);
    assert.equal((await world.post(withIds(['T1,2026-01-06,1.00']))).status, 200);
    assert.equal((await world.post(statement(['2026-01-06,1.00,a,x']))).status, 409);
    assert.equal(facts(world).length, 2);
  });
});

describe('a file that is not right is refused whole', () => {
  const refused = async (body: unknown, says: RegExp, status = 400): Promise<void> => {
    const world = importWorld();
    const answer = await world.post(body);
    assert.deepEqual([answer.status, answer.type], [status, 'application/problem+json']);
    assert.match([answer.body.detail, ...(answer.body.problems ?? [])].join('\n'), says);
    assert.deepEqual(world.ledger.rows(), []);
  };
  const CASES: Readonly<Record<string, readonly [unknown, RegExp]>> = {
    'no JSON': ['date,amount', /body: is no JSON/],
    'a bad amount': [
      statement([...ROWS, '2026-01-21,1 000,x,y']),
      /line 6: amount "1 000" is no plain decimal/,
    ],
    'a bad date': [statement(['2026-02-30,1,x,y']), /line 2: date "2026-02-30"/],
    'a day outside the coverage': [
      statement([...ROWS, '2026-02-01,1,x,y']),
      /line 6: 2026-02-01 is outside the coverage 2026-01-01\.\.2026-01-31/,
    ],
    'no rows': [statement([]), /has a header and no lines/],
    'another currency': [
      statement([], { csv: 'date,amount,currency\n2026-01-05,1,EUR\n' }),
      /line 2: currency EUR, but USD was asked for/,
    ],
    'two accounts': [
      statement([], { csv: 'date,amount,account\n2026-01-05,1,A\n2026-01-05,1,B\n' }),
      /line 3: account "B", but line 2 has "A"/,
    ],
    'a description no row could hold': [
      statement([`2026-01-05,1,${'x'.repeat(1_001)},y`]),
      /line 2: the description is longer than 1000/,
    ],
    'a reserved account': [statement(ROWS, { account: 'stripe_balance' }), /account: is not for an import/],
    'no coverage': [statement(ROWS, { coverage: undefined }), /coverage/],
    'coverage the wrong way round': [
      statement(ROWS, { coverage: { from: '2026-01-31', to: '2026-01-01' } }),
      /ends on 2026-01-01, before it begins/,
    ],
    'coverage of days to come': [
      statement(ROWS, { coverage: { from: '2026-01-01', to: '2026-02-12' } }),
      /today is 2026-02-10/,
    ],
    'coverage of more than a year': [
      statement(ROWS, { coverage: { from: '2025-01-01', to: '2026-01-31' } }),
      /396 days, at most 366/,
    ],
    'an opening balance that is none': [
      statement(ROWS, { opening_balance: '1,000' }),
      /opening_balance: is no decimal/,
    ],
    'an unknown column': [statement(ROWS, { columns: { when: 'Date' } }), /columns/],
    'an unknown key': [statement(ROWS, { dry_run: true }), /dry_run/],
  };
  for (const [name, [body, says]] of Object.entries(CASES)) test(name, () => refused(body, says));

  test('the first twenty bad lines are listed, and how many there are', async () => {
    const rows = Array.from({ length: 30 }, (_, index) => `2026-01-05,${index}x,a,b`);
    const { body } = await importWorld().post(statement(rows));
    assert.deepEqual([body.problems.length, body.problem_count], [20, 30]);
    assert.match(body.problems[19], /^line 21: /);
  });

  test('more rows or bytes than one request can store', async () => {
    const many = Array.from({ length: 5_001 }, (_, index) => `2026-01-05,${index},a,b`);
    await refused(statement(many), /5001 rows, at most 5000 a request: split the file by date/, 413);
    await refused(statement([], { csv: 'x'.repeat(2 * 1024 * 1024) }), /at most 2 MB: split/, 413);
  });
});

test('columns may go by the bank’s names', async () => {
  const world = importWorld();
  const { body } = await world.post(
    statement([], {
      csv: 'Posted,Value,Text\n2026-01-05,-3.50,Coffee\n',
      columns: { date: 'Posted', amount: 'Value', description: 'Text' },
    }),
  );
  assert.equal(body.accepted, 1);
  assert.equal(facts(world)[0]?.description, 'COFFEE');
});

describe('an opening balance', () => {
  test('is what there was at the end of the day before, once', async () => {
    const world = importWorld();
    const { body } = await world.post(statement(ROWS, { opening_balance: '10000.00' }));
    assert.deepEqual(body.opening_balance, { amount: '10000.00', date: '2025-12-31', status: 'accepted' });
    assert.equal(body.accepted, 4);
    const opening = facts(world).find(({ key }) => key === 'opening:checking');
    assert.deepEqual(
      [opening?.date, opening?.lines, opening?.counterAccount],
      ['2025-12-31', [{ category: 'opening_balance', amountMinor: 1_000_000n }], 'external'],
    );
    const rows = world.ledger.rows().length;
    const again = await world.post(statement(ROWS, { opening_balance: '10000' }), { nowMs: NOW + 60_000 });
    assert.equal(again.body.opening_balance.status, 'duplicate');
    assert.equal(world.ledger.rows().filter((row) => row.kind !== 'delivery').length, rows - 1);
  });

  test('is corrected by a later word on the same day', async () => {
    const world = importWorld();
    await world.post(statement(ROWS, { opening_balance: '10000.00' }));
    const { body } = await world.post(statement(ROWS, { opening_balance: '9000.00' }), {
      nowMs: NOW + 1_000,
    });
    assert.equal(body.opening_balance.status, 'accepted');
    const kinds = (await world.ledger.factRows('acme', 'opening:checking')).map(
      ({ kind, sk }) => `${kind} ${sk}`,
    );
    assert.deepEqual(kinds, ['fact 00000001', 'reversal 00000001~reversal', 'fact 00000002']);
  });

  test('moves back with an earlier file, and is asked for by it', async () => {
    const world = importWorld();
    const february = statement(['2026-02-03,-1.00,x,y'], {
      coverage: { from: '2026-02-01', to: '2026-02-05' },
      opening_balance: '5875.32',
    });
    assert.equal((await world.post(february)).status, 200);
    const without = await world.post(statement(ROWS));
    assert.equal(without.status, 409);
    assert.match(
      without.body.detail,
      /opens with 5875\.32 USD at the end of 2026-01-31, which holds the days/,
    );
    const moved = await world.post(statement(ROWS, { opening_balance: '10000.00' }), { nowMs: NOW + 1_000 });
    assert.deepEqual([moved.status, moved.body.opening_balance.date], [200, '2025-12-31']);
    const late = await world.post(february, { nowMs: NOW + 2_000 });
    assert.equal(late.status, 409);
    assert.match(late.body.detail, /opens with 10000\.00 USD at the end of 2025-12-31 already/);
  });

  test('cannot stand in the middle of what is known', async () => {
    const world = importWorld();
    await world.post(statement(ROWS));
    const answer = await world.post(
      statement(['2026-02-03,-1.00,x,y'], {
        coverage: { from: '2026-02-01', to: '2026-02-05' },
        opening_balance: '5875.32',
      }),
    );
    assert.equal(answer.status, 409);
    assert.match(answer.body.detail, /has rows from before 2026-02-01 \(2026-01-05\)/);
    assert.equal(facts(world).length, 4);
  });
});

test('when the ledger fails in between, the file is sent again and counts once', async () => {
  let inserts = 0;
  let failing = true;
  const world = importWorld(settingsOf({ slices: 3 }), (operation) => {
    if (operation === 'insert' && failing && ++inserts > 3) throw new Error('throttled');
  });
  const failed = await world.post(statement(ROWS, { opening_balance: '1.00' }));
  assert.equal(failed.status, 503);
  failing = false;
  const { body } = await world.post(statement(ROWS, { opening_balance: '1.00' }));
  assert.equal(body.accepted + body.duplicates, 4);
  assert.equal(total(world), -412_368n);
});

test('rows that are in the ledger are not written again', async () => {
  let inserts = 0;
  const world = importWorld(settingsOf(), (operation) => {
    if (operation === 'insert') inserts += 1;
  });
  await world.post(statement(ROWS));
  inserts = 0;
  await world.post(statement(ROWS));
  assert.equal(inserts, 1, 'the delivery alone is looked for');
});

test('a closing balance is a statement of its day, told once however often it is sent, and moves no cash', async () => {
  const at = importWorld();
  const file = statement(['2026-01-05,-3.50,COFFEE,'], {
    opening_balance: '100.00',
    closing_balance: '96.50',
  });
  const first = await at.post(file);
  assert.deepEqual(
    [first.status, first.body.accepted, first.body.opening_balance.status],
    [200, 1, 'accepted'],
  );
  assert.deepEqual(first.body.closing_balance, { amount: '96.50', date: '2026-01-31' });
  await at.post(file, { nowMs: NOW + 1_000 });
  const stated = () =>
    at.ledger
      .rows()
      .flatMap((row) => (row.kind === 'fact' && row.fact.kind === 'statement' ? [row.fact] : []));
  assert.deepEqual(
    stated().map(({ date, body }) => [date, JSON.parse(body ?? '')]),
    [['2026-01-31', { account: 'checking', amountMinor: '9650', currency: 'USD' }]],
  );
  await at.post({ ...file, closing_balance: '96.40' }, { nowMs: NOW + 2_000 });
  assert.equal(stated().length, 2, 'the latest word counts');
  const refused = await at.post({ ...file, closing_balance: '96.505' });
  assert.deepEqual(
    [refused.status, refused.body.problems],
    [400, ['closing_balance: is no decimal number that USD can hold']],
  );
});
