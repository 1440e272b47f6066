import assert from 'node:assert/strict';
import { test } from 'node:test';
import { foldDay } from '../../../shared/aggregate/day.ts';
import { foldMonth } from '../../../shared/aggregate/month.ts';
import type { StatementsAggregate } from '../../../shared/aggregate/statements.ts';
import type { CashSettings } from '../../../shared/cash/authority.ts';
import type { Statement } from '../../../shared/event/statement.ts';
import type { FeedSettings } from '../../../shared/runway/feed-trouble.ts';
import { type LedgerView, ledgerView } from '../../../shared/runway/ledger-view.ts';
import { runwayOf } from '../../../shared/runway/runway.ts';
import { cashFact, day, factRow, usd } from '../../support/rows.ts';
import { settingsOf } from '../../support/settings.ts';

interface Told {
  readonly date: string;
  readonly category: string;
  readonly amountMinor: bigint;
}

const viewOf = (told: readonly Told[]): LedgerView => {
  const rows = told.map(({ date, category, amountMinor }, index) =>
    factRow(cashFact({ key: `k${index}`, date: day(date), lines: [{ category, amountMinor }] })),
  );
  const days = [...Map.groupBy(rows, ({ fact }) => fact.date)].map(([date, ofDay]) =>
    foldDay(date, 0, ofDay),
  );
  const months = [...Map.groupBy(days, ({ date }) => date.slice(0, 7))].map(([month, ofMonth]) =>
    foldMonth(month, ofMonth),
  );
  return ledgerView({ months, plan: undefined, review: undefined }, days, usd, {
    settings: {},
    asOf: day('2026-02-28'),
    payouts: [],
    commitments: [],
  });
};

test('a bank login that cannot be read is told of, as long as it is configured', () => {
  const feeds: readonly StatementsAggregate<'feed'>[] = [
    {
      subject: 'feed',
      month: '2026-02',
      rows: 2,
      rowsHash: 'h',
      statements: [
        {
          key: 'plaid:item-1:feed',
          date: day('2026-02-10'),
          source: 'plaid',
          body: { status: 'stale', reason: '400 ITEM_LOGIN_REQUIRED' },
        },
        { key: 'plaid:item-2:feed', date: day('2026-02-10'), source: 'plaid', body: { status: 'ok' } },
      ],
    },
  ];
  const seen = (settings: CashSettings): LedgerView =>
    ledgerView({ months: [], plan: undefined, review: undefined }, [], usd, {
      settings,
      asOf: day('2026-02-28'),
      payouts: [],
      commitments: [],
      feeds,
    });
  const view = seen({ plaid: ['item-1', 'item-2'].map((item) => ({ item, accounts: {} })) });
  assert.deepEqual(view.attention, [
    'the bank login item-1 cannot be read since 2026-02-10 (400 ITEM_LOGIN_REQUIRED): what its accounts did since is not in the total',
  ]);
  assert.equal(view.rows, 2);
  assert.deepEqual(seen({}).attention, []);
});

test('a payroll or a billing that cannot be read makes the forecast partial and says what to do; silent webhooks do not', () => {
  const told = (key: string, source: string, reason: string) => ({
    key,
    date: day('2026-02-10'),
    source,
    body: { status: 'stale' as const, reason },
  });
  const view = (statements: readonly Statement<'feed'>[], settings: FeedSettings): LedgerView =>
    ledgerView({ months: [], plan: undefined, review: undefined }, [], usd, {
      settings,
      asOf: day('2026-02-28'),
      payouts: [],
      commitments: [],
      feeds: [{ subject: 'feed', month: '2026-02', rows: 1, rowsHash: 'h', statements }],
    });
  const gusto = { gusto: { company: 'acme', taxes: 'impound' as const } };
  const signedOut = view([told('gusto:acme:feed', 'gusto', 'signed_out')], gusto);
  assert.match(
    signedOut.attention.join(),
    /no more since 2026-02-10.*Sign in again.*store the new refresh token/,
  );
  const refused = view([told('gusto:acme:feed', 'gusto', 'payrolls 403')], gusto);
  assert.match(refused.attention.join(), /Gusto cannot be read since 2026-02-10 \(payrolls 403\)/);
  const chargebee = { chargebee: { site: 'acme' } };
  const broken = [told('chargebee:acme:feed', 'chargebee', '401')];
  assert.match(view(broken, chargebee).attention.join(), /Chargebee cannot be read.*\(401\).*API key/);
  assert.deepEqual(view(broken, gusto).attention, []);
  const silent = view([told('chargebee:acme:webhooks:feed', 'chargebee', 'silent')], chargebee);
  assert.deepEqual(silent.attention, []);
  assert.match(silent.notes.join(), /webhooks of Chargebee do not arrive since 2026-02-10/);
});

test('what an account opened with is in the balance, in no day, and opens the ledger on the day after', () => {
  const view = viewOf([
    { date: '2026-01-31', category: 'opening_balance', amountMinor: 100_000n },
    { date: '2026-02-03', category: 'rent', amountMinor: -2_000n },
  ]);
  assert.equal(view.balances.get(usd), 98_000n);
  assert.deepEqual(
    view.days.map(({ date, netMinor }) => [date, netMinor]),
    [['2026-02-03', -2_000n]],
  );
  assert.equal(view.firstDate, '2026-02-01');
});

test('an account that opens while others already move does not cut their days off', () => {
  const view = viewOf([
    { date: '2026-01-10', category: 'rent', amountMinor: -2_000n },
    { date: '2026-01-10', category: 'opening_balance', amountMinor: 100_000n },
  ]);
  assert.equal(view.firstDate, '2026-01-10');
});

test('money raised has arrived, but nobody earned it', () => {
  const view = viewOf([
    { date: '2026-02-03', category: 'funding', amountMinor: 1_000_000n },
    { date: '2026-02-03', category: 'revenue', amountMinor: 500n },
    { date: '2026-02-03', category: 'rent', amountMinor: -2_000n },
    { date: '2026-02-05', category: 'funding', amountMinor: -300n },
  ]);
  assert.equal(view.balances.get(usd), 998_200n);
  assert.deepEqual(view.days, [
    {
      date: '2026-02-03',
      netMinor: -1_500n,
      inflowMinor: 500n,
      outflowMinor: 2_000n,
      outflowCount: 1,
      streams: [
        { stream: 'rent', inflowMinor: 0n, outflowMinor: 2_000n, inflowCount: 0, outflowCount: 1 },
        { stream: 'revenue', inflowMinor: 500n, outflowMinor: 0n, inflowCount: 1, outflowCount: 0 },
      ],
      fundingMinor: 1_000_000n,
    },
    {
      date: '2026-02-05',
      netMinor: 0n,
      inflowMinor: 0n,
      outflowMinor: 0n,
      outflowCount: 0,
      streams: [],
      fundingMinor: -300n,
    },
  ]);
});

/** Half a year of $100 a day, from a start of $1,000,000 told in some category a month before its end. */
const runwayWith = (category: string) => {
  const spending = Array.from({ length: 182 }, (_, index) => ({
    date: new Date(Date.UTC(2026, 0, 1 + index)).toISOString().slice(0, 10),
    category: 'rent',
    amountMinor: -10_000n,
  }));
  const view = viewOf([...spending, { date: '2026-06-01', category, amountMinor: 100_000_000n }]);
  return runwayOf(settingsOf(), view, Date.UTC(2026, 6, 2, 12)).forecast;
};

test('a company lives on what it raised, and burns what it burned before', () => {
  const raised = runwayWith('funding');
  assert.equal(raised.status, 'ok');
  assert.equal(raised.burn?.netDailyMean, '100.00');
  assert.equal(raised.balanceMinor, 98_180_000n);
  assert.deepEqual(runwayWith('opening_balance').days, raised.days);
  assert.equal(runwayWith('revenue').status, 'not_burning', 'the same money earned would be another company');
});
