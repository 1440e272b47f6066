import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { demoCompany } from '../../../scripts/demo/company.ts';
import { deliveries } from '../../../scripts/demo/deliveries.ts';
import { frontDoor } from '../../../scripts/demo/front-door.ts';
import { loadDemo } from '../../../scripts/demo/load.ts';
import { problem } from '../../../shared/lambda/http.ts';
import { cashFact, day, usd } from '../../support/rows.ts';
import { provenance } from '../../support/settings.ts';
import { DEMO, factsIn, heardAll, viewOf } from './books.ts';
import { type MemoryPipeline, memoryPipeline } from './memory-pipeline.ts';

/** Noon in New York. */
const NOON = Date.UTC(2026, 10, 21, 17);
const DAY_MS = 86_400_000;

let pipeline: MemoryPipeline;
const load = (token = 'good') => loadDemo({ url: pipeline.url, token, output: { write: () => undefined } });
const factKeys = (): readonly string[] =>
  [...new Set(pipeline.ledger.rows().flatMap((row) => (row.kind === 'fact' ? [row.fact.key] : [])))].sort();

beforeEach(async () => {
  pipeline = await memoryPipeline(NOON);
});
afterEach(() => pipeline.stop());

describe('loading the demo company', () => {
  test('brings in all of it, and Stripe settles what was estimated', async () => {
    const { outcome, answers } = await load();
    assert.equal(outcome, 'loaded');
    assert.deepEqual(Object.keys(answers).sort(), ['accepted', 'duplicate', 'ignored']);
    await pipeline.pullAll();
    const world = demoCompany({ seed: 1, today: day('2026-11-21') });
    const expected = viewOf((await heardAll(world)).rows());
    const view = pipeline.view();
    assert.deepEqual([...view.balances], [...expected.balances]);
    assert.deepEqual([...view.balances.keys()], [usd]);
    assert.deepEqual(view.days, expected.days);
    assert.equal(view.plan.length, world.plan.length);
    assert.deepEqual([view.estimatedCount, view.conflicts, view.quarantined], [0, 0, 0]);
    const again = deliveries(world, { seed: 1 }).slice(0, 200);
    for (const delivery of again) await frontDoor(pipeline.url, 'demo', 'good').deliver(delivery);
    assert.equal(pipeline.view().rows, view.rows);
  });

  test('a second time, or on a later day, sends nothing', async () => {
    await load();
    const rows = pipeline.ledger.rows().length;
    assert.deepEqual(await load(), { outcome: 'present', answers: {} });
    pipeline.nowMs += DAY_MS;
    assert.deepEqual(await load(), { outcome: 'present', answers: {} });
    assert.equal(pipeline.ledger.rows().length, rows);
  });

  test('cut short and taken up on another day makes the company of the first, once', async () => {
    const world = demoCompany({ seed: 1, today: day('2026-11-21') });
    let left = 300;
    pipeline.intercept = () => (left-- > 0 ? undefined : problem(413, 'Content Too Large'));
    await assert.rejects(load(), /delivery \S+ answered 413/);
    const partly = factKeys().length;
    pipeline.intercept = () => undefined;
    pipeline.nowMs += DAY_MS;
    const { outcome, answers } = await load();
    assert.equal(outcome, 'loaded');
    assert.ok(partly > 100 && (answers['duplicate'] ?? 0) > 250, `${partly}, ${answers['duplicate']}`);
    const facts = deliveries(world, { seed: 1 }).flatMap(factsIn);
    const expected = [...facts.map(({ key }) => key), ...world.plan.map(({ id }) => `plan:${id}`)];
    assert.deepEqual(factKeys(), [...new Set(expected)].sort());
    assert.equal(pipeline.view().conflicts, 0);
  });

  test('repeats what met a full or failing door, signed anew', async () => {
    const refusals = [
      problem(503, 'Service Unavailable'),
      problem(429, 'Too Many Requests', '', { 'retry-after': '1' }),
    ];
    const signatures = new Map<string, string[]>();
    pipeline.intercept = ({ headers, rawBody }) => {
      const { id } = JSON.parse(rawBody.toString()) as { id?: string };
      const signature = headers['stripe-signature'];
      if (id === undefined || signature === undefined) return undefined;
      signatures.set(id, [...(signatures.get(id) ?? []), signature]);
      return refusals.pop();
    };
    assert.equal((await load()).outcome, 'loaded');
    assert.equal(refusals.length, 0);
    assert.equal(pipeline.view().quarantined, 0);
    assert.ok([...signatures.values()].some((of) => new Set(of).size > 1));
  });

  test('says what was turned down, and why', async () => {
    await assert.rejects(load('bad'), /^Error: GET \/v1\/runway answered 401: .*Unauthorized/);
    pipeline.intercept = ({ rawBody }) =>
      rawBody.includes('"schema"')
        ? undefined
        : {
            status: 200,
            headers: {},
            body: '{"status":"conflict","events":[{"id":"txn_1","status":"conflict"}]}',
          };
    await assert.rejects(load(), /^Error: stripe delivery evt_\w+ was not taken: txn_1 conflict$/);
  });

  test('leaves a ledger alone that holds anything else', async () => {
    await pipeline.ledger.append(cashFact({ key: 'generic:mine' }), provenance(DEMO));
    assert.deepEqual(await load(), { outcome: 'in_use', answers: {} });
    assert.deepEqual(factKeys(), ['generic:mine']);
  });
});
