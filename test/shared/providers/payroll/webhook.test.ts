import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { foldDay } from '../../../../shared/aggregate/day.ts';
import { foldPlan } from '../../../../shared/aggregate/plan.ts';
import { canonicalJson } from '../../../../shared/canonical/canonical.ts';
import { documentOf } from '../../../../shared/canonical/document.ts';
import type { CashFact, Fact, PlanFact } from '../../../../shared/event/fact.ts';
import { parsePlan } from '../../../../shared/model/plan.ts';
import { payroll } from '../../../../shared/providers/payroll/webhook.ts';
import { memoryLedgerStore } from '../../../support/memory-ledger-store.ts';
import { payrollRun } from '../../../support/payroll.ts';
import { day } from '../../../support/rows.ts';
import { provenance, settingsOf } from '../../../support/settings.ts';

const settings = settingsOf();

const read = (body: unknown) => payroll.interpret(Buffer.from(JSON.stringify(body)), settings);

const factsOf = (body: unknown, to = settings): readonly Fact[] => {
  const reading = payroll.interpret(Buffer.from(JSON.stringify(body)), to);
  assert.equal(reading.outcome, 'facts', canonicalJson(reading));
  return reading.outcome === 'facts'
    ? reading.events.flatMap((event) => ('fact' in event ? [event.fact] : []))
    : [];
};
const cash = (body: unknown): readonly CashFact[] => factsOf(body).filter((fact) => fact.kind === 'cash');
const plans = (body: unknown, to = settings): readonly PlanFact[] =>
  factsOf(body, to).filter((fact) => fact.kind === 'plan');

const problems = (body: unknown): string => {
  const reading = read(body);
  assert.equal(reading.outcome, 'malformed', canonicalJson(reading));
  return reading.outcome === 'malformed' ? reading.problems.join('\n') : '';
};

test('each leg is owed until it is called off, whatever has been paid by then', () => {
  const owed = (status: string) =>
    factsOf(payrollRun({ status, revision: 3 })).flatMap((fact) =>
      fact.kind === 'statement' ? [[fact.key, JSON.parse(fact.body ?? '{}').status]] : [],
    );
  for (const status of ['scheduled', 'funded', 'paid'])
    assert.deepEqual(owed(status), [
      ['pay:run-1:net:due', 'expected'],
      ['pay:run-1:tax:due', 'expected'],
    ]);
  for (const status of ['cancelled', 'reversed'])
    assert.deepEqual(owed(status), [
      ['pay:run-1:net:due', 'cancelled'],
      ['pay:run-1:tax:due', 'cancelled'],
    ]);
});

test('a paid payroll takes each leg out of the own account on its own day', () => {
  assert.deepEqual(
    cash(payrollRun({ status: 'paid', revision: 3 })).map(
      ({ key, revision, date, account, counterAccount, lines }) => ({
        key,
        revision,
        date,
        account,
        counterAccount,
        lines,
      }),
    ),
    [
      {
        key: 'pay:run-1:net',
        revision: '1.000000000000003',
        date: '2026-01-15',
        account: 'manual',
        counterAccount: 'external',
        lines: [{ category: 'payroll', amountMinor: -7_000_000n }],
      },
      {
        key: 'pay:run-1:tax',
        revision: '1.000000000000003',
        date: '2026-01-20',
        account: 'manual',
        counterAccount: 'external',
        lines: [{ category: 'payroll_tax', amountMinor: -3_800_000n }],
      },
    ],
  );
  assert.deepEqual(
    plans(payrollRun({ status: 'paid' })).map(({ item }) => item),
    [null, null],
  );
});

test('a scheduled payroll moves nothing and is planned, in words the forecast reads', () => {
  const body = payrollRun({ status: 'scheduled' });
  assert.deepEqual(
    cash(body).map(({ lines }) => lines),
    [[], []],
  );
  const kept = plans(body).map(({ key, item }) => ({ id: key.replace('plan:', ''), item: item ?? '' }));
  assert.deepEqual(parsePlan(kept), {
    items: [
      {
        kind: 'scheduled',
        id: 'payroll:run-1:net',
        date: '2026-01-15',
        amount: '-70000',
        label: 'payroll net',
      },
      {
        kind: 'scheduled',
        id: 'payroll:run-1:tax',
        date: '2026-01-20',
        amount: '-38000',
        label: 'payroll tax',
      },
    ],
    reasons: [],
  });
});

test('cancelled and reversed payrolls neither move nor plan anything', () => {
  for (const status of ['cancelled', 'reversed']) {
    const body = payrollRun({ status });
    assert.ok(
      cash(body).every(({ lines }) => lines.length === 0),
      status,
    );
    assert.ok(
      plans(body).every(({ item }) => item === null),
      status,
    );
  }
});

test('a payroll in another currency than the plan is in plans nothing', () => {
  const body = payrollRun({ status: 'scheduled' });
  const [inEuro] = plans(body, settingsOf({ baseCurrency: 'EUR' }));
  assert.equal(inEuro?.item, null);
});

test('figures that do not add up are turned down with a sentence that says which', () => {
  assert.match(
    problems(payrollRun({ netMinor: '7000001' })),
    /the net legs add up to 7000000, but netMinor is 7000001/,
  );
  assert.match(
    problems(payrollRun({ employerTaxMinor: '1' })),
    /the tax legs add up to 3800000, but employeeTaxMinor and employerTaxMinor to 3000001/,
  );
  assert.match(problems(payrollRun({ grossMinor: '9999999' })), /grossMinor: 9999999 is less than/);
  const [net] = payrollRun().legs;
  assert.match(problems(payrollRun({ legs: [net, net] })), /net is told twice/);
});

test('more may be held back from gross pay than taxes, and paid on in legs of its own', () => {
  const legs = [
    ...payrollRun().legs,
    { leg: 'garnishment', amountMinor: '50000', cashDate: '2026-01-22' },
    { leg: 'reimbursement', amountMinor: 120_00, cashDate: '2026-01-15' },
  ];
  const facts = cash(payrollRun({ status: 'paid', legs, grossMinor: '10050000' }));
  assert.deepEqual(
    facts.flatMap(({ lines }) => lines),
    [
      { category: 'payroll', amountMinor: -7_000_000n },
      { category: 'payroll_tax', amountMinor: -3_800_000n },
      { category: 'payroll_garnishment', amountMinor: -50_000n },
      { category: 'payroll_reimbursement', amountMinor: -12_000n },
    ],
  );
});

const BROKEN: Readonly<Record<string, readonly [Record<string, unknown>, RegExp]>> = {
  'another schema': [{ schema: 2 }, /schema: is not 1/],
  'no payroll': [{ payrollId: undefined }, /payrollId/],
  'no event': [{ eventId: undefined }, /eventId/],
  'revision 0': [{ revision: 0 }, /revision: is below 1/],
  'a fraction of a revision': [{ revision: 1.5 }, /revision: is no whole number/],
  'an unknown status': [{ status: 'done' }, /status: is none of scheduled, funded/],
  'an unknown currency': [{ currency: 'XXQ' }, /currency: is no ISO 4217 code/],
  'no legs': [{ legs: [] }, /legs: is empty/],
  'a leg without a day': [{ legs: [{ leg: 'net', amountMinor: '1' }] }, /legs\.0\.cashDate/],
  'a leg on no day': [
    { legs: [{ leg: 'net', amountMinor: '1', cashDate: '2026-02-30' }] },
    /legs\.0\.cashDate: is no calendar day/,
  ],
  'a negative amount': [{ grossMinor: '-1' }, /grossMinor: is no whole number of minor units/],
  'an amount in cents of a cent': [{ netMinor: 1.5 }, /netMinor: is no whole number/],
  'an amount that a number cannot hold': [{ netMinor: 2 ** 60 }, /netMinor: is no whole number/],
  'no zone': [{ zone: 'Mars/Olympus' }, /zone: is no IANA time zone/],
  'a key we do not know': [{ amount: '1' }, /amount/],
};
for (const [name, [fields, says]] of Object.entries(BROKEN))
  test(`${name} is malformed`, () => {
    assert.match(problems(payrollRun(fields)), says);
  });

test('what is no JSON is malformed', () => {
  for (const body of ['', '{', '[]', 'null', '"x"'])
    assert.equal(payroll.interpret(Buffer.from(body), settings).outcome, 'malformed', body);
});

test('the event that told it is no part of what it tells', () => {
  assert.deepEqual(factsOf(payrollRun({ eventId: 'evt-2' })), factsOf(payrollRun({ eventId: 'evt-1' })));
});

/** What is left in the ledger's day and plan buckets after these tellings, in this order. */
const standing = async (bodies: readonly unknown[]): Promise<string> => {
  const ledger = memoryLedgerStore();
  for (const body of bodies)
    for (const fact of factsOf(body)) await ledger.append(fact, provenance(settings));
  const rows = await Promise.all(
    ['2026-01-15', '2026-01-16', '2026-01-20'].map((date) => ledger.bucketRows(`T#acme#D#${date}#00`)),
  );
  const accounts = rows.map((bucket) => foldDay(day('2026-01-15'), 0, bucket).accounts);
  return documentOf({ accounts, plan: foldPlan(await ledger.bucketRows('T#acme#PLAN')).items });
};

test('the greatest revision stands, in whatever order and however often the tellings come', async () => {
  const legs = [
    { leg: 'net', amountMinor: '7000000', cashDate: '2026-01-16' },
    { leg: 'tax', amountMinor: '3800000', cashDate: '2026-01-20' },
  ];
  const tellings = [
    payrollRun({ revision: 1, status: 'scheduled' }),
    payrollRun({ revision: 2, status: 'funded' }),
    payrollRun({ revision: 3, status: 'paid', legs }),
    payrollRun({ revision: 4, status: 'cancelled', legs }),
  ];
  for (const length of [1, 2, 3, 4]) {
    const told = tellings.slice(0, length);
    const expected = await standing([told.at(-1)]);
    await fc.assert(
      fc.asyncProperty(
        fc.shuffledSubarray([...told, ...told], { minLength: 2 * length }),
        async (disordered) => {
          assert.equal(await standing(disordered), expected);
        },
      ),
      { numRuns: 20 },
    );
  }
});

test('the same revision with other content is a conflict, and the first telling stands', async () => {
  const ledger = memoryLedgerStore();
  const outcomes = async (body: unknown): Promise<string[]> => {
    const all: string[] = [];
    for (const fact of factsOf(body)) all.push(await ledger.append(fact, provenance(settings)));
    return all;
  };
  assert.deepEqual(await outcomes(payrollRun({ status: 'paid' })), Array(6).fill('accepted'));
  assert.deepEqual(await outcomes(payrollRun({ status: 'paid' })), Array(6).fill('duplicate'));
  const more = payrollRun({
    status: 'paid',
    netMinor: '7000001',
    grossMinor: '10000001',
    legs: [
      { leg: 'net', amountMinor: '7000001', cashDate: '2026-01-15' },
      { leg: 'tax', amountMinor: '3800000', cashDate: '2026-01-20' },
    ],
  });
  assert.deepEqual(await outcomes(more), [
    ...['conflict', 'conflict', 'duplicate'],
    ...['conflict', 'duplicate', 'duplicate'],
  ]);
});
