/** What holds of alerts whatever p5 does, whatever breaks and wherever a run is cut off. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { GOOD_READINGS, READINGS_APART_MS } from '../../shared/alert/standing.ts';
import { FIRST_ALERT } from '../../shared/alert/telling.ts';
import type { AlertStore } from '../../shared/aws/alert-store.ts';
import type { Ask } from '../../shared/providers/patience.ts';
import { type AlertWorld, alertWorld, HOUR_MS, type SentEvent, START_MS } from '../support/alert-world.ts';
import { memoryAlertStore } from '../support/memory-alert-store.ts';

/** What happens to one call: nothing, or it fails before or after it had its effect. */
type Fate = 'well' | 'before' | 'after';

interface Fates {
  readonly store: readonly Fate[];
  readonly channels: readonly Fate[];
}

type Steps = readonly {
  readonly apartMs: number;
  readonly p5: number | undefined;
  readonly partial: boolean;
  readonly fates: Fates;
}[];

const anyFate = fc.oneof(
  { weight: 4, arbitrary: fc.constant<Fate>('well') },
  { weight: 1, arbitrary: fc.constant<Fate>('before') },
  { weight: 1, arbitrary: fc.constant<Fate>('after') },
);
const anySteps = fc.array(
  fc.record({
    apartMs: fc.oneof(fc.integer({ min: 1_000, max: 3 * HOUR_MS }), fc.constant(HOUR_MS)),
    /** Absent: the bus tells of the same forecast again. */
    p5: fc.oneof(fc.integer({ min: 0, max: 260 }), fc.constantFrom(undefined, 30, 300, 300, 300)),
    partial: fc.oneof(fc.constant(false), fc.boolean()),
    fates: fc.record({
      store: fc.array(anyFate, { maxLength: 20 }),
      /** One by one, or an outage for as long as the step lasts. */
      channels: fc.oneof(
        fc.array(anyFate, { maxLength: 12 }),
        fc.constantFrom<Fate[]>([], Array(99).fill('before'), Array(99).fill('after')),
      ),
    }),
  }),
  { minLength: 1, maxLength: 25 },
);

const CUT_OFF = 'the run was cut off';

const WELL: Fates = { store: [], channels: [] };

/** A world whose calls meet their fates in turn; what is left of a step's fates is not carried on. */
const fatefulWorld = (): AlertWorld & { readonly meet: (fates: Fates) => void } => {
  let next = { store: [] as Fate[], channels: [] as Fate[] };
  const fated = async <Result>(at: keyof Fates, call: () => Promise<Result>): Promise<Result> => {
    const fate = next[at].shift() ?? 'well';
    if (fate === 'before') throw new Error(CUT_OFF);
    const result = await call();
    if (fate === 'after') throw new Error(CUT_OFF);
    return result;
  };
  const store = memoryAlertStore();
  const alerts: AlertStore = { ...store, put: (...put) => fated('store', () => store.put(...put)) };
  const world = alertWorld(
    { alerts },
    (through): Ask =>
      (...asked) =>
        fated('channels', () => through(...asked)),
  );
  return {
    ...world,
    meet: ({ store: ofStore, channels }) => {
      next = { store: [...ofStore], channels: [...channels] };
    },
  };
};

/** Lives through the steps, then through quiet hours in which everything is said that is to be said. */
const lived = async (steps: Steps) => {
  const world = fatefulWorld();
  let ms = START_MS;
  for (const { apartMs, p5, partial, fates } of steps) {
    ms += apartMs;
    world.meet(fates);
    const run = p5 === undefined ? world.rings(ms) : world.forecast(ms, { p5, partial });
    /** As Lambda does; by then a claim that was left behind is open again. */
    await run
      .catch(() => world.rings(ms + 60_000))
      .catch(() => world.rings(ms + 180_000))
      .catch(() => undefined);
  }
  world.meet(WELL);
  for (let hour = 1; hour <= 2; hour += 1) await world.hour(ms + hour * HOUR_MS).catch(() => undefined);
  return world;
};

const byKey = (events: readonly SentEvent[]): ReadonlyMap<string, readonly SentEvent[]> =>
  Map.groupBy(events, ({ dedup_key }) => dedup_key);

test('whatever breaks, in the end PagerDuty shows an incident exactly where a rule stands at a page', async () => {
  await fc.assert(
    fc.asyncProperty(anySteps, async (steps) => {
      const world = await lived(steps);
      const open = (await world.pagerDuty()).open.map(({ dedup_key }) => dedup_key).sort();
      const standing: string[] = [];
      for (const rule of ['p5', 'trust', 'burn_rate_std'] as const) {
        const { alert } = await world.deps.alerts.alert('acme', rule);
        if (['page', 'critical'].includes(alert.standing.level)) standing.push(`runway:test:acme:${rule}`);
      }
      assert.deepEqual(open, standing.sort());
    }),
    { numRuns: 150 },
  );
});

test('nothing is over that was not begun, and nobody else hears of it', async () => {
  await fc.assert(
    fc.asyncProperty(anySteps, async (steps) => {
      const world = await lived(steps);
      const { events } = await world.pagerDuty();
      for (const [key, all] of byKey(events)) {
        assert.match(key, /^runway:test:acme:(p5|trust|burn_rate_std)$/);
        /** What broke may have been begun unseen; PagerDuty drops the end of what it does not know. */
        const mayHaveBegun = steps.some(({ fates }) =>
          [...fates.store, ...fates.channels].some((fate) => fate !== 'well'),
        );
        if (!mayHaveBegun) assert.equal(all[0]?.event_action, 'trigger');
      }
      for (const { webhook } of await world.slack()) assert.equal(webhook, '/services/local/acme');
      assert.deepEqual(await world.deps.alerts.rules('other'), []);
    }),
    { numRuns: 100 },
  );
});

test('however p5 swings, there are few messages', async () => {
  const LEVELS = 3;
  await fc.assert(
    fc.asyncProperty(anySteps, async (steps) => {
      const world = await lived(steps.map((step) => ({ ...step, fates: WELL })));
      const lastedMs = steps.reduce((sum, { apartMs }) => sum + apartMs, 0) + 2 * HOUR_MS;
      const waysDown = Math.floor(lastedMs / ((GOOD_READINGS - 1) * READINGS_APART_MS));
      const most = waysDown + LEVELS * (waysDown + 1);
      const slack = (await world.slack()).filter(({ text }) => text.includes('rule p5')).length;
      const pages = byKey((await world.pagerDuty()).events).get('runway:test:acme:p5')?.length ?? 0;
      assert.ok(slack <= most && pages <= most, `${slack} and ${pages} messages, at most ${most}`);
    }),
    { numRuns: 100 },
  );
});

test('what breaks makes Slack say a page at most twice, and anything else once', async () => {
  await fc.assert(
    fc.asyncProperty(anySteps, async (steps) => {
      const world = await lived(steps);
      const said = Map.groupBy(await world.slack(), ({ text }) =>
        [/^:\w+:/.exec(text)?.[0], / is over: /.test(text), /rule .*$/.exec(text)?.[0]].join(' '),
      );
      for (const [what, messages] of said)
        assert.ok(
          messages.length <= (/rotating_light|red_circle/.test(what) ? 2 : 1),
          `${what}: ${messages.length}`,
        );
      assert.deepEqual(world.letters, []);
    }),
    { numRuns: 150 },
  );
});

test('a State that is lost begins anew: what still stands is told again under the same key', async () => {
  const world = alertWorld();
  await world.forecast(START_MS, { p5: 55 });
  const [first] = (await world.pagerDuty()).events;
  for (const rule of await world.deps.alerts.rules('acme')) {
    const { version } = await world.deps.alerts.alert('acme', rule);
    await world.deps.alerts.put('acme', rule, version, FIRST_ALERT);
  }
  await world.hour(START_MS + HOUR_MS);
  const { events, open } = await world.pagerDuty();
  assert.deepEqual(events, [first, first]);
  assert.equal(open.length, 1);
});
