import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type SealedRows, sealRows } from '../../shared/audit/seal.ts';
import type { SealedUnit, SealStore } from '../../shared/aws/seal-store.ts';

const linkAfter = (tenant: string, before: SealedRows | undefined, unit: string, count = 2): SealedRows =>
  sealRows(
    before?.seal,
    { tenant, unit, version: 1, sealed_at: '2026-11-21T02:47:00.000Z' },
    Array.from(
      { length: count },
      (_, index) => [`F#${tenant}#${unit}-${index}|00000001`, 'ab'.repeat(32)] as const,
    ),
  );

const sealedUnit = (names: readonly string[]): SealedUnit => ({ version: 1, rowsHash: 'sha256:1', names });

/** What every chain of seals must do; run against the real table and against its twin in memory. */
export const sealStoreContract = (name: string, store: () => SealStore): void => {
  test(`${name}: links come back in order, with the end of the chain and what is sealed of each unit`, async () => {
    const tenant = 'chain';
    assert.equal(await store().head(tenant), undefined);
    const one = linkAfter(tenant, undefined, 'day 2026-01-01');
    const two = linkAfter(tenant, one, 'plan', 2_500);
    assert.equal(await store().append(one, sealedUnit(['aaaaaaaaaa', 'bbbbbbbbbb'])), true);
    assert.equal(
      await store().append(
        two,
        sealedUnit(Array.from({ length: 2_500 }, (_, n) => `${n}`.padStart(10, '0'))),
      ),
      true,
    );
    const head = await store().head(tenant);
    assert.deepEqual([head?.seq, head?.chain], [2, two.seal.chain]);
    assert.deepEqual(await store().seals(tenant, 1, 10), [one, two]);
    assert.deepEqual(await store().seals(tenant, 2, 1), [two]);
    const units = await store().units(tenant);
    assert.deepEqual([...units.keys()].sort(), ['day 2026-01-01', 'plan']);
    assert.deepEqual(units.get('day 2026-01-01'), sealedUnit(['aaaaaaaaaa', 'bbbbbbbbbb']));
    assert.equal(units.get('plan')?.names.length, 2_500);
  });

  test(`${name}: only what follows the end of the chain is added, and tenants have chains of their own`, async () => {
    const tenant = 'race';
    const first = linkAfter(tenant, undefined, 'plan');
    const rival = linkAfter(tenant, undefined, 'review');
    assert.equal(await store().append(first, sealedUnit([])), true);
    assert.equal(await store().append(rival, sealedUnit([])), false);
    const [left, right] = [
      linkAfter(tenant, first, 'day 2026-01-01'),
      linkAfter(tenant, first, 'day 2026-01-02'),
    ];
    const added = await Promise.all([left, right].map((link) => store().append(link, sealedUnit([]))));
    assert.equal(added.filter(Boolean).length, 1);
    assert.equal((await store().seals(tenant, 1, 10)).length, 2);
    assert.equal((await store().units(tenant)).size, 2, 'what was not added sealed nothing');
    assert.equal(await store().head('another'), undefined);
  });
};
