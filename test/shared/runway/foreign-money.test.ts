import assert from 'node:assert/strict';
import { test } from 'node:test';
import { foldDay } from '../../../shared/aggregate/day.ts';
import { foldMonth } from '../../../shared/aggregate/month.ts';
import type { AccountSettings } from '../../../shared/contract/tenant.ts';
import type { CashFact } from '../../../shared/event/fact.ts';
import { type Currency, currency } from '../../../shared/money/currency.ts';
import { type LedgerView, ledgerView, monthsNeeded } from '../../../shared/runway/ledger-view.ts';
import { runwayInputOf } from '../../../shared/runway/live-input.ts';
import { runwayOf } from '../../../shared/runway/runway.ts';
import { cashFact, day, factRow, usd } from '../../support/rows.ts';
import { settingsOf } from '../../support/settings.ts';

const gbp = currency('GBP') as Currency;
const RATES: readonly (readonly [string, string, string])[] = [
  ['2026-02-02', 'USD', '1.0000'],
  ['2026-02-02', 'GBP', '0.5000'],
  ['2026-02-27', 'USD', '1.0000'],
  ['2026-02-27', 'GBP', '0.4000'],
];
const AS_OF = day('2026-02-28');

type Telling = Partial<CashFact> & { readonly amountMinor?: bigint };

const viewOf = (
  told: readonly Telling[],
  rates: typeof RATES = RATES,
  accounts: readonly AccountSettings[] = [],
): LedgerView => {
  const rows = told.map((fields, index) => factRow(cashFact({ key: `k${index}`, ...fields })));
  const days = [...Map.groupBy(rows, ({ fact }) => fact.date)].map(([date, of]) => foldDay(date, 0, of));
  const months = [...Map.groupBy(days, ({ date }) => date.slice(0, 7))].map(([month, of]) =>
    foldMonth(month, of),
  );
  assert.equal(monthsNeeded(months, AS_OF, usd).length, months.length);
  const statements = rates.map(([date, code, rate]) => ({
    key: `fx:ecb:${date}:${code}`,
    date: day(date),
    source: 'ecb',
    body: { base: 'EUR', currency: code, rate },
  }));
  return ledgerView({ months, plan: undefined, review: undefined }, days, usd, {
    settings: { accounts },
    asOf: AS_OF,
    payouts: [],
    commitments: [],
    rates: [{ subject: 'rate', month: '2026-02', rows: rates.length, rowsHash: '', statements }],
  });
};

const pounds = (date: string, amountMinor: bigint, fields: Telling = {}): Telling => ({
  date: day(date),
  currency: gbp,
  amountMinor,
  ...fields,
});
const reasonsOf = (view: LedgerView): readonly string[] =>
  JSON.parse(runwayOf(settingsOf(), view, Date.parse('2026-02-28T12:00:00Z')).document).trust.reasons;

test('foreign balances count by today’s rate, foreign movements by the rates of their days', () => {
  const view = viewOf([
    { date: day('2026-02-02'), amountMinor: 5_000n },
    pounds('2026-02-03', 1_000n),
    pounds('2026-02-27', -400n),
  ]);
  assert.equal(view.balances.get(gbp), 600n);
  assert.equal(view.availableMinor, 5_000n + 1_500n);
  assert.deepEqual(
    view.days.map(({ date, netMinor }) => [date, netMinor]),
    [
      ['2026-02-02', 5_000n],
      ['2026-02-03', 2_000n],
      ['2026-02-27', -1_000n],
    ],
  );
  const [held] = view.exchange.holdings;
  assert.deepEqual([held?.realisedMinor, held?.unrealisedMinor], [200n, 300n]);
  const moved = view.past.reduce((sum, { netMinor }) => sum + netMinor, 0n);
  assert.equal(moved + 200n + 300n, view.availableMinor, 'every cent has a cause');
  assert.equal(runwayInputOf(settingsOf(), view, Date.parse('2026-02-28T12:00:00Z')).balanceMinor, 6_500n);
});

test('the forecast knows what of the streams and of the cash is foreign', () => {
  const view = viewOf([
    { date: day('2026-02-02'), amountMinor: 5_000n },
    pounds('2026-02-03', 1_000n),
    pounds('2026-02-27', -400n),
  ]);
  assert.deepEqual(view.foreign, [{ currency: gbp, amountMinor: 600n, worthMinor: 1_500n }]);
  const foreignMinor = view.days.flatMap(({ streams }) => streams.map((stream) => stream.foreignMinor));
  assert.deepEqual(foreignMinor, [undefined, 2_000n, 1_000n]);
  assert.equal(runwayInputOf(settingsOf(), view, Date.parse('2026-02-28T12:00:00Z')).foreign, view.foreign);
  const home = viewOf([{ date: day('2026-02-02'), amountMinor: 5_000n }]);
  assert.equal('foreign' in runwayInputOf(settingsOf(), home, Date.parse('2026-02-28T12:00:00Z')), false);
});

test('money without a rate is listed, never counted at one', () => {
  const view = viewOf([{ date: day('2026-02-02'), amountMinor: 5_000n }, pounds('2026-01-10', 1_000n)], []);
  assert.equal(view.availableMinor, 5_000n);
  assert.deepEqual(
    view.days.map(({ netMinor }) => netMinor),
    [5_000n],
  );
  const reasons = reasonsOf(view).join('\n');
  assert.match(reasons, /GBP 10\.00 is held but not valued: no exchange rate is known/);
  assert.match(reasons, /what moved in GBP on 1 day from 2026-01-10 to 2026-01-10 is not in the burn/);
});

test('a rate that is too old values nothing', () => {
  const view = viewOf([pounds('2026-02-03', 1_000n)], RATES.slice(0, 2));
  assert.equal(view.availableMinor, 0n);
  assert.match(reasonsOf(view).join('\n'), /the last exchange rate is of 2026-02-02, more than 7 days ago/);
});

const bank = (account: string, fields: Telling): Telling => ({ source: 'plaid', account, ...fields });

test('money exchanged between own accounts is no burn; what the bank kept is a settled difference', () => {
  const view = viewOf([
    bank('bank:usd', {
      date: day('2026-02-01'),
      amountMinor: 10_000n,
      lines: [{ category: 'opening_balance', amountMinor: 10_000n }],
    }),
    bank('bank:usd', { date: day('2026-02-03'), amountMinor: -2_000n, description: 'FX CONVERSION TO GBP' }),
    bank('bank:gbp', pounds('2026-02-04', 990n)),
    bank('bank:gbp', pounds('2026-02-04', 31n)),
  ]);
  assert.deepEqual(
    view.days.map(({ date, netMinor }) => [date, netMinor]),
    [['2026-02-04', 62n]],
  );
  assert.equal(view.exchange.settledMinor, -20n);
  const gains = view.exchange.holdings.reduce(
    (sum, each) => sum + each.realisedMinor + each.unrealisedMinor,
    0n,
  );
  assert.equal(10_000n + 62n - 20n + gains, view.availableMinor);
});

test('an exchange far from the reference rate, or one that nothing calls so, stays income and expense', () => {
  const ends = (received: bigint, description: string) =>
    viewOf([
      bank('bank:usd', { date: day('2026-02-03'), amountMinor: -2_000n, description }),
      bank('bank:gbp', pounds('2026-02-04', received)),
    ]).days.length;
  assert.equal(ends(990n, 'FX'), 0);
  assert.equal(ends(900n, 'FX'), 2);
  assert.equal(ends(990n, 'Rent'), 2);
});

test('restricted money is no cash of the runway, and what moves on it is no burn', () => {
  const view = viewOf(
    [
      { date: day('2026-02-02'), amountMinor: 5_000n },
      { date: day('2026-02-02'), account: 'bank:deposit', amountMinor: 700n },
    ],
    RATES,
    [{ account: 'bank:deposit', kind: 'bank', authority: 'generic', restricted: true }],
  );
  assert.equal(view.availableMinor, 5_000n);
  assert.deepEqual(
    view.restricted.map(({ account, deltaMinor }) => [account, deltaMinor]),
    [['bank:deposit', 700n]],
  );
  assert.deepEqual(
    view.days.map(({ netMinor }) => netMinor),
    [5_000n],
  );
});
