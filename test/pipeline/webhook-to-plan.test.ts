/** One event, all the way, on real parts: the synthesised template's functions on DynamoDB Local and a real cache. */
import assert from 'node:assert/strict';
import { createHmac, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { type Engine, type EngineOptions, freeCachePort, startCache } from '../../scripts/local/engines.ts';
import { ensurePrerequisites } from '../../scripts/local/prerequisites.ts';
import { addDays, civilDateIn } from '../../shared/time/civil-date.ts';
import { until } from '../support/local-client.ts';
import { localWorld } from '../support/local-world.ts';
import { charge, event } from '../support/stripe-payloads.ts';

const CONFIGURATION = `
policy: { tenant: demo }
tenants:
  - { name: demo, accounting_zone: America/New_York, base_currency: USD, livemode: false }
  - { name: other, accounting_zone: UTC, base_currency: USD, livemode: false }
`;
const OTHER_STRIPE_SECRET = 'whsec_local_other';

const chargeEvent = (id: string, amount = 2000): unknown =>
  event(
    'charge.succeeded',
    charge({
      id: `ch_${id}`,
      balance_transaction: `txn_${id}`,
      amount,
      amount_captured: amount,
      created: Math.floor(Date.now() / 1000),
    }),
    {
      id: `evt_${randomUUID()}`,
    },
  );

const cacheDirectory = mkdtempSync(join(tmpdir(), 'capstack-cache-'));
const cacheServer =
  (await ensurePrerequisites(() => undefined)).cacheServer ?? assert.fail('no cache server is installed');
const cacheOptions: EngineOptions = {
  port: await freeCachePort(),
  directory: cacheDirectory,
  logFile: join(cacheDirectory, 'cache.log'),
};
let cache: Engine = await startCache(cacheServer, cacheOptions);
process.env['CACHE_ENDPOINT'] = `127.0.0.1:${cacheOptions.port}`;
const { run, client, admin } = await localWorld(CONFIGURATION);
after(async () => {
  await cache.stop();
  rmSync(cacheDirectory, { recursive: true, force: true });
});

const runway = async (token = admin) => (await client.request('GET', '/v1/runway', { token })).body;

describe('a signed webhook', () => {
  test('moves cash and inputs once, however often it is sent', async () => {
    const before = await runway();
    const sent = chargeEvent('once');
    assert.deepEqual((await client.stripe(sent)).body.status, 'accepted');
    const moved = await until(runway, (now) => now.inputs.hash !== before.inputs.hash);
    assert.equal(Number(moved.cash.amount) - Number(before.cash.amount), 20);

    assert.deepEqual((await client.stripe(sent)).body.status, 'duplicate');
    const again = event('charge.updated', charge({ ...(sent as { data: { object: object } }).data.object }), {
      id: `evt_${randomUUID()}`,
    });
    assert.deepEqual((await client.stripe(again)).body.status, 'duplicate');
    await run.settled();
    const after = await runway();
    assert.deepEqual([after.cash, after.inputs.hash], [moved.cash, moved.inputs.hash]);
  });

  test('with other content under the same identity is held for review', async () => {
    const other = await client.token({ tenant: 'other' });
    const to = { tenant: 'other', secret: OTHER_STRIPE_SECRET };
    assert.equal((await client.stripe(chargeEvent('conflict', 1000), to)).body.status, 'accepted');
    const answer = await client.stripe(chargeEvent('conflict', 9999), to);
    assert.deepEqual([answer.status, answer.body.status], [200, 'conflict']);
    const { cash } = await until(
      () => runway(other),
      (now) => now.trust.conflicts === 1,
    );
    assert.equal(cash.amount, '10.00');
  });

  test('of 200 equal payments in one second by 16 clients, each sent twice, counts each once', async () => {
    await run.settled();
    const { cash } = await runway();
    const deliveries = Array.from({ length: 200 }, (_, index) => chargeEvent(`burst_${index}`, 4900));
    const queue = [...deliveries, ...deliveries].sort((a, b) =>
      JSON.stringify(a) < JSON.stringify(b) ? -1 : 1,
    );
    await Promise.all(
      Array.from({ length: 16 }, async () => {
        for (let next = queue.shift(); next !== undefined; next = queue.shift())
          assert.equal((await client.stripe(next)).status, 200);
      }),
    );
    await run.settled();
    const now = await until(
      runway,
      (seen) => seen.cash.amount !== cash.amount && Number(seen.cash.amount) - Number(cash.amount) >= 9800,
    );
    assert.equal(Number(now.cash.amount) - Number(cash.amount), 9800);
  });
});

describe('nobody reads or writes what is not theirs', () => {
  const routes = [
    ['GET', '/v1/runway'],
    ['GET', '/v1/plan'],
    ['GET', '/v1/policy/decisions'],
    ['POST', '/v1/plan'],
    ['DELETE', '/v1/plan/any'],
    ['PUT', '/v1/policy/mode'],
    ['POST', '/v1/policy/decisions/any/approval'],
    ['POST', '/v1/policy/restore'],
    ['POST', '/v1/runway/scenario'],
    ['GET', '/v1/runway/explain'],
    ['POST', '/v1/runway/whatif'],
  ] as const;

  const forged = async (claims: object, header: { alg: string }): Promise<string> => {
    const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
    const signature =
      header.alg === 'none' ? '' : createHmac('sha256', 'guess').update('x').digest('base64url');
    return `${part({ typ: 'JWT', ...header })}.${part(claims)}.${signature}`;
  };

  test('no token, an expired or forged one, a missing scope: every route but the webhooks is shut', async () => {
    const claims = {
      iss: 'https://local.capstack.invalid',
      aud: 'capstack',
      sub: 'x',
      tenant: 'demo',
      scope: 'admin',
      exp: 4e9,
    };
    const strangers = {
      none: undefined,
      garbage: 'not.a.token',
      unsigned: await forged(claims, { alg: 'none' }),
      'signed with a guess': await forged(claims, { alg: 'HS256' }),
      expired: await run.token({ tenant: 'demo', scopes: ['admin'], ttlSeconds: -60 }),
    };
    for (const [method, path] of routes) {
      for (const [name, token] of Object.entries(strangers)) {
        const answer = await client.request(method, path, { ...(token !== undefined && { token }) });
        assert.equal(answer.status, 401, `${method} ${path} with ${name}`);
      }
      const unscoped = await client.token({ scopes: ['import:write'] });
      assert.equal(
        (await client.request(method, path, { token: unscoped })).status,
        403,
        `${method} ${path}`,
      );
    }
    assert.equal((await client.request('GET', '/v1/health')).status, 200);
  });

  test('past 100 requests in a minute a caller must wait', async () => {
    const token = await run.token({ tenant: 'demo', scopes: ['runway:read'], subject: 'hasty' });
    const answers = await Promise.all(
      Array.from({ length: 205 }, () => client.request('GET', '/v1/runway', { token })),
    );
    const refused = answers.filter(({ status }) => status === 429);
    assert.ok(refused.length >= 5, 'over two clock minutes at most 200 pass');
    assert.match(refused[0]?.headers.get('retry-after') ?? '', /^\d+$/);
    assert.equal(refused[0]?.headers.get('content-type'), 'application/problem+json');
  });

  test('a token speaks for its own tenant only', async () => {
    const other = await runway(await client.token({ tenant: 'other' }));
    assert.equal(other.tenant, 'other');
    assert.equal(other.cash.amount, '10.00');
    const stranger = await client.request('GET', '/v1/runway', {
      token: await client.token({ tenant: 'stranger' }),
    });
    assert.equal(stranger.status, 403);
  });

  test("the webhook of one tenant signed with another tenant's secret is refused and stores nothing", async () => {
    const crossed = await client.stripe(chargeEvent('crossed'), {
      tenant: 'demo',
      secret: OTHER_STRIPE_SECRET,
    });
    const unknown = await client.stripe(chargeEvent('crossed'), { tenant: 'nobody' });
    assert.deepEqual([crossed.status, unknown.status], [401, 401]);
    assert.deepEqual(unknown.body, crossed.body);
    assert.equal((await client.stripe(chargeEvent('crossed'), { tenant: 'demo' })).body.status, 'accepted');
  });
});

describe('the owner', () => {
  test('declares, restates and withdraws a plan item', async () => {
    const tranche = {
      kind: 'tranche',
      id: 'seed-2',
      date: addDays(civilDateIn('UTC', Date.now()), 90),
      amount: '1500000',
      probability: 0.8,
    };
    const write = (method: string, path: string, body?: unknown) =>
      client.request(method, path, { token: admin, ...(body !== undefined && { body }) });
    assert.deepEqual((await write('POST', '/v1/plan', tranche)).body, { status: 'accepted', id: 'seed-2' });
    assert.deepEqual((await write('POST', '/v1/plan', tranche)).body, { status: 'duplicate', id: 'seed-2' });
    await until(
      async () => (await write('GET', '/v1/plan')).body.items,
      (items) => items.length === 1,
    );
    assert.equal((await write('DELETE', '/v1/plan/seed-2')).status, 200);
    await until(
      async () => (await write('GET', '/v1/plan')).body.items,
      (items) => items.length === 0,
    );
    assert.equal((await write('DELETE', '/v1/plan/seed-2')).status, 404);
    assert.equal((await write('POST', '/v1/plan', { ...tranche, amount: 1500000 })).status, 400);
    assert.equal((await write('POST', '/v1/plan', tranche)).body.status, 'accepted');
    assert.equal((await write('DELETE', '/v1/plan/seed-2')).status, 200);
  });
});

describe('while the tables are out', () => {
  test('an authentic delivery is buffered, and counts once when they are back', async () => {
    await run.settled();
    const { cash } = await runway();
    const sent = chargeEvent('buffered');
    run.application.outage('dynamodb', true);
    const answer = await client.stripe(sent);
    run.application.outage('dynamodb', false);
    assert.deepEqual([answer.status, answer.body.status], [202, 'buffered']);
    assert.equal((await client.stripe(chargeEvent('forged'), { secret: 'whsec_guess' })).status, 401);
    const drained = await until(
      runway,
      (now) => Number(now.cash.amount) - Number(cash.amount) === 20,
      60_000,
    );
    assert.equal((await client.stripe(sent)).body.status, 'duplicate');
    await run.settled();
    assert.equal((await runway()).inputs.hash, drained.inputs.hash);
  });
});

describe('the cache', () => {
  const read = () => client.request('GET', '/v1/runway', { token: admin });
  const source = ({ headers }: Awaited<ReturnType<typeof read>>): string | null => headers.get('x-source');

  test('may stop and come back: reads go on from the table, marked, and it is filled again', async () => {
    await client.stripe(chargeEvent('cached'));
    await run.settled();
    assert.equal(source(await read()), 'cache');

    await cache.stop();
    const during = await read();
    assert.deepEqual([during.status, source(during)], [200, 'table']);
    await client.stripe(chargeEvent('uncached'));
    await run.settled();
    const moved = await read();
    assert.equal(source(moved), 'table');
    assert.notEqual(moved.body.inputs.hash, during.body.inputs.hash);

    cache = await startCache(cacheServer, cacheOptions);
    const back = await until(read, (answer) => source(answer) === 'cache');
    assert.equal(back.body.inputs.hash, moved.body.inputs.hash);
  });
});

describe('when p5 falls below 60 days', () => {
  test('a plan appears for staging and dev, none for production', async () => {
    const today = civilDateIn('America/New_York', Date.now());
    const history = Array.from({ length: 140 }, (_, index) => ({
      id: `spend-${index}`,
      type: 'expense',
      amount: '1000.00',
      currency: 'USD',
      date: addDays(today, -1 - index),
      category: 'payroll',
    }));
    const opening = {
      id: 'opening',
      type: 'adjustment',
      amount: '640000.00',
      currency: 'USD',
      date: addDays(today, -141),
    };
    assert.equal((await client.generic([opening, ...history])).body.status, 'accepted');
    const healthy = await until(runway, (now) => now.status === 'ok' && now.p5_days > 200);
    assert.equal(healthy.model.paths, 10_000);

    const shock = { id: 'shock', type: 'expense', amount: '460000.00', currency: 'USD', date: today };
    assert.equal((await client.generic([shock])).body.status, 'accepted');
    await until(runway, (now) => now.p5_days < 60);
    const { decisions } = await until(
      async () => (await client.request('GET', '/v1/policy/decisions', { token: admin })).body,
      (body) => body.decisions.length >= 2,
    );
    const environments = decisions.map((decision: { environment: string }) => decision.environment).sort();
    assert.deepEqual(environments, ['dev', 'staging']);
    for (const decision of decisions) {
      assert.equal(decision.status, 'planned');
      assert.ok(Date.parse(decision.not_before) > Date.now());
      assert.match(decision.reason, /\d+/);
      assert.ok(decision.to.max <= decision.from.max);
    }
  });
});
