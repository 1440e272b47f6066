import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Lease, PolicyStore } from '../../shared/aws/policy-store.ts';
import type { Decision, Outcome } from '../../shared/policy/decision.ts';
import type { Intent } from '../../shared/policy/intent.ts';
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
  expires_at: null,
  ordered_by: null,
  mode: 'plan',
  supersedes: null,
  expected: { cost: { monthly: { amount: '-12.26', currency: 'USD' } }, p5_days: null },
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
const outcome = (id: string, at: string): Outcome => ({
  decision_id: id,
  planned_at: '2026-11-21T08:00:00.000Z',
  at,
  status: 'applied',
  before: sizes,
});

const NOW_MS = Date.parse('2026-11-21T08:00:00Z');
const leased = async (store: PolicyStore, tenant: string, nowMs = NOW_MS): Promise<Lease> =>
  (await store.lease(tenant, nowMs, 60_000)) ?? assert.fail('the lease is taken');

/** What every policy store must do; run against the real table and against its twin in memory. */
export const policyStoreContract = (name: string, store: () => PolicyStore): void => {
  const written = (
    tenant: string,
    version: number,
    state: PolicyState,
    decisions: readonly Decision[],
    lease: Lease,
    outcomes: readonly Outcome[] = [],
  ) => store().record(tenant, version, { state, decisions, outcomes }, lease);

  test(`${name}: a tenant starts in the first state, with nothing decided`, async () => {
    const tenant = freshTenant();
    assert.deepEqual(await store().state(tenant), { version: 0, state: FIRST_STATE });
    assert.deepEqual(await store().decisions(tenant), []);
    assert.deepEqual(await store().outcomes(tenant, '2026'), []);
    assert.deepEqual(await store().intents(tenant), []);
    assert.equal(await store().decision(tenant, 'a'), undefined);
  });

  test(`${name}: state, decisions and outcomes are written together and come back exactly`, async () => {
    const tenant = freshTenant();
    const lease = await leased(store(), tenant);
    const done = [outcome('a', '2026-11-21T09:00:00.000Z'), outcome('a', '2026-11-21T15:00:00.000Z')];
    assert.equal(await written(tenant, 0, holding('why'), [decision('a')], lease, done), 'recorded');
    assert.deepEqual(await store().state(tenant), { version: 1, state: holding('why') });
    assert.deepEqual(await store().decisions(tenant), [decision('a')]);
    assert.deepEqual(await store().decision(tenant, 'a'), decision('a'));
    assert.deepEqual(await store().outcomes(tenant, '2026-11-21T08:00:00.000Z'), done);
    assert.deepEqual(await store().outcomes(tenant, '2026-11-21T08:00:00.001Z'), []);
  });

  test(`${name}: who writes over another version than the last writes nothing`, async () => {
    const tenant = freshTenant();
    const lease = await leased(store(), tenant);
    await written(tenant, 0, holding('first'), [], lease);
    for (const version of [0, 2])
      assert.equal(await written(tenant, version, holding('rival'), [decision('a')], lease), 'rival');
    assert.deepEqual(await store().state(tenant), { version: 1, state: holding('first') });
    assert.deepEqual(await store().decisions(tenant), []);
  });

  test(`${name}: of rivals at once one writes`, async () => {
    const tenant = freshTenant();
    const lease = await leased(store(), tenant);
    const outcomes = await Promise.all(
      ['a', 'b', 'c'].map((id) => written(tenant, 0, holding(id), [decision(id)], lease)),
    );
    assert.deepEqual(outcomes.sort(), ['recorded', 'rival', 'rival']);
    assert.equal((await store().decisions(tenant)).length, 1);
  });

  test(`${name}: a decision that is taken again stays as it was first recorded`, async () => {
    const tenant = freshTenant();
    const lease = await leased(store(), tenant);
    await written(tenant, 0, holding(), [decision('a')], lease);
    const later = '2026-11-21T10:00:00.000Z';
    const again = [decision('a', { planned_at: later }), decision('b', { planned_at: later })];
    assert.equal(await written(tenant, 1, holding('more'), again, lease), 'recorded');
    assert.equal((await store().state(tenant)).version, 2);
    assert.deepEqual(await store().decisions(tenant), [decision('b', { planned_at: later }), decision('a')]);
    assert.deepEqual(await store().decisions(tenant, 1), [decision('b', { planned_at: later })]);
  });

  test(`${name}: a lease is one run's until it ends or is given back`, async () => {
    const tenant = freshTenant();
    const first = await leased(store(), tenant);
    assert.equal(await store().lease(tenant, NOW_MS + 59_999, 60_000), undefined);
    const second = await leased(store(), tenant, NOW_MS + 60_000);
    assert.ok(second.fence > first.fence);
    await store().release(tenant, first);
    assert.equal(
      await store().lease(tenant, NOW_MS + 60_001, 60_000),
      undefined,
      'it was not the first to give',
    );
    await store().release(tenant, second);
    assert.ok((await leased(store(), tenant, NOW_MS + 60_001)).fence > second.fence);
  });

  test(`${name}: who lost the lease writes nothing, though nobody wrote since`, async () => {
    const tenant = freshTenant();
    const slow = await leased(store(), tenant);
    const next = await leased(store(), tenant, NOW_MS + 60_000);
    assert.equal(await written(tenant, 0, holding('late'), [decision('a')], slow), 'rival');
    assert.equal(await written(tenant, 0, holding('mine'), [decision('a')], next), 'recorded');
    assert.deepEqual((await store().state(tenant)).state.hold, ['mine']);
  });

  test(`${name}: intents come back in the order they were asked for, each once`, async () => {
    const tenant = freshTenant();
    const ask = (id: string, at: string): Intent => ({ kind: 'restore', id, at, by: 'ada', groups: null });
    const [early, late] = [ask('z', '2026-11-21T08:00:00.000Z'), ask('a', '2026-11-21T09:00:00.000Z')];
    for (const intent of [late, early, { ...late, by: 'eve' }]) await store().ask(tenant, intent);
    assert.deepEqual(await store().intents(tenant), [early, late]);
  });
};
