import assert from 'node:assert/strict';
import { test } from 'node:test';
import { refoldBuckets } from '../../functions/forecast/aggregate.ts';
import { isBucketRow } from '../../functions/forecast/recompute.ts';
import { type ReconcileDeps, reconcileAll, reconcileTenant } from '../../functions/reconcile/reconcile.ts';
import { stripeStub } from '../../scripts/local/providers/stripe.ts';
import { canonicalJson } from '../../shared/canonical/canonical.ts';
import { METRICS } from '../../shared/contract/names.ts';
import { type Fact, revision } from '../../shared/event/fact.ts';
import type { StatementFact } from '../../shared/event/statement.ts';
import { type Fetch, stripeApi } from '../../shared/providers/stripe/api.ts';
import { settledFacts } from '../../shared/providers/stripe/balance-transaction.ts';
import { addDays, civilDateIn } from '../../shared/time/civil-date.ts';
import { memorySecrets, quietInvocation } from '../support/memory-intake.ts';
import { memoryLedgerStore } from '../support/memory-ledger-store.ts';
import { memoryReconciliationStore } from '../support/memory-reconciliation-store.ts';
import { memoryStateStore } from '../support/memory-state-store.ts';
import { cashFact, type usd } from '../support/rows.ts';
import { provenance, settingsOf } from '../support/settings.ts';

const NOW = Date.parse('2026-11-21T03:17:00Z');
const TODAY = civilDateIn('UTC', NOW);
const settings = settingsOf();

const transaction = (id: string, daysAgo: number, amount: number) => ({
  id,
  amount,
  fee: 0,
  net: amount,
  currency: 'usd',
  created: Math.floor(NOW / 1000) - daysAgo * 86_400 - 20_000,
  type: 'charge',
  source: null,
});
type Transaction = ReturnType<typeof transaction>;

/** A tenant's books and the stand-in for Stripe, which agree unless a test makes them differ. */
const world = async (options: Partial<ReconcileDeps> = {}, apiKey: readonly string[] = ['sk_test']) => {
  const stub = stripeStub();
  const through: Fetch = async (url, { headers }) => {
    const path = url.slice('http://stripe.local'.length);
    const answer = stub({ method: 'GET', path, headers, body: Buffer.alloc(0) });
    return { status: answer.status, text: async () => answer.body.toString() };
  };
  const ledger = memoryLedgerStore();
  const state = memoryStateStore();
  const results = memoryReconciliationStore();
  const secrets = memorySecrets({ 'acme/stripe/api': apiKey });
  const deps: ReconcileDeps = {
    ledger,
    state,
    results,
    secrets,
    stripe: stripeApi('http://stripe.local', through),
    tolerance: { variance: 0.02, floor: '50.00' },
    tenants: [settings],
    autoPause: true,
    ...options,
  };
  let streamed = 0;
  const stream = async () => {
    const rows = ledger.rows(streamed).filter(isBucketRow);
    streamed = ledger.rows().length;
    await refoldBuckets({ ledger, state }, rows);
  };
  const recordedAt = '2026-11-20T00:00:00.000Z';
  const tell = async (facts: readonly Fact[], delivery = 'D#acme#stripe#1') => {
    for (const fact of facts) await ledger.append(fact, provenance(settings, { recordedAt, delivery }));
    await stream();
  };
  const at = {
    deps,
    ledger,
    state,
    results,
    tell,
    run: (nowMs = NOW) => reconcileTenant(deps, settings, quietInvocation(nowMs)),
    issue: (...given: readonly Transaction[]) => {
      for (const each of given)
        stub({ method: 'POST', path: '/_issue', headers: {}, body: Buffer.from(JSON.stringify(each)) });
    },
    sell: async (...given: readonly Transaction[]) =>
      tell(given.flatMap((each) => settledFacts(each, undefined, settings) ?? [])),
  };
  return at;
};

const sales = (count: number): Transaction[] =>
  Array.from({ length: count }, (_, index) => transaction(`txn_${index}`, 1 + (index % 20), 10_000 + index));

const only = (reasons: readonly string[]): string => {
  assert.equal(reasons.length, 1, reasons.join('\n'));
  return reasons[0] ?? '';
};

test('books that agree with Stripe pause nothing, and say nothing to look at', async () => {
  const at = await world();
  at.issue(...sales(40));
  await at.sell(...sales(40));
  const { status, reports } = await at.run();
  assert.deepEqual([status.paused, status.reasons, status.attention], [false, [], []]);
  const [stripe] = reports;
  assert.equal(stripe?.status, 'agrees');
  assert.equal(stripe?.items?.[0]?.stated_items, 40);
  assert.equal(stripe?.balances?.[0]?.difference, '0.00');
});

test('offsetting errors pause, by name, and the pause ends by itself once they are gone', async () => {
  const at = await world();
  const told = sales(40);
  at.issue(...told);
  await at.sell(...told);
  const [one, other] = [told[3] as Transaction, told[7] as Transaction];
  at.issue(
    { ...one, amount: one.amount + 10_000, net: one.net + 10_000 },
    { ...other, amount: other.amount - 10_000, net: other.net - 10_000 },
  );
  const { status, reports } = await at.run();
  assert.equal(status.paused, true);
  assert.match(only(status.reasons), /2 different .*txn_3 .*txn_7|2 different .*txn_7 .*txn_3/);
  assert.match(only(status.reasons), /200\.00 USD unexplained/);
  assert.equal(reports[0]?.balances?.[0]?.beyond, false, 'the total alone would have seen nothing');
  at.issue(one, other);
  const invocation = quietInvocation(NOW + 3_600_000);
  await reconcileAll(at.deps, false, invocation);
  assert.equal((await at.results.status('acme'))?.paused, false);
  assert.equal(invocation.emitted.at(-1)?.[METRICS.reconciliationVariance], 0);
});

test('a day that never came is named, and what fetches brings it', async () => {
  const at = await world();
  const told = sales(40);
  at.issue(...told);
  const lost = told.filter(({ id }) => ['txn_10', 'txn_30'].includes(id));
  await at.sell(...told.filter((each) => !lost.includes(each)));
  const { status } = await at.run();
  const date = addDays(TODAY, -12);
  assert.match(only(status.reasons), /2 missing .*txn_10 .*txn_30|2 missing/);
  assert.match(only(status.reasons), new RegExp(`${date} is missing as a whole`));
  await at.sell(...lost);
  assert.equal((await at.run()).status.paused, false);
});

test('what is young, or stands at an estimate, pauses nothing', async () => {
  const at = await world();
  at.issue(...sales(20));
  await at.sell(...sales(20));
  at.issue({ ...transaction('txn_young', 0, 900_000), created: Math.floor(NOW / 1000) - 600 });
  const [estimate] = settledFacts(transaction('txn_unknown', 3, 700_000), undefined, settings) ?? [];
  assert.ok(estimate);
  await at.tell([{ ...estimate, estimated: true, revision: revision('estimated', 0) }]);
  const { status, reports } = await at.run();
  assert.deepEqual([status.paused, status.reasons], [false, []]);
  assert.equal(reports[0]?.items?.[0]?.in_flight, 2);
});

test('the key of an account that holds nothing compares nothing, and is told', async () => {
  const at = await world();
  await at.sell(...sales(20));
  const { status, reports } = await at.run();
  assert.deepEqual([status.paused, reports[0]?.status], [false, 'not_compared']);
  assert.match(status.attention.join(), /lists nothing of these days, of which the ledger has 20 items/);
});

test('what Stripe held before the ledger begins is no error, and a loss after that is', async () => {
  const at = await world();
  at.issue(transaction('txn_before', 200, 5_000_000), ...sales(20));
  await at.sell(...sales(20));
  const first = await at.run();
  assert.deepEqual([first.status.paused, first.reports[0]?.opening_gap], [false, { USD: '50000.00' }]);
  at.issue(transaction('txn_behind_the_window', 60, 900_000));
  const { status } = await at.run(NOW + 86_400_000);
  assert.match(only(status.reasons), /stripe_balance holds .* 9000\.00 unexplained/);
});

const balance = (date: string, amountMinor: bigint): StatementFact => ({
  kind: 'statement',
  key: `balance:bank:checking:${date}`,
  revision: revision('final', 0),
  source: 'plaid',
  date: date as typeof TODAY,
  subject: 'balance',
  body: canonicalJson({ account: 'bank:checking', amountMinor: amountMinor.toString(), currency: 'USD' }),
});
const line = (key: string, daysAgo: number, amountMinor: bigint) =>
  cashFact({ key, source: 'plaid', account: 'bank:checking', date: addDays(TODAY, -daysAgo), amountMinor });

test('a bank that holds something else than the books is told with the days between which it began', async () => {
  const at = await world({}, []);
  await at.tell([
    line('open', 30, 1_000_000n),
    line('a', 12, -20_000n),
    line('c', 5, -10_000n),
    balance(addDays(TODAY, -20), 1_000_000n),
    balance(addDays(TODAY, -10), 980_000n),
    balance(addDays(TODAY, -3), 900_000n),
  ]);
  const { status, reports } = await at.run();
  assert.equal(reports[0]?.status, 'not_compared');
  assert.match(only(status.reasons), /bank:checking holds 9000\.00 USD .* ledger counts 9700\.00: -700\.00/);
  assert.match(only(status.reasons), new RegExp(`since after ${addDays(TODAY, -10)}`));
  await at.tell([line('b', 8, -70_000n)]);
  assert.equal((await at.run()).status.paused, false);
});

test('derived state that tells something else than the ledger pauses until it is rebuilt', async () => {
  const at = await world({}, []);
  await at.tell([line('open', 30, 1_000_000n)]);
  at.state.drop();
  const { status } = await at.run();
  assert.match(only(status.reasons), /derived state differs from the ledger: .*\(missing\)/);
  await refoldBuckets({ ledger: at.ledger, state: at.state }, at.ledger.rows().filter(isBucketRow));
  assert.equal((await at.run()).status.paused, false);
});

test('silence, an old rate and a file taken in twice want a look, and pause nothing', async () => {
  const at = await world({}, []);
  const daily = Array.from({ length: 30 }, (_, index) =>
    line(`p${index}`, 10 + index, -100n - BigInt(index)),
  );
  const euros = cashFact({ key: 'eur', date: addDays(TODAY, -4), currency: 'EUR' as typeof usd });
  const rate: StatementFact = {
    ...balance(addDays(TODAY, -9), 0n),
    key: 'fx:ecb:EUR',
    source: 'ecb',
    subject: 'rate',
    body: canonicalJson({ base: 'EUR', currency: 'USD', rate: '1.1' }),
  };
  await at.tell([...daily, euros, rate]);
  const rows = (file: string) =>
    Array.from({ length: 8 }, (_, index) =>
      cashFact({
        key: `csv:${file}:${index}`,
        source: 'csv',
        account: file,
        date: addDays(TODAY, -2 - index),
        amountMinor: -777n * BigInt(index + 1),
      }),
    );
  await at.tell(rows('checking'), 'D#acme#csv#first');
  await at.tell(rows('savings'), 'D#acme#csv#second');
  const { status } = await at.run();
  assert.equal(status.paused, false);
  const said = status.attention.join('\n');
  assert.match(said, /plaid has told nothing for 10 days/);
  assert.match(said, /the rate of EUR is 9 days old/);
  assert.match(said, /D#acme#csv#(first|second) looks like D#acme#csv#(first|second) taken in again: 8 of 8/);
  assert.equal(status.attention.length, 3, said);
});

test('where it is told not to, nothing pauses', async () => {
  const at = await world({ autoPause: false });
  at.issue(...sales(20));
  const { status } = await at.run();
  assert.deepEqual([status.paused, status.reasons], [false, []]);
  assert.match(status.attention.join(), /20 missing/);
});

test('a failure of one tenant leaves the others compared', async () => {
  const at = await world();
  const other = settingsOf({ tenant: 'other' });
  const failing = { ...at.deps, tenants: [settings, other] };
  const secrets = {
    apiKey: async (tenant: string) => (tenant === 'acme' ? Promise.reject(new Error('no')) : undefined),
  };
  await assert.rejects(reconcileAll({ ...failing, secrets }, true, quietInvocation(NOW)), AggregateError);
  assert.ok(await at.results.status('other'));
});
