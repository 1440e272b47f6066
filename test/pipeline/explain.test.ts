/** Why the runway moved, and what would move it, asked of the whole pipeline on this machine. */
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { addDays, type CivilDate, civilDateIn } from '../../shared/time/civil-date.ts';
import { type Answer, until } from '../support/local-client.ts';
import { localWorld } from '../support/local-world.ts';

const CONFIGURATION = `
policy: { tenant: demo }
tenants:
  - { name: demo, accounting_zone: America/New_York, base_currency: USD, livemode: false }
  - { name: other, accounting_zone: UTC, base_currency: USD, livemode: false }
`;

const { run, client } = await localWorld(CONFIGURATION);
const token = await client.token({ scopes: ['runway:read', 'plan:write'] });
const today = civilDateIn('America/New_York', Date.now());

const get = (path: string): Promise<Answer> => client.request('GET', path, { token });
const whatIf = (body: unknown): Promise<Answer> =>
  client.request('POST', '/v1/runway/whatif', { token, body });
const expense = (id: string, amount: string, date: CivilDate, category = 'payroll') => ({
  id,
  type: 'expense',
  amount,
  currency: 'USD',
  date,
  category,
});

before(async () => {
  const spent = Array.from({ length: 140 }, (_, k) =>
    expense(`spend-${k}`, '1000.00', addDays(today, -1 - k)),
  );
  const opening = {
    ...expense('opening', '400000.00', addDays(today, -141), 'opening_balance'),
    type: 'adjustment',
  };
  await client.generic([opening, ...spent]);
  await until(
    async () => (await get('/v1/runway')).body,
    (runway) => runway.status === 'ok',
  );
});

describe('a payment out of the ordinary', () => {
  test('is named first, with its source, day and amount, and the effects sum to the difference', async () => {
    await client.generic([expense('shock', '90000.00', today, 'legal')]);
    await run.settled();
    const runway = (await get('/v1/runway')).body;
    const { status, body } = await get('/v1/runway/explain');
    assert.equal(status, 200);
    for (const quantile of ['p5', 'p50', 'p95']) {
      const { from, to, change, unit, drivers } = body.moved[quantile];
      assert.deepEqual([unit, to], ['days', runway[`${quantile}_days`]]);
      const tenths = drivers.reduce(
        (sum: number, { effect }: { effect: number }) => sum + Math.round(effect * 10),
        0,
      );
      assert.equal(tenths, change * 10);
      assert.equal(change, to - from);
      assert.equal(drivers[0].driver, 'balance');
      assert.match(drivers[0].says, /less than expected by now/);
    }
    const [first] = body.payments;
    assert.deepEqual(
      [first.key, first.source, first.date, first.amount, first.stream],
      ['generic:shock', 'generic', today, '-90000.00', 'legal'],
    );
    assert.ok(first.effect.p50_days <= -85 && first.effect.p50_days >= -95, String(first.effect.p50_days));
    assert.equal(body.to.inputs_hash, runway.inputs.hash);
    assert.equal(body.from.basis, 'reconstructed');
  });

  test('comes with what there is to know of the forecast', async () => {
    const { diagnosis } = (await get('/v1/runway/explain')).body;
    const runway = (await get('/v1/runway')).body;
    assert.equal(diagnosis.runs_out_on.p5, addDays(today, runway.p5_days));
    assert.equal(diagnosis.start_raising_by.date, addDays(today, runway.p5_days - 182));
    const { more_cash: more, less_cash: less } = diagnosis.sensitivities;
    assert.ok(more.p5_days > 0 && less.p5_days < 0);
  });

  test('is what the page says moved the number, since yesterday and since a week ago', async () => {
    const page = await fetch(`${run.url}/`);
    assert.equal(page.status, 200);
    const html = (await page.text()).replaceAll('\u00a0', ' ');
    assert.match(html, /<h2 id="moved-title">What moved it<\/h2>/);
    const [, first = ''] = html.split('<caption>Since ');
    assert.match(first, /Then.*?Cash against what was expected/s);
    assert.equal(html.split('<caption>Since ').length, 3);
    assert.match(html, /<dt>Start raising by<\/dt>/);
  });

  test('is explained between any two days, and a day before the ledger has none', async () => {
    const week = await get(`/v1/runway/explain?from=${addDays(today, -7)}&to=${addDays(today, -1)}`);
    assert.deepEqual([week.status, week.body.to.as_of], [200, addDays(today, -1)]);
    assert.ok(!week.body.payments.some(({ key }: { key: string }) => key === 'generic:shock'));
    const same = (await get(`/v1/runway/explain?from=${today}`)).body;
    assert.deepEqual([same.moved.p50.change, same.moved.p50.drivers, same.payments], [0, [], []]);
    assert.equal((await get(`/v1/runway/explain?from=${addDays(today, -200)}`)).status, 404);
    for (const query of [
      'from=yesterday',
      'to=2026-02-30',
      `to=${addDays(today, 1)}`,
      `from=${today}&to=${addDays(today, -1)}`,
    ]) {
      const { status, headers } = await get(`/v1/runway/explain?${query}`);
      assert.deepEqual([status, headers.get('content-type')], [400, 'application/problem+json'], query);
    }
  });
});

describe('a what-if', () => {
  const tranche = { kind: 'tranche', id: 'round', date: '', amount: '200000', probability: 1 };

  test('answers both forecasts and their paired difference, and leaves no trace', async () => {
    const before = (await get('/v1/runway')).body;
    const { status, body } = await whatIf({ add: [{ ...tranche, date: addDays(today, 30) }] });
    assert.equal(status, 200);
    assert.equal(body.baseline.p50_days, before.p50_days);
    assert.equal(body.baseline.inputs.hash, before.inputs.hash);
    assert.equal(body.difference.p50_days, body.changed.p50_days - body.baseline.p50_days);
    assert.ok(body.difference.p50_days > 190 && body.difference.standard_error_days.p50 !== null);
    assert.deepEqual((await get('/v1/plan')).body.items, []);
    assert.equal((await get('/v1/runway')).body.inputs.hash, before.inputs.hash);
  });

  test('of an event tells what the ledger would, were it to happen', async () => {
    const event = expense('later', '20000.00', today, 'legal');
    const { changed } = (await whatIf({ events: [event] })).body;
    await client.generic([event]);
    await run.settled();
    const runway = (await get('/v1/runway')).body;
    assert.deepEqual(
      [changed.p5_days, changed.p50_days, changed.p95_days, changed.cash],
      [runway.p5_days, runway.p50_days, runway.p95_days, runway.cash],
    );
  });

  test('of what is no plan item, no event or no id is refused by its path', async () => {
    const refused: readonly (readonly [unknown, RegExp])[] = [
      [{}, /changes nothing/],
      [[], /must be a JSON object/],
      [{ add: [{ ...tranche, date: 'soon' }] }, /^add\[0\]\.date /],
      [
        {
          add: [
            { ...tranche, date: '2030-01-01' },
            { ...tranche, date: '2030-01-01' },
          ],
        },
        /^add\[1\]\.id /,
      ],
      [{ remove: ['nothing'] }, /^remove\[0\] /],
      [{ events: [{ ...expense('x', '-1', today) }] }, /^events\[0\]\.amount /],
      [{ events: [expense('x', '1', addDays(today, 1))] }, /^events\[0\]\.date /],
      [{ events: [{ ...expense('x', '1', today), currency: 'EUR' }] }, /^events\[0\]\.currency /],
      [{ plan: [] }, /^plan is not a known key/],
    ];
    for (const [body, detail] of refused) {
      const answer = await whatIf(body);
      assert.deepEqual(
        [answer.status, answer.headers.get('content-type')],
        [400, 'application/problem+json'],
      );
      assert.match(answer.body.detail, detail);
    }
  });
});

test('another tenant is told nothing of this one', async () => {
  const stranger = await client.token({ tenant: 'other', scopes: ['runway:read'] });
  const { status, body } = await client.request('GET', '/v1/runway/explain', { token: stranger });
  assert.equal(status, 200);
  assert.deepEqual([body.tenant, body.moved, body.payments], ['other', null, []]);
});
