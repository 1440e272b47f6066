import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { approveDecision, orderRestore } from '../../functions/command/policy-orders.ts';
import { readDecisions } from '../../functions/read/decisions.ts';
import type { TenantSettings } from '../../shared/contract/tenant.ts';
import type { HttpRequest, HttpResponse } from '../../shared/lambda/http.ts';
import type { CivilDate } from '../../shared/time/civil-date.ts';
import { type GovernWorld, governWorld, HOUR_MS, START_MS } from '../support/govern-world.ts';
import { memoryStateStore } from '../support/memory-state-store.ts';
import { SETTINGS } from '../support/policy.ts';

const TENANT = { tenant: SETTINGS.tenant } as TenantSettings;
let world: GovernWorld;
beforeEach(async () => {
  world = await governWorld();
});
afterEach(() => world.stop());

const request = (body: unknown, id = ''): HttpRequest =>
  ({
    rawBody: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)),
    pathParameters: { id },
    nowMs: START_MS + world.hour * HOUR_MS,
  }) as unknown as HttpRequest;
const read = () =>
  readDecisions(
    { policy: world.policy, state: memoryStateStore() },
    SETTINGS.tenant,
    '2026-06-02' as CivilDate,
  );
const recommended = async () =>
  (await read()).recommendations.find(({ status }) => status === 'recommended') ??
  assert.fail('nothing is recommended');
const approve = (id: string, body: unknown): Promise<HttpResponse> =>
  approveDecision(world.policy, request(body, id), TENANT, 'ada');
const restore = (body: unknown): Promise<HttpResponse> =>
  orderRestore(world.policy, request(body), TENANT, 'ada');
const detail = ({ body }: HttpResponse): string => String(JSON.parse(String(body)).detail);

test('a recommendation for production is approved by the digest of what was read, and nothing is written', async () => {
  await world.live(2, 30);
  const { decision_id: id, digest, to, group } = await recommended();
  assert.deepEqual([group, to], ['capstack-production-asg', { min: 3, max: 8, desired: 6 }]);
  const writes = world.writes().length;
  assert.equal((await approve(id, { digest })).status, 202);
  assert.equal((await approve(id, { digest })).status, 202, 'twice is once');
  await world.live(3, 30);
  const { outcomes } = await recommended();
  assert.deepEqual(
    outcomes.map(({ status, by }) => [status, by]),
    [['approved', 'ada']],
  );
  assert.deepEqual(world.sizes(group), { min: 3, max: 12, desired: 8 });
  assert.ok(world.writes().length >= writes);
});

test('an approval of other content, of no recommendation, or too late is refused', async () => {
  await world.live(2, 30);
  const { decisions } = await read();
  const planned = decisions.find(({ status }) => status === 'planned') ?? assert.fail();
  const { decision_id: id, digest } = await recommended();
  const cases: [string, unknown, number, RegExp][] = [
    [id, {}, 400, /say which content/],
    [id, 'nonsense', 400, /say which content/],
    [id, { digest: planned.digest }, 409, /not that of the recommendation/],
    [planned.decision_id, { digest: planned.digest }, 409, /needs no approval/],
    ['0'.repeat(64), { digest }, 404, /no such decision/],
    ['../x', { digest }, 404, /no such decision/],
  ];
  for (const [each, body, status, why] of cases) {
    const answer = await approve(each, body);
    assert.equal(answer.status, status, String(why));
    assert.match(detail(answer), why);
  }
  world.hour += 25;
  assert.match(detail(await approve(id, { digest })), /expired/);
  assert.deepEqual(await world.policy.intents(SETTINGS.tenant), []);
});

test('an approval that is taken up after its recommendation is gone comes to nothing', async () => {
  await world.live(2, 30);
  const { decision_id: id, digest } = await recommended();
  await approve(id, { digest });
  await world.live(1, 50);
  await world.live(1, 50);
  const all = (await read()).recommendations.flatMap(({ outcomes }) => outcomes);
  assert.ok(all.every(({ status }) => status === 'approved'));
});

test('an order to restore is taken up by the next run, and told with its name', async () => {
  await world.live(4, 50);
  assert.equal((await restore({ groups: ['capstack-dev-asg'] })).status, 202);
  await world.live(1, 50);
  assert.deepEqual(world.sizes('capstack-dev-asg'), { min: 1, max: 4, desired: 2 });
  assert.deepEqual(world.sizes('capstack-staging-asg'), { min: 1, max: 4, desired: 2 });
  const { groups, decisions, savings } = await read();
  /** Two instances of staging; the one of dev is back. */
  assert.deepEqual(savings?.predicted, { amount: '-24.53', currency: 'USD' });
  assert.equal(savings?.realised.status, 'not measured yet');
  assert.equal(groups.find(({ group }) => group === 'capstack-dev-asg')?.hands_off, 'given back by order');
  assert.ok(
    decisions.some(({ ordered_by: by, outcomes }) => by === 'ada' && outcomes[0]?.status === 'applied'),
  );
  assert.equal((await restore('')).status, 202);
  await world.live(1, 50);
  assert.deepEqual(world.sizes('capstack-staging-asg'), { min: 2, max: 8, desired: 4 });
});

test('an order that names nothing it could mean is refused', async () => {
  for (const body of ['[]', '{', { groups: [] }, { groups: [1] }, { groups: 'dev' }, { group: ['dev'] }])
    assert.equal((await restore(body)).status, 400, JSON.stringify(body));
  assert.deepEqual(await world.policy.intents(SETTINGS.tenant), []);
});
