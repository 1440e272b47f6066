import assert from 'node:assert/strict';
import { test } from 'node:test';
import { creditItems, withUse } from '../../../shared/cloud/credit-items.ts';
import type { Cost, Statement } from '../../../shared/event/statement.ts';
import { creditInvoices } from '../../../shared/model/declared/invoices.ts';
import type { Currency } from '../../../shared/money/currency.ts';
import { addDays, type CivilDate } from '../../../shared/time/civil-date.ts';

const TODAY = '2026-03-31' as CivilDate;

const cost = (date: CivilDate, amount: string, recordType = 'credit'): Statement<'cost'> => {
  const body: Cost = {
    provider: 'aws',
    service: 'EC2',
    recordType,
    amount,
    currency: 'USD',
    estimated: true,
  };
  return { key: `ce:1:${date}:EC2:${recordType}`, date, source: 'aws', body };
};

const lot = (id: string, remaining: string, expires_on: string): Statement<'credit_lot'> => ({
  key: `awscred:1:${id}`,
  date: expires_on as CivilDate,
  source: 'aws',
  body: { provider: 'aws', remaining, currency: 'USD', expires_on: expires_on as CivilDate },
});

/** 100 a day of use, of which credits pay 60. */
const COSTS = Array.from({ length: 40 }, (_, index) => addDays(TODAY, -index)).flatMap((date) => [
  cost(date, '100', 'usage'),
  cost(date, '-60'),
]);
const of = { costs: COSTS, declared: [], currency: 'USD', asOf: TODAY } as const;

test('18 credit expiry is a step inside the horizon: what credits pay becomes cash on the day after, and all of it', () => {
  const lots = [lot('activate', '1000000', '2026-05-31')];
  const items = creditItems({ ...of, lots });
  assert.deepEqual(items, [
    {
      kind: 'credit',
      id: 'aws-credits',
      remaining: '3660.00',
      expires_on: '2026-05-31',
      daily_gross_cost: '60.00',
      usage: {
        dailyMeans: [100],
        stepDays: 28,
        lots: [{ remaining: '1000000', expires_on: '2026-05-31' }],
      },
    },
  ]);
  const invoices = creditInvoices(items, TODAY, 130, 'USD' as Currency);
  assert.deepEqual(invoices, [
    { date: '2026-07-03', amount: '-1800.00' },
    { date: '2026-08-03', amount: '-1860.00' },
  ]);
});

test('18 what is used up before it expires ends earlier, and the last day is paid in part', () => {
  const items = creditItems({ ...of, lots: [lot('small', '90', '2027-01-31')] });
  const [invoice] = creditInvoices(items, TODAY, 60, 'USD' as Currency);
  assert.deepEqual(invoice, { date: '2026-05-03', amount: '-1710.00' });
});

test('18 lots follow each other, and bring in what they pay once', () => {
  const lots = [lot('b', '600', '2026-12-31'), lot('a', '6000', '2026-04-10')];
  assert.deepEqual(
    creditItems({ ...of, lots }).map(({ remaining, expires_on, daily_gross_cost }) => [
      remaining,
      expires_on,
      daily_gross_cost,
    ]),
    [['1200.00', '2026-04-20', '60.00']],
  );
});

test('18 a lot that the plan declares under the same id counts once, and so does its cost', () => {
  const declared = [
    {
      kind: 'credit',
      id: 'activate',
      remaining: '5000',
      expires_on: '2026-12-31' as CivilDate,
      daily_gross_cost: '60',
    },
  ] as const;
  const lots = [lot('activate', '5000', '2026-12-31'), lot('other', '5000', '2026-12-31')];
  assert.deepEqual(creditItems({ ...of, lots, declared }), []);
});

test('18 without bills, or without credits in them, nothing is assumed', () => {
  const lots = [lot('activate', '5000', '2026-12-31')];
  assert.deepEqual(creditItems({ ...of, lots, costs: [] }), []);
  const usage = COSTS.filter(({ body }) => body.recordType === 'usage');
  assert.deepEqual(creditItems({ ...of, lots, costs: usage }), []);
  assert.deepEqual(creditItems({ ...of, lots, currency: 'EUR' }), []);
});

test('18 how use grew is told with the lots, without what is no use, in whole periods', () => {
  const days = Array.from({ length: 100 }, (_, index) => addDays(TODAY, -index));
  const costs = days.flatMap((date, index) => [
    cost(date, index < 31 ? '120' : '80', 'usage'),
    cost(date, '500', 'tax'),
    cost(date, '-60'),
  ]);
  const [item] = creditItems({
    ...of,
    costs,
    lots: [lot('a', '9000', '2026-12-31'), lot('b', '50', '2027-06-30')],
  });
  assert.deepEqual(item?.usage, {
    dailyMeans: [80, 80, 120],
    stepDays: 28,
    lots: [
      { remaining: '9000', expires_on: '2026-12-31' },
      { remaining: '50', expires_on: '2027-06-30' },
    ],
  });
});

test('18 a provider that tells months tells its use by whole months', () => {
  // Read from some day of December on.
  const costs = ['2025-12', '2026-01', '2026-02', '2026-03'].flatMap((month, k) =>
    [
      cost(`${month}-01` as CivilDate, k === 0 ? '2' : String(31 * k), 'usage'),
      cost(`${month}-01` as CivilDate, '-10'),
    ].map((one) => ({ ...one, body: { ...one.body, provider: 'gcp' } })),
  );
  const gcp = {
    ...lot('g', '900', '2026-12-31'),
    body: { ...lot('g', '900', '2026-12-31').body, provider: 'gcp' },
  };
  const stated = { costs, lots: [gcp], currency: 'USD', asOf: TODAY };
  const usage = { dailyMeans: [1, 62 / 28], stepDays: 30.4 };
  const [item] = creditItems({ ...stated, declared: [] });
  assert.deepEqual(item?.usage, { ...usage, lots: [{ remaining: '900', expires_on: '2026-12-31' }] });
  const declared = [
    { kind: 'credit', id: 'g', remaining: '5', expires_on: TODAY, daily_gross_cost: '1' },
    { kind: 'credit', id: 'mine', remaining: '5', expires_on: TODAY, daily_gross_cost: '1' },
  ] as const;
  assert.deepEqual(withUse(declared, stated), [{ ...declared[0], usage }, declared[1]]);
});
