import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import type { LedgerStore } from '../../shared/aws/ledger-store.ts';
import { type CashFact, revision } from '../../shared/event/fact.ts';
import { bucketKey } from '../../shared/ledger/bucket.ts';
import {
  type BucketRow,
  type DeliveryRow,
  deliveryKey,
  inBucket,
  type ProgressRow,
  progressOrder,
  progressRowKey,
} from '../../shared/ledger/row.ts';
import { cashFact, day } from './rows.ts';
import { provenance, settingsOf } from './settings.ts';

let made = 0;
/** A tenant that no other test of this process writes to. */
const freshTenant = (): string => `t${process.pid}-${made++}`;

const dayBucket = (tenant: string, date: string): string =>
  bucketKey({ kind: 'day', tenant, date: day(date), slice: 0 });
const review = (tenant: string): string => bucketKey({ kind: 'review', tenant });

/** Facts that count, over all the buckets they may be in. */
const counting = async (store: LedgerStore, buckets: readonly string[]): Promise<CashFact[]> => {
  const rows = (await Promise.all(buckets.map((bucket) => store.bucketRows(bucket)))).map((found) => {
    const reversed = new Set(
      found.flatMap((row) => (row.kind === 'reversal' ? [`${row.pk}|${row.reverses}`] : [])),
    );
    return found.filter((row) => row.kind === 'fact' && !reversed.has(`${row.pk}|${row.sk}`));
  });
  return rows.flat().flatMap((row) => (row.kind === 'fact' && row.fact.kind === 'cash' ? [row.fact] : []));
};

const delivery = (tenant: string, fields: Partial<DeliveryRow> = {}): DeliveryRow => ({
  pk: deliveryKey(tenant, 'stripe', 'evt_1'),
  sk: 'ab12',
  kind: 'delivery',
  tenant,
  recordedAt: '2026-02-01T00:00:00.000Z',
  normaliser: 'test/1',
  traceparent: '',
  source: 'stripe',
  deliveryId: 'evt_1',
  body: gzipSync('{}'),
  bodyHash: 'sha256:ab12',
  doorbell: ['stripe:balance_transaction:txn_1'],
  ...fields,
});

const FEED = 'plaid:item_1';

const progress = (tenant: string, ordinal: number, state: ProgressRow['state']): ProgressRow => ({
  pk: progressRowKey(tenant, FEED),
  sk: progressOrder(ordinal, state),
  kind: 'progress',
  state,
  ordinal,
  tenant,
  recordedAt: '2026-02-01T00:00:00.000Z',
  normaliser: 'test/1',
  traceparent: '',
  cursor: `after-${ordinal}`,
  delivery: deliveryKey(tenant, 'plaid', 'd-1'),
  deliveryHash: 'ab12',
});

/** What every ledger store must do; run against the real table and against its twin in memory. */
export const ledgerStoreContract = (name: string, store: () => LedgerStore): void => {
  test(`${name}: a fact is accepted once and comes back exactly`, async () => {
    const tenant = freshTenant();
    const from = provenance(settingsOf({ tenant }));
    const fact = cashFact({
      key: 'k#é|~',
      amountMinor: 9_007_199_254_740_993n,
      description: 'naïve ☃',
      metadata: { feeMinor: 'not a number', pk: 'x' },
    });
    assert.equal(await store().append(fact, from), 'accepted');
    assert.equal(await store().append(fact, from), 'duplicate');
    const [row, ...others] = await store().factRows(tenant, fact.key);
    assert.equal(others.length, 0);
    assert.ok(row?.kind === 'fact');
    assert.deepEqual(row.fact, fact);
    assert.equal(row.delivery, from.delivery);
    assert.deepEqual(await counting(store(), [dayBucket(tenant, '2026-01-31')]), [fact]);
  });

  test(`${name}: equal content under two keys counts twice`, async () => {
    const tenant = freshTenant();
    const from = provenance(settingsOf({ tenant }));
    for (const key of ['a', 'b']) assert.equal(await store().append(cashFact({ key }), from), 'accepted');
    assert.equal((await counting(store(), [dayBucket(tenant, '2026-01-31')])).length, 2);
  });

  test(`${name}: a later revision takes the earlier one out of its own day`, async () => {
    const tenant = freshTenant();
    const from = provenance(settingsOf({ tenant }));
    const first = cashFact({ key: 'k', revision: revision('estimated', 0), estimated: true });
    const second = cashFact({
      key: 'k',
      revision: revision('final', 0),
      amountMinor: 950n,
      date: day('2026-02-01'),
    });
    assert.equal(await store().append(first, from), 'accepted');
    assert.equal(await store().append(second, from), 'accepted');
    assert.deepEqual(await counting(store(), [dayBucket(tenant, '2026-01-31')]), []);
    assert.deepEqual(await counting(store(), [dayBucket(tenant, '2026-02-01')]), [second]);
    assert.equal(await store().append(first, from), 'duplicate');
    const [, reversal, latest] = await store().factRows(tenant, 'k');
    assert.ok(reversal?.kind === 'reversal' && latest?.kind === 'fact');
    assert.equal(latest.supersedes, '00000001');
  });

  test(`${name}: an estimate that comes after the settled figure changes nothing`, async () => {
    const tenant = freshTenant();
    const from = provenance(settingsOf({ tenant }));
    const settled = cashFact({ key: 'k', revision: revision('final', 0), amountMinor: 950n });
    await store().append(settled, from);
    const estimate = cashFact({ key: 'k', revision: revision('estimated', 0), estimated: true });
    assert.equal(await store().append(estimate, from), 'ignored');
    assert.equal((await store().factRows(tenant, 'k')).length, 1);
  });

  test(`${name}: another content at the same rank is held for review, once, and counts nowhere`, async () => {
    const tenant = freshTenant();
    const from = provenance(settingsOf({ tenant }));
    const fact = cashFact({ key: 'k' });
    const rival = cashFact({ key: 'k', amountMinor: 999n });
    await store().append(fact, from);
    assert.equal(await store().append(rival, from), 'conflict');
    assert.equal(await store().append(rival, from), 'conflict');
    assert.equal(await store().append(fact, from), 'duplicate');
    assert.deepEqual(await counting(store(), [dayBucket(tenant, '2026-01-31')]), [fact]);
    const held = await store().bucketRows(review(tenant));
    assert.equal(held.length, 1);
    assert.ok(held[0]?.kind === 'conflict');
    assert.deepEqual(held[0].fact, rival);
  });

  test(`${name}: of many at once exactly one is accepted`, async () => {
    const tenant = freshTenant();
    const from = provenance(settingsOf({ tenant }));
    const outcomes = await Promise.all(
      Array.from({ length: 12 }, () => store().append(cashFact({ key: 'k' }), from)),
    );
    assert.deepEqual(outcomes.sort(), ['accepted', ...Array<string>(11).fill('duplicate')]);
    assert.equal((await store().factRows(tenant, 'k')).length, 1);
  });

  test(`${name}: revisions racing each other leave only the greatest`, async () => {
    const tenant = freshTenant();
    const from = provenance(settingsOf({ tenant }));
    const revisions = [3, 0, 2, 1].map((order) =>
      cashFact({ key: 'k', revision: revision('final', order), amountMinor: BigInt(order + 1) }),
    );
    await Promise.all([...revisions, ...revisions].map((fact) => store().append(fact, from)));
    assert.deepEqual(await counting(store(), [dayBucket(tenant, '2026-01-31')]), [revisions[0]]);
  });

  test(`${name}: any order and repetition of revisions has one effect`, async () => {
    const telling = fc.record({
      order: fc.integer({ min: 0, max: 4 }),
      certainty: fc.constantFrom('estimated' as const, 'final' as const),
    });
    /** Content is a function of the rank, and some ranks share theirs. */
    const factOf = ({ order, certainty }: { order: number; certainty: 'estimated' | 'final' }): CashFact =>
      cashFact({
        key: 'k',
        revision: revision(certainty, order),
        amountMinor: BigInt(100 + (order % 3)),
        date: day(order % 2 === 0 ? '2026-01-31' : '2026-02-01'),
      });
    await fc.assert(
      fc.asyncProperty(fc.array(telling, { minLength: 1, maxLength: 8 }), async (tellings) => {
        const tenant = freshTenant();
        const from = provenance(settingsOf({ tenant }));
        for (const each of tellings) await store().append(factOf(each), from);
        const greatest = tellings.map(factOf).reduce((a, b) => (b.revision > a.revision ? b : a));
        const buckets = ['2026-01-31', '2026-02-01'].map((date) => dayBucket(tenant, date));
        const found = await counting(store(), buckets);
        assert.deepEqual(found, [greatest]);
        assert.deepEqual(await store().bucketRows(review(tenant)), []);
      }),
      { numRuns: 40 },
    );
  });

  test(`${name}: a delivery is stored once, for ever, and is in no bucket unless it is quarantined`, async () => {
    const tenant = freshTenant();
    const row = delivery(tenant);
    assert.equal(await store().putDelivery(row), 'stored');
    assert.equal(await store().putDelivery({ ...row, recordedAt: '2027-01-01T00:00:00.000Z' }), 'known');
    assert.deepEqual(await store().bucketRows(review(tenant)), []);
    const bad = delivery(tenant, { sk: 'cd34', quarantined: 'unreadable' });
    assert.equal(
      await store().putDelivery({ ...bad, ...inBucket(review(tenant), bad.pk, bad.sk) }),
      'stored',
    );
    const held: readonly BucketRow[] = await store().bucketRows(review(tenant));
    assert.deepEqual(
      held.map((found) => found.kind === 'delivery' && found.quarantined),
      ['unreadable'],
    );
  });

  test(`${name}: a delivery can be had back, body and all`, async () => {
    const tenant = freshTenant();
    const row = delivery(tenant);
    assert.equal(await store().delivery(row.pk, row.sk), undefined);
    await store().putDelivery(row);
    const { body, ...found } = (await store().delivery(row.pk, row.sk)) ?? assert.fail();
    const { body: kept, ...rest } = row;
    assert.deepEqual(found, rest);
    assert.deepEqual(Buffer.from(body ?? []), kept);
  });

  test(`${name}: each place in a feed is taken once, and the furthest is found`, async () => {
    const tenant = freshTenant();
    assert.equal(await store().lastProgress(tenant, FEED), undefined);
    for (const ordinal of [1, 2, 9, 10, 11])
      for (const state of ['fetched', 'applied'] as const) {
        const row = progress(tenant, ordinal, state);
        assert.equal(await store().putProgress(row), 'stored');
        assert.equal(await store().putProgress({ ...row, cursor: 'rival', traceparent: 'x' }), 'known');
        assert.deepEqual(await store().lastProgress(tenant, FEED), row);
      }
    assert.equal(await store().lastProgress(freshTenant(), FEED), undefined);
    assert.equal(await store().lastProgress(tenant, 'plaid:item_2'), undefined);
  });

  test(`${name}: tenants do not see each other's facts`, async () => {
    const [one, other] = [freshTenant(), freshTenant()];
    await store().append(cashFact({ key: 'k' }), provenance(settingsOf({ tenant: one })));
    assert.equal(
      await store().append(cashFact({ key: 'k' }), provenance(settingsOf({ tenant: other }))),
      'accepted',
    );
    assert.equal((await store().bucketRows(dayBucket(one, '2026-01-31'))).length, 1);
    assert.equal((await store().factRows(one, 'k')).length, 1);
  });
};
