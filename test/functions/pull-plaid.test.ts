import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pull, sweep } from '../../functions/pull/pull.ts';
import { bucketKey } from '../../shared/ledger/bucket.ts';
import type { LedgerRow } from '../../shared/ledger/row.ts';
import { readUpdate, type SyncPage } from '../../shared/providers/plaid/sync.ts';
import {
  type BankWorld,
  bankWorld,
  cashByDay,
  doorbells,
  effectiveFacts,
  totalCash,
} from '../support/bank-world.ts';
import { memoryLedgerStore } from '../support/memory-ledger-store.ts';
import { bankRow, CHECKING, ITEM } from '../support/plaid-payloads.ts';
import { provenance, settingsOf } from '../support/settings.ts';

const pending = bankRow({ transaction_id: 'tx-pending', pending: true, amount: 10, date: '2026-01-29' });
const posted = bankRow({ transaction_id: 'tx-posted', amount: 12.34, pending_transaction_id: 'tx-pending' });

const progress = (at: BankWorld): string[] =>
  at.ledger
    .rows()
    .flatMap((row: LedgerRow) => (row.kind === 'progress' ? [`${row.ordinal} ${row.state}`] : []));

test('14 pending, posted, modified and removed: cash is right at each step', async () => {
  const at = bankWorld();
  await at.bank([pending]);
  assert.deepEqual(await at.ring(), []);
  assert.deepEqual(cashByDay(at), {});

  await at.bank([posted], ['tx-pending']);
  await at.ring();
  assert.deepEqual(cashByDay(at), { '2026-01-30': -1234n });

  await at.bank([{ ...posted, amount: 15 }]);
  await at.ring();
  assert.deepEqual(cashByDay(at), { '2026-01-30': -1500n });

  await at.bank([{ ...posted, amount: 15, date: '2026-01-31' }]);
  await at.ring();
  assert.deepEqual(cashByDay(at), { '2026-01-31': -1500n });

  await at.bank([], ['tx-posted']);
  await at.ring();
  assert.deepEqual(cashByDay(at), {});
  assert.equal(effectiveFacts(at.ledger.rows()).length, 2, 'both transactions are still known');
});

test('12 a pending row removed on one page and posted on the next counts once', async () => {
  const at = bankWorld();
  await at.bank([pending]);
  await at.ring();
  const others = [1, 2, 3].map((n) => bankRow({ transaction_id: `tx-${n}`, amount: n }));
  await at.bank([...others, posted], ['tx-pending']);
  const before = at.calls.length;
  await at.ring();
  assert.equal(at.calls.length - before, 3, 'five rows are three pages of two');
  assert.equal(totalCash(at), -(600n + 1234n));
});

test('what was fetched is kept whole, and its facts say where they come from', async () => {
  const at = bankWorld();
  await at.bank([posted]);
  await at.ring();
  const fact = at.ledger.rows().find((row) => row.kind === 'fact');
  const delivery = at.ledger.rows().find((row) => row.kind === 'delivery');
  assert.equal(fact?.kind === 'fact' && fact.delivery, delivery?.pk);
  assert.ok(delivery?.kind === 'delivery');
  const kept =
    delivery.body === undefined ? { bodyPointer: delivery.bodyPointer ?? '' } : { body: delivery.body };
  const body = JSON.parse((await at.deps.archive.read(kept)).toString());
  assert.deepEqual(body.pages[0].added, [posted]);
});

test('duplicate doorbells ask once in a batch, and change nothing in the next', async () => {
  const at = bankWorld();
  await at.bank([posted]);
  assert.deepEqual(await at.ring(5), []);
  assert.equal(at.calls.length, 1);
  const after = at.ledger.rows();
  await at.ring(3);
  await sweep(at.deps, at.context);
  assert.deepEqual(at.ledger.rows(), after);
  assert.deepEqual(progress(at), ['1 fetched', '1 applied']);
});

test('12 a change between two pages begins the reading anew; too many leave it to the next run', async () => {
  const at = bankWorld();
  await at.bank([1, 2, 3, 4, 5].map((n) => bankRow({ transaction_id: `tx-${n}`, amount: n })));
  await at.mutate(2);
  assert.deepEqual(await at.ring(), []);
  assert.equal(at.calls.length, 2 * 2 + 3);
  assert.equal(totalCash(at), -1500n);

  await at.bank([1, 2, 3].map((n) => bankRow({ transaction_id: `tx-${n}`, amount: 10 * n })));
  await at.mutate(100);
  assert.deepEqual(await at.ring(), ['0']);
  assert.equal(totalCash(at), -1500n);
  await at.mutate(0);
  assert.deepEqual(await at.ring(), []);
  assert.equal(totalCash(at), -(1000n + 2000n + 3000n + 400n + 500n));
});

test('12 a run that dies before it has noted its end is repeated, though the bank has moved on', async () => {
  let dies = true;
  const at = bankWorld({
    around: async (_operation, run) => {
      const result = run();
      const done = at.ledger.rows().some((row) => row.kind === 'fact');
      if (dies && done) throw new Error('the run died');
      return result;
    },
  });
  await at.bank([posted, bankRow({ transaction_id: 'tx-2', amount: 1 })]);
  assert.deepEqual(await at.ring(), ['0']);
  assert.deepEqual(progress(at), ['1 fetched']);
  await at.bank([{ ...posted, amount: 20 }], ['tx-2']);
  dies = false;
  assert.deepEqual(await at.ring(), []);
  assert.deepEqual(progress(at), ['1 fetched', '1 applied', '2 fetched', '2 applied']);
  assert.equal(totalCash(at), -2000n);
  assert.ok(at.ledger.rows().every((row) => row.kind !== 'conflict'));
});

test('a bank that changes while we read is read as it is in the end', async () => {
  const moves = [() => at.bank([{ ...posted, amount: 99 }]), () => at.bank([], ['tx-2'])];
  const at: BankWorld = bankWorld({
    request: async () => {
      if (at.calls.length > 1) await moves.shift()?.();
      return undefined;
    },
  });
  await at.bank([posted, ...[1, 2, 3].map((n) => bankRow({ transaction_id: `tx-${n}`, amount: n }))]);
  await at.ring();
  await at.ring();
  assert.equal(totalCash(at), -(9900n + 100n + 300n));
});

test('an answer without a cursor is no progress, and a feed that leads nowhere is an error', async () => {
  const at = bankWorld();
  const asked: (string | undefined)[] = [];
  const answering = (page: Partial<SyncPage>) => ({
    ...at.deps,
    plaid: {
      ...at.deps.plaid,
      transactionsSync: async (...[, , cursor]: Parameters<typeof at.deps.plaid.transactionsSync>) => {
        asked.push(cursor);
        const value = { added: [], modified: [], removed: [], next_cursor: '', has_more: false, ...page };
        return { outcome: 'found' as const, value };
      },
    },
  });
  assert.deepEqual(await pull(answering({}), doorbells(1), at.context), []);
  assert.deepEqual(await pull(answering({ added: [posted] }), doorbells(1), at.context), []);
  assert.deepEqual(await pull(answering({ next_cursor: 'c-1' }), doorbells(1), at.context), []);
  assert.deepEqual(asked, [undefined, undefined, undefined]);
  assert.deepEqual(at.ledger.rows(), []);
  for (const next_cursor of ['', 'c-1'])
    assert.deepEqual(await pull(answering({ next_cursor, has_more: true }), doorbells(1), at.context), ['0']);
  const broken = answering({ added: undefined as unknown as [] });
  assert.deepEqual(await pull(broken, doorbells(1), at.context), ['0']);
  assert.deepEqual(
    await pull(answering({ added: [posted], next_cursor: 'c-9' }), doorbells(1), at.context),
    [],
  );
  assert.deepEqual(await pull(answering({ next_cursor: 'c-9' }), doorbells(1), at.context), []);
  assert.equal(asked.at(-1), 'c-9');
});

test('12 a removal of what was never seen keeps an older telling of it out', async () => {
  const ledger = memoryLedgerStore();
  const settings = settingsOf();
  const apply = async (ordinal: number, rows: Partial<SyncPage>): Promise<void> => {
    const page = { added: [], modified: [], removed: [], next_cursor: 'c', has_more: false, ...rows };
    const update = { item: ITEM, since: null, fetchedAt: '2026-02-01T12:00:00.000Z', pages: [page] };
    for (const event of readUpdate(update, ordinal, settings).events)
      if ('fact' in event) await ledger.append(event.fact, provenance(settings));
  };
  await apply(2, { removed: [{ transaction_id: 'tx-1', account_id: CHECKING }] });
  await apply(1, { added: [bankRow()] });
  assert.deepEqual(
    effectiveFacts(ledger.rows()).map((fact) => fact.lines),
    [[]],
  );
});

test('a currency that is none is held for review and blocks no other row', async () => {
  const at = bankWorld();
  const token = { iso_currency_code: null, unofficial_currency_code: 'BTC' };
  await at.bank([bankRow({ transaction_id: 'tx-btc', ...token }), posted]);
  assert.deepEqual(await at.ring(), []);
  assert.equal(totalCash(at), -1234n);
  const review = await at.ledger.bucketRows(bucketKey({ kind: 'review', tenant: 'acme' }));
  assert.equal(review.length, 1);
  assert.ok(review[0]?.kind === 'delivery' && review[0].quarantined?.includes('tx-btc'));
});

test('a payout of Stripe changes no total', async () => {
  const at = bankWorld();
  await at.bank([bankRow({ amount: -4728.01, name: 'STRIPE TRANSFER', merchant_name: 'Stripe' })]);
  await at.ring();
  assert.equal(totalCash(at), 0n);
  const [fact] = effectiveFacts(at.ledger.rows());
  assert.deepEqual([fact?.account, fact?.counterAccount], ['bank:checking', 'transit:stripe']);
});

test('a busy or broken Plaid sends the record back; a refusal does not, and is logged', async () => {
  let status: number | undefined;
  const at = bankWorld({ request: () => status });
  await at.bank([posted]);
  for (status of [429, 500, 503]) assert.deepEqual(await at.ring(2), ['0', '1']);
  for (status of [400, 401]) assert.deepEqual(await at.ring(), []);
  assert.ok(at.context.lines.some((line) => line.level === 'ERROR'));
  status = undefined;
  assert.deepEqual(await at.ring(), []);
  assert.equal(totalCash(at), -1234n);
});

test('a login that breaks is stated once, and stated again once it works', async () => {
  const at = bankWorld();
  const health = () =>
    at.ledger
      .rows()
      .flatMap((row) =>
        row.kind === 'fact' && row.fact.kind === 'statement' ? [[row.fact.key, row.fact.body]] : [],
      );
  await at.bank([posted]);
  await at.ring();
  assert.deepEqual(health(), []);
  await at.breakLogin('ITEM_LOGIN_REQUIRED');
  await at.ring();
  await at.ring();
  assert.deepEqual(health(), [
    [`plaid:${ITEM}:feed`, '{"reason":"400 ITEM_LOGIN_REQUIRED","status":"stale"}'],
  ]);
  await at.breakLogin();
  await pull(at.deps, doorbells(1), { ...at.context, nowMs: at.context.nowMs + 1_000 });
  assert.deepEqual(health().at(-1), [`plaid:${ITEM}:feed`, '{"status":"ok"}']);
  assert.equal(totalCash(at), -1234n);
});

test('without credentials nobody is asked, and it is said', async () => {
  const at = bankWorld({ secrets: {} });
  await at.bank([posted]);
  assert.deepEqual(await at.ring(), []);
  assert.deepEqual(at.calls, []);
  assert.ok(at.context.lines.some((line) => line.level === 'WARN'));
});

test('an item that the configuration no longer names is asked for by nobody', async () => {
  const at = bankWorld();
  await at.bank([posted]);
  const deps = { ...at.deps, tenants: [settingsOf({ plaid: [{ item: 'item-2', accounts: {} }] })] };
  assert.deepEqual(await pull(deps, doorbells(1), at.context), []);
  assert.deepEqual(at.calls, []);
  assert.deepEqual(await pull(at.deps, doorbells(1), at.context), []);
  assert.equal(at.calls.length, 1);
});

test('the hourly sweep reads what no doorbell rang for, and one failure keeps no other provider out', async () => {
  const at = bankWorld();
  await at.bank([posted]);
  const deps = {
    ...at.deps,
    secrets: {
      ...at.deps.secrets,
      apiKey: async (...asked: Parameters<typeof at.deps.secrets.apiKey>) =>
        asked[1] === 'stripe' ? 'sk_test' : at.deps.secrets.apiKey(...asked),
    },
  };
  await assert.rejects(sweep(deps, at.context), AggregateError);
  assert.equal(totalCash(at), -1234n);
});
