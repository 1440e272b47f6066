/** Every source's story, as `npm start -- --try` plays it: all in one pipeline, each in a tenant of its own. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse } from 'yaml';
import type { Configuration } from '../../infra/configuration.ts';
import { parseConfiguration } from '../../infra/configuration.ts';
import { storyConfiguration } from '../../scripts/local/try/configuration.ts';
import { meetingOf } from '../../scripts/local/try/meeting.ts';
import { STORIES, storiesOf } from '../../scripts/local/try/stories.ts';
import { trySources } from '../../scripts/local/try/try.ts';

test('every story comes to its end, and a step that does not come is told', async () => {
  const [first] = storiesOf(['csv']);
  assert.ok(first);
  const broken = {
    ...first,
    source: 'broken',
    play: async (scene: Parameters<typeof first.play>[0]) =>
      scene.step(
        'nothing happens',
        async () => ({ status: 200, body: { status: 'ignored' } }),
        async () => {
          throw new Error('it is not as it should be');
        },
      ),
  };
  const said: string[] = [];
  const { run, played } = await trySources([...STORIES, broken], { port: 0, say: (line) => said.push(line) });
  const strike = async (body: string) =>
    (await fetch(`${run.url}/_local/hour`, { method: 'POST', body })).status;
  assert.deepEqual(
    [await strike('{"hours_later":-1}'), await strike('{"hours_later":"12"}'), await strike('no JSON')],
    [400, 400, 400],
  );
  await run.stop();
  assert.deepEqual(
    played.filter(({ failure }) => failure !== undefined),
    [{ source: 'broken', failure: 'nothing happens; it is not as it should be' }],
    said.join('\n'),
  );
  for (const { source } of STORIES)
    assert.ok(
      said.some((line) => line.startsWith(`${source}: `)),
      source,
    );
});

test('one story is the first tenant’s; what it does not need of the configuration stays as it is written', () => {
  const text =
    'stage: { cache: none }\npolicy: { enter_days: 50 }\ntenants:\n  - { name: acme, accounting_zone: Asia/Tokyo, base_currency: EUR, livemode: true }\n';
  const made = storyConfiguration(text, storiesOf(['plaid']), Date.now());
  assert.deepEqual(made.tenants, ['acme']);
  const { stage, policy, tenants }: Configuration = parseConfiguration(made.text, 'made.yml');
  assert.deepEqual([stage.cache, policy.enter_days, policy.tenant], ['none', 50, 'acme']);
  assert.deepEqual(
    tenants.map(({ accounting_zone, base_currency, livemode, plaid }) => [
      accounting_zone,
      base_currency,
      livemode,
      plaid?.length,
    ]),
    [['Asia/Tokyo', 'USD', false, 1]],
  );
  const several = storyConfiguration(text, STORIES, Date.now());
  assert.deepEqual(
    several.tenants,
    STORIES.map(({ source }) => source),
  );
  assert.equal((parse(several.text) as { tenants: unknown[] }).tenants.length, STORIES.length);
});

test('a name that is no source is answered with those there are', () => {
  assert.throws(
    () => storiesOf(['stripe', 'paypal']),
    /^Error: --try: there is no source paypal; name one or more of stripe, /,
  );
});

test('the hour strikes once for all who wait, when nobody else plays any more', async () => {
  const struck: number[] = [];
  const { wait, leave } = meetingOf(3, async (hours) => {
    struck.push(hours);
  });
  const both = Promise.all([wait(0), wait(12)]);
  assert.deepEqual(struck, []);
  leave();
  await both;
  assert.deepEqual(struck, [12]);
  await Promise.all([wait(1), leave()]);
  assert.deepEqual(struck, [12, 1]);
});
