import assert from 'node:assert/strict';
import { test } from 'node:test';
import { creditItems } from '../../../shared/cloud/credit-items.ts';
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
