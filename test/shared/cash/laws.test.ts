import assert from 'node:assert/strict';
import { test } from 'node:test';
import { diceOf } from '../../../shared/backtest/generator/dice.ts';
import type { TenantSettings } from '../../../shared/contract/tenant.ts';
import { type Life, lifeOf } from '../../support/cash-life.ts';
import { cashOf, heard, stateOf, type Telling, viewFrom } from '../../support/cash-world.ts';
import { ITEM } from '../../support/plaid-payloads.ts';
import { usd } from '../../support/rows.ts';
import { settingsOf } from '../../support/settings.ts';
import { SETTLED } from '../../support/teller.ts';

/** Orders that are tried; `CAPSTACK_ORDERS=10000` for all of an afternoon's. */
const ORDERS = Number(process.env['CAPSTACK_ORDERS'] ?? 150);
const SEED = Number(process.env['CAPSTACK_SEED'] ?? 1);

const company = (tenant: string): TenantSettings =>
  settingsOf({
    tenant,
    chargebee: { site: tenant },
    gusto: { company: tenant, taxes: 'impound' },
    plaid: [
      {
        item: ITEM,
        accounts: {
          'acct-checking': 'bank:checking',
          'acct-savings': 'bank:savings',
          'acct-card': 'card:company',
        },
      },
    ],
  });

const LIVES: readonly Life[] = [lifeOf(company('acme'), 5, 2), lifeOf(company('globex'), 9, 2)];
const tellingsOf = ({ others, payouts }: Life): readonly Telling[] => [...others, ...payouts];

const chance = (seed: number): (() => number) => {
  const { uniform } = diceOf(seed, 3, 0);
  return () => uniform(0, 1);
};

/** The tellings in a random order, about a third of them told more than once. */
const disordered = (tellings: readonly Telling[], uniform: () => number): readonly Telling[] => {
  const all = tellings.flatMap((telling) =>
    Array.from({ length: uniform() < 0.3 ? 2 + Math.floor(uniform() * 2) : 1 }, () => telling),
  );
  for (let index = all.length - 1; index > 0; index -= 1) {
    const other = Math.floor(uniform() * (index + 1));
    [all[index], all[other]] = [all[other] as Telling, all[index] as Telling];
  }
  return all;
};

test(`law: ${ORDERS} orders and repetitions of two companies' lives leave the same state`, () => {
  const told = LIVES.flatMap(tellingsOf);
  assert.ok(told.length >= 200, `${told.length} tellings are no life`);
  const stateAfter = (order: readonly Telling[]): readonly string[] => {
    const rows = heard(order);
    return LIVES.map(({ settings }) => stateOf(rows, settings, SETTLED));
  };
  const expected = stateAfter(told);
  for (let order = 0; order < ORDERS; order += 1) {
    const seed = SEED * 1_000_003 + order;
    assert.deepEqual(stateAfter(disordered(told, chance(seed))), expected, `order of seed ${seed}`);
  }
});

test('law: through a payout’s whole life, in any order, total cash does not move by a cent', () => {
  for (const { settings, others, payouts } of LIVES) {
    const expected = cashOf(others, settings, SETTLED);
    for (let round = 0; round < 4; round += 1) {
      const order = disordered(payouts, chance(SEED * 7_001 + round));
      for (let length = 1; length <= order.length; length += 1)
        assert.equal(
          cashOf([...others, ...order.slice(0, length)], settings, SETTLED),
          expected,
          `${settings.tenant}, round ${round}, after ${order[length - 1]?.name}`,
        );
    }
  }
});

test('law: one story told by Stripe, Chargebee, bank, files, payroll and Gusto at once is the cash that the bank alone tells', () => {
  for (const life of LIVES) {
    const { settings, bank } = life;
    const all = viewFrom(heard(tellingsOf(life)), settings, SETTLED).view;
    const alone = viewFrom(heard(bank), settings, SETTLED).view;
    const at = (account: string): bigint =>
      all.accounts
        .filter((each) => each.account === account)
        .reduce((sum, each) => sum + each.deltaMinor, 0n);
    // What is still at Stripe no bank can know of.
    assert.equal(
      (all.balances.get(usd) ?? 0n) - at('stripe_balance'),
      alone.balances.get(usd),
      JSON.stringify(all.accounts, (_, value) => (typeof value === 'bigint' ? `${value}` : value)),
    );
    assert.equal(at('transit:stripe'), 0n);
    assert.equal(at('suspense:stripe'), 0n);
    assert.equal(at('transit:own'), 0n);
    assert.deepEqual(all.expected, []);
    assert.deepEqual(all.attention, []);
  }
});
