import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { answerTest } from '../../functions/alert/door.ts';
import { CLAIM_MS } from '../../shared/alert/telling.ts';
import type { Ask } from '../../shared/providers/patience.ts';
import { ALERTS, alertWorld, HOUR_MS, pausedBy, START_MS } from '../support/alert-world.ts';
import { quietInvocation } from '../support/memory-intake.ts';

const at = (hours: number): number => START_MS + hours * HOUR_MS;
const actions = (events: readonly { readonly event_action: string }[]): string[] =>
  events.map(({ event_action }) => event_action);

describe('PagerDuty dedup_key stable; Slack 429/410 handling', () => {
  test('the key names stage, tenant and rule, and stays while the figure and the day change', async () => {
    const world = alertWorld();
    await world.forecast(at(0), { p5: 55 });
    await world.forecast(at(30), { p5: 41 });
    for (const hour of [31, 32, 33]) await world.forecast(at(hour), { p5: 300 });
    await world.forecast(at(60), { p5: 52 });
    const { events, open } = await world.pagerDuty();
    assert.deepEqual(actions(events), ['trigger', 'trigger', 'resolve', 'trigger']);
    assert.deepEqual([...new Set(events.map(({ dedup_key }) => dedup_key))], ['runway:test:acme:p5']);
    assert.equal(open.length, 1);
    assert.match(events[1]?.payload?.summary ?? '', /^acme \(test\): .*41 days: p5 is below 45$/);
    assert.equal(events[1]?.payload?.severity, 'critical');
  });

  test('429: Slack is left alone for as long as it asks, then told once', async () => {
    const world = alertWorld();
    await world.orders('slack', { status: 429, times: 1, retry_after: 90 });
    await assert.rejects(world.forecast(at(0), { p5: 55 }), /slack p5 of acme: 429/);
    await assert.rejects(world.rings(at(0) + 60_000), /left alone/);
    assert.equal((await world.slack()).length, 0);
    await world.rings(at(0) + 91_000);
    await world.rings(at(0) + 92_000);
    assert.equal((await world.slack()).length, 1);
    assert.deepEqual(actions((await world.pagerDuty()).events), ['trigger'], 'it waits for nobody');
    assert.deepEqual(world.letters, []);
  });

  test('in trouble a channel is left alone, and only the request that met it comes back', async () => {
    let asked = 0;
    const world = alertWorld(
      {},
      (through): Ask =>
        (url, init) => {
          if (url.includes('slack')) asked += 1;
          return through(url, init);
        },
    );
    await world.orders('slack', { status: 503, times: 99 });
    await assert.rejects(world.forecast(at(0), { p5: 55 }), /slack p5 of acme: 503/);
    for (let second = 1; second < 50; second += 1)
      await world.rings(at(0) + second * 1_000, 'acme', `r${second}`);
    assert.equal(asked, 1);
    await assert.rejects(world.rings(at(0) + 60_000, 'acme', 'test'), /503/);
    assert.equal(asked, 2);
    assert.deepEqual(world.letters, [], 'Lambda keeps what failed three times');
  });

  test('410: said once where it is heard, never sent again, and tried when another address is stored', async () => {
    const world = alertWorld();
    await world.orders('slack', { status: 410, times: 99, body: 'channel_is_archived' });
    await world.forecast(at(0), { p5: 55 });
    for (const hour of [1, 2, 3]) await world.forecast(at(hour), { p5: 55 });
    assert.equal(world.letters.length, 1);
    assert.match(
      JSON.stringify(world.letters),
      /"tenant":"acme","rule":"p5","channel":"slack","reason":"410 channel_is_archived"/,
    );
    await world.orders('slack', { status: 200, times: 0 });
    await world.hour(at(4));
    assert.equal((await world.slack()).length, 0);
    world.secrets.values.set('acme/slack/api/url', ['http://slack.local/services/new']);
    await world.hour(at(5));
    assert.deepEqual(
      (await world.slack()).map(({ webhook }) => webhook),
      ['/services/new'],
    );
  });

  test('400 of PagerDuty is for good; 503 and a network that is down are not', async () => {
    const world = alertWorld();
    await world.orders('pagerduty', { status: 503, times: 1 });
    await assert.rejects(world.forecast(at(0), { p5: 55 }), /pagerduty p5 of acme: 503/);
    await world.rings(at(0) + 60_000);
    assert.deepEqual(actions((await world.pagerDuty()).events), ['trigger']);

    const refusing = alertWorld();
    await refusing.orders('pagerduty', { status: 400, times: 1, body: 'Event object is invalid' });
    await refusing.forecast(at(0), { p5: 55 });
    await refusing.rings(at(1));
    assert.deepEqual((await refusing.pagerDuty()).events, []);
    assert.equal(refusing.letters.length, 1);

    let isDown = true;
    const cut = alertWorld({}, (through) => async (url, init) => {
      if (isDown) throw Object.assign(new TypeError('fetch failed'), { cause: { code: 'ECONNREFUSED' } });
      return through(url, init);
    });
    await assert.rejects(cut.forecast(at(0), { p5: 55 }), /ECONNREFUSED/);
    isDown = false;
    await cut.rings(at(0) + 60_000);
    assert.equal((await cut.slack()).length, 1);
  });

  test('no credential is in a letter, and a lacking one is said', async () => {
    const world = alertWorld();
    world.secrets.values.set('acme/slack/api/url', ['https://evil.example.com/services/T0/B0/secret']);
    world.secrets.values.set('acme/pagerduty/api/routing_key', []);
    await world.forecast(at(0), { p5: 55 });
    assert.equal(world.letters.length, 2);
    const text = JSON.stringify(world.letters);
    assert.doesNotMatch(text, /secret(?!s put)/);
    assert.match(text, /capstack secrets put --source pagerduty --credential routing_key/);
    assert.match(text, /does not begin with http:\/\/slack\.local\//);
  });
});

describe('what is told', () => {
  test('a long runway and an unknown one are no news', async () => {
    const world = alertWorld();
    for (const [hour, fields] of [{ p5: null }, { status: 'insufficient_data', p5: null }, {}].entries())
      await world.forecast(at(hour), fields);
    await world.hour(at(3));
    assert.deepEqual([await world.slack(), (await world.pagerDuty()).events], [[], []]);
  });

  test('below 180 Slack hears of it and nobody is woken', async () => {
    const world = alertWorld();
    await world.forecast(at(0), { p5: 150 });
    assert.deepEqual((await world.pagerDuty()).events, []);
    assert.match(
      (await world.slack())[0]?.text ?? '',
      /^:warning: \*acme\* \(test\) .*150 days: p5 is below 180/,
    );
  });

  test('p5 counts as below only with its whole error band', async () => {
    const world = alertWorld();
    await world.forecast(at(0), { p5: 179, error: 1 });
    assert.deepEqual(await world.slack(), []);
  });

  test('an unknown figure leaves a page open; cash that is gone is critical', async () => {
    const world = alertWorld();
    await world.forecast(at(0), { status: 'out_of_cash', p5: 0 });
    for (const hour of [1, 2, 3, 4])
      await world.forecast(at(hour), { status: 'insufficient_data', p5: null });
    const { events, open } = await world.pagerDuty();
    assert.deepEqual(events, open);
    assert.match(events[0]?.payload?.summary ?? '', /The cash is gone/);
  });

  test('a ledger that is being set up wakes nobody', async () => {
    const world = alertWorld();
    await world.forecast(at(0), { status: 'out_of_cash', p5: 0, burn: null });
    assert.deepEqual([await world.slack(), (await world.pagerDuty()).events], [[], []]);
  });

  test('a paused forecast is told as such, and its figures change nothing', async () => {
    const world = alertWorld();
    await world.forecast(at(0), { p5: 55 });
    world.pauses.set('acme', pausedBy('stripe: txn_1 is missing'));
    for (const hour of [1, 2, 3, 4]) await world.forecast(at(hour), { p5: 300 });
    const { open } = await world.pagerDuty();
    assert.deepEqual(open.map(({ dedup_key }) => dedup_key).sort(), [
      'runway:test:acme:p5',
      'runway:test:acme:trust',
    ]);
    assert.match(JSON.stringify(open), /txn_1 is missing/);
    world.pauses.clear();
    for (const hour of [5, 6, 7]) await world.forecast(at(hour), { p5: 300 });
    assert.deepEqual((await world.pagerDuty()).open, []);
  });

  test('a partial forecast may raise a page and does not end one', async () => {
    const world = alertWorld();
    await world.forecast(at(0), { p5: 55, partial: true, reasons: ['EUR 1 is held but not valued'] });
    for (const hour of [1, 2, 3, 4]) await world.forecast(at(hour), { p5: 300, partial: true });
    assert.equal((await world.pagerDuty()).open.length, 1);
    assert.match(JSON.stringify(await world.slack()), /some of the money is not in it/);
  });

  test('a forecast that is no longer renewed is told by the clock, once', async () => {
    const world = alertWorld();
    await world.forecast(at(0), { p5: 300 });
    for (const hour of [1, 2, 3, 4, 5, 6]) await world.hour(at(hour));
    const { events } = await world.pagerDuty();
    assert.deepEqual(
      events.map(({ dedup_key }) => dedup_key),
      ['runway:test:acme:trust'],
    );
  });

  test('events out of order or repeated tell nothing twice', async () => {
    const world = alertWorld();
    await world.forecast(at(0), { p5: 55 });
    await Promise.all(
      [world.rings(at(0)), world.rings(at(0)), world.hour(at(0))].map((each) => each.catch(() => undefined)),
    );
    assert.equal((await world.slack()).length, 1);
    assert.equal((await world.pagerDuty()).events.length, 1);
  });

  test('one tenant’s alert is nobody else’s', async () => {
    const world = alertWorld();
    await world.forecast(at(0), { p5: 300 }, 'other');
    await world.forecast(at(0), { p5: 55 }, 'acme');
    await world.hour(at(0) + 60_000);
    const { events } = await world.pagerDuty();
    assert.deepEqual(
      events.map(({ routing_key }) => routing_key),
      ['acme'.padEnd(32, '0')],
    );
    assert.deepEqual(
      (await world.slack()).map(({ webhook }) => webhook),
      ['/services/local/acme'],
    );
    assert.deepEqual(await world.deps.alerts.rules('nobody'), []);
  });
});

describe('burn', () => {
  const payday = { settings: { ...ALERTS, paydays: [10] } };

  test('above its limit it is told, and over only below nine tenths', async () => {
    const world = alertWorld();
    await world.forecast(at(0), { burn: '4100.00' });
    for (const hour of [1, 2, 3, 4]) await world.forecast(at(hour), { burn: '3900.00' });
    assert.equal((await world.pagerDuty()).open[0]?.payload?.severity, 'warning');
    for (const hour of [5, 6, 7]) await world.forecast(at(hour), { burn: '3500.00' });
    assert.deepEqual(actions((await world.pagerDuty()).events), ['trigger', 'resolve']);
  });

  test('around a payday it is silent, and told when that is over if it is still so', async () => {
    const world = alertWorld(payday);
    await world.forecast(at(0), { burn: '4100.00', p5: 55 });
    assert.deepEqual(
      (await world.pagerDuty()).events.map(({ dedup_key }) => dedup_key),
      ['runway:test:acme:p5'],
    );
    await world.forecast(at(24), { burn: '4100.00', p5: 55 });
    assert.equal((await world.pagerDuty()).events.length, 1, 'the day after');
    await world.forecast(at(36.5), { burn: '4100.00', p5: 55 });
    assert.equal((await world.pagerDuty()).events.length, 2);
  });

  test('what was over within the silence is never told', async () => {
    const world = alertWorld(payday);
    await world.forecast(at(0), { burn: '4100.00' });
    for (const hour of [1, 2, 3]) await world.forecast(at(hour), { burn: '2000.00' });
    await world.forecast(at(40), { burn: '2000.00' });
    assert.deepEqual(
      (await world.slack()).filter(({ text }) => /burn/.test(text)),
      [],
    );
  });
});

describe('the stage’s own alarms', () => {
  test('go to the operator, and are over when they have been well for a while', async () => {
    const world = alertWorld();
    await world.alarm(at(0), 'capstack-test-pipeline-AlarmsDeadLettersABCD1234-X1Y2Z3', 'ALARM');
    await world.alarm(at(0) + 300_000, 'capstack-test-pipeline-AlarmsDeadLettersABCD1234-X1Y2Z3', 'OK');
    await world.alarm(at(0) + 600_000, 'capstack-test-pipeline-AlarmsDeadLettersABCD1234-X1Y2Z3', 'ALARM');
    await world.hour(at(2));
    assert.deepEqual(actions((await world.pagerDuty()).events), ['trigger']);
    assert.match((await world.slack())[0]?.text ?? '', /DeadLetters: Read the queue/);
    await world.alarm(at(2), 'capstack-test-pipeline-AlarmsDeadLettersABCD1234-X1Y2Z3', 'OK');
    await world.hour(at(3));
    const { events } = await world.pagerDuty();
    assert.deepEqual(actions(events), ['trigger', 'resolve']);
    assert.deepEqual(
      [...new Set(events.map(({ dedup_key }) => dedup_key))],
      ['runway:test:acme:alarm:DeadLetters'],
    );
  });

  test('wake nobody where a rule of the tenants’ does', async () => {
    const world = alertWorld();
    await world.alarm(at(0), 'capstack-test-pipeline-AlarmsForecastStale1A2B3C4D', 'ALARM');
    assert.deepEqual((await world.pagerDuty()).events, []);
    assert.equal((await world.slack()).length, 1);
  });
});

describe('a run that breaks off', () => {
  /** The first request to Slack arrives, or not, and its answer never does. */
  const breaking = (arrives: boolean, times = 1) => {
    let left = times;
    return alertWorld(
      {},
      (through): Ask =>
        async (url, init) => {
          if (!url.includes('slack') || left === 0) return through(url, init);
          left -= 1;
          if (arrives) await through(url, init);
          throw Object.assign(new Error('the operation timed out'), { name: 'TimeoutError' });
        },
    );
  };

  for (const arrives of [true, false])
    test(`a page of which nobody knows whether it arrived is sent once more (${arrives})`, async () => {
      const world = breaking(arrives, 99);
      await assert.rejects(world.forecast(at(0), { p5: 55 }), /TimeoutError/);
      await assert.rejects(world.rings(at(0) + 60_000), /TimeoutError/);
      await world.rings(at(0) + 180_000);
      await world.hour(at(1));
      assert.equal((await world.slack()).length, arrives ? 2 : 0);
    });

  test('a warning is not: Slack would show it twice', async () => {
    const world = breaking(true, 99);
    await assert.rejects(world.forecast(at(0), { p5: 150 }), /TimeoutError/);
    for (const minute of [1, 3, 60]) await world.rings(at(0) + minute * 60_000);
    assert.equal((await world.slack()).length, 1);
  });

  test('between claim and mark: the next run waits for it, then sends again under the same key', async () => {
    const world = alertWorld();
    const { put } = world.deps.alerts;
    let puts = 0;
    const crashing = alertWorld({
      alerts: {
        ...world.deps.alerts,
        put: async (tenant, rule, version, alert) => {
          /** Stands, claim; the mark is never written. */
          if (rule === 'p5' && ++puts === 3) throw new Error('the run was cut off');
          return put(tenant, rule, version, alert);
        },
      },
      settings: { ...ALERTS, channels: ['pagerduty'] },
    });
    await assert.rejects(crashing.forecast(at(0), { p5: 55 }), /cut off/);
    await assert.rejects(crashing.rings(at(0) + 1_000), /another run is sending it/);
    await crashing.rings(at(0) + CLAIM_MS);
    await crashing.rings(at(0) + 2 * CLAIM_MS);
    const { events, open } = await crashing.pagerDuty();
    assert.deepEqual(actions(events), ['trigger', 'trigger']);
    assert.equal(open.length, 1);
  });

  for (const last of [200, 503])
    test(`an incident that was begun and never marked is ended, though its end meets trouble (${last})`, async () => {
      let isCut = true;
      const world = alertWorld(
        { settings: { ...ALERTS, channels: ['pagerduty'] } },
        (through): Ask =>
          async (...asked) => {
            const answer = await through(...asked);
            if (!isCut || answer.status === 503) return answer;
            throw Object.assign(new Error('the operation timed out'), { name: 'TimeoutError' });
          },
      );
      await assert.rejects(world.forecast(at(0), { p5: 55 }));
      for (const hour of [1, 2]) await assert.rejects(world.forecast(at(hour), { p5: 300 }));
      await world.orders('pagerduty', { status: 503, times: last === 503 ? 1 : 0 });
      await assert.rejects(world.forecast(at(3), { p5: 300 }));
      isCut = false;
      await world.hour(at(4));
      await world.hour(at(5));
      const { events, open } = await world.pagerDuty();
      assert.deepEqual([events.at(-1)?.event_action, open], ['resolve', []]);
      const { alert } = await world.deps.alerts.alert('acme', 'p5');
      assert.deepEqual(alert.told.pagerduty, { level: 'none', at: new Date(at(4)).toISOString() });
    });

  test('what may have been begun is ended too', async () => {
    const world = breaking(true, 2);
    await assert.rejects(world.forecast(at(0), { p5: 55 }));
    await assert.rejects(world.rings(at(0) + 60_000));
    for (const hour of [1, 2, 3]) await world.forecast(at(hour), { p5: 300 });
    assert.match((await world.slack()).at(-1)?.text ?? '', /is over/);
    assert.deepEqual((await world.pagerDuty()).open, []);
  });
});

test('a test notice says that it is one, goes through every channel, and its outcome is told', async () => {
  const world = alertWorld();
  await world.orders('slack', { status: 404, times: 1, body: 'no_service' });
  const tenant = world.deps.tenants[1] ?? assert.fail();
  const answer = await answerTest(world.deps, tenant, quietInvocation(at(0)));
  assert.deepEqual(JSON.parse(answer.body), {
    tenant: 'other',
    channels: [
      { channel: 'pagerduty', outcome: 'accepted' },
      { channel: 'slack', outcome: 'refused', reason: '404 no_service' },
    ],
  });
  const { events } = await world.pagerDuty();
  assert.match(events[0]?.payload?.summary ?? '', /TEST/);
  assert.equal(events[0]?.payload?.severity, 'info');
  assert.deepEqual(await world.deps.alerts.rules('other'), []);
});
