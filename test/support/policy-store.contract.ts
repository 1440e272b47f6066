import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PolicyStore } from '../../shared/aws/policy-store.ts';
import type { Decision } from '../../shared/policy/decision.ts';
import { FIRST_STATE, type PolicyState } from '../../shared/policy/state.ts';

let made = 0;
/** A tenant that no other test of this process writes to. */
const freshTenant = (): string => `p${process.pid}-${made++}`;

const sizes = { min: 1, max: 4, desired: 2 };
const decision = (id: string, fields: Partial<Decision> = {}): Decision => ({
  decision_id: id,
  status: 'planned',
  group: 'workers',
  environment: 'staging',
  stance: 'CONSERVE',
  from: sizes,
  to: { min: 1, max: 2, desired: 1 },
  baseline: sizes,
  reason: 'p5 is 52 days',
  planned_at: '2026-11-21T08:00:00.000Z',
  not_before: '2026-11-21T09:00:00.000Z',
  mode: 'plan',
  supersedes: null,
  forecast: {
    p5_days: 52,
    standard_error_days: 0.5,
    as_of: '2026-11-21',
    inputs_hash: 'sha256:1',
    model_version: 'test',
  },
  ...fields,
});
const holding = (...hold: readonly string[]): PolicyState => ({ ...FIRST_STATE, hold });

/** What every policy store must do; run against the real table and against its twin in memory. */
export const policyStoreContract = (name: string, store: () => PolicyStore): void => {
  test(`${name}: a tenant starts in the first state, with nothing decided`, async () => {
    const tenant = freshTenant();
    assert.deepEqual(await store().state(tenant), { version: 0, state: FIRST_STATE });
    assert.deepEqual(await store().decisions(tenant), []);
  });

  test(`${name}: state and decisions are written together and come back exactly`, async () => {
    const tenant = freshTenant();
    assert.equal(await store().record(tenant, 0, holding('why'), [decision('a')]), 'recorded');
    assert.deepEqual(await store().state(tenant), { version: 1, state: holding('why') });
    assert.deepEqual(await store().decisions(tenant), [decision('a')]);
  });

  test(`${name}: who writes over another version than the last writes nothing`, async () => {
    const tenant = freshTenant();
    await store().record(tenant, 0, holding('first'), []);
    for (const version of [0, 2])
      assert.equal(await store().record(tenant, version, holding('rival'), [decision('a')]), 'rival');
    assert.deepEqual(await store().state(tenant), { version: 1, state: holding('first') });
    assert.deepEqual(await store().decisions(tenant), []);
  });

  test(`${name}: of rivals at once one writes`, async () => {
    const tenant = freshTenant();
    const outcomes = await Promise.all(
      ['a', 'b', 'c'].map((id) => store().record(tenant, 0, holding(id), [decision(id)])),
    );
    assert.deepEqual(outcomes.sort(), ['recorded', 'rival', 'rival']);
    assert.equal((await store().decisions(tenant)).length, 1);
  });

  test(`${name}: a decision that is taken again stays as it was first recorded`, async () => {
    const tenant = freshTenant();
    await store().record(tenant, 0, holding(), [decision('a')]);
    const later = '2026-11-21T10:00:00.000Z';
    const again = [decision('a', { planned_at: later }), decision('b', { planned_at: later })];
    assert.equal(await store().record(tenant, 1, holding('more'), again), 'recorded');
    assert.equal((await store().state(tenant)).version, 2);
    assert.deepEqual(await store().decisions(tenant), [decision('b', { planned_at: later }), decision('a')]);
    assert.deepEqual(await store().decisions(tenant, 1), [decision('b', { planned_at: later })]);
  });
};
