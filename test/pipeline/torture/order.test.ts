/** Whatever order, however often, by whichever version: one story makes one State. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { whatItSays } from '../checkers/once.ts';
import { dayIn } from '../simulation/economy.ts';
import { type Deployment, deployment, type Options } from './deployment.ts';
import { runs, seeded } from './seeds.ts';
import { AT_PROVIDERS, generic, SETTINGS, type Sending, STORY } from './sendings.ts';

const DAY_MS = 86_400_000;

/** The first instant of the zone's day that holds `ms`, found by halving: offsets are the platform's affair. */
const midnightOf = (zone: string, ms: number): number => {
  const day = dayIn(zone, ms);
  let [before, within] = [ms - 26 * 3_600_000, ms];
  while (within - before > 1_000) {
    const middle = Math.floor((before + within) / 2_000) * 1_000;
    if (dayIn(zone, middle) === day) within = middle;
    else before = middle;
  }
  return within;
};

const told = async (sendings: readonly Sending[], options: Options = {}): Promise<Deployment> => {
  const at = deployment(options);
  for (const sending of sendings) await at.deliver(sending);
  await at.settle();
  return at;
};

const once = await told(STORY);
const ONCE = whatItSays(once.state.items());

const same = async (at: Deployment, note: string): Promise<void> => {
  assert.deepEqual(await at.faults(), [], note);
  assert.deepEqual(whatItSays(at.state.items()), ONCE, note);
};

test('the story is told as it happened, and each dollar of it counts once', async () => {
  assert.deepEqual(await once.faults(), []);
  const { cash } = JSON.parse((await once.state.forecast('acme'))?.document ?? '{}');
  // Stripe 54.26, the bank -1232.34, payroll -108,000.00, what its own systems told -1209.99; no payout twice.
  assert.deepEqual(cash, { amount: '-110388.07', currency: 'USD' });
  for (const subject of ['commitment', 'cost', 'invoice', 'payment', 'payout', 'subscription'])
    assert.ok(
      [...ONCE.keys()].some((key) => key.startsWith(`acme/statements/${subject}/`)),
      subject,
    );
});

for (let seed = 1; seed <= runs(30); seed += 1)
  test(`told out of order, late and again and again, the story is the same: seed ${seed}`, async () => {
    const random = seeded(seed);
    const again = STORY.filter(() => random.chance(0.5));
    const sendings = random.shuffled([...STORY, ...again, ...again.filter(() => random.chance(0.3))]);
    const late = random.between(0, sendings.length);
    const at = await told(sendings.slice(0, late));
    const together = sendings.slice(late);
    await Promise.all(together.map(at.deliver));
    await at.settle();
    await same(at, `seed ${seed}`);
  });

test('the same at the same instant, many times over, is stored once', async () => {
  const at = deployment();
  await Promise.all(STORY.flatMap((sending) => Array.from({ length: 4 }, () => at.deliver(sending))));
  await at.settle();
  await same(at, 'four at once');
});

/** The same event as another version of the sender writes it. */
const rendered = (sending: Sending, change: (body: Record<string, unknown>) => object): Sending => ({
  ...sending,
  deliveryId: sending.source === 'stripe' ? `${sending.deliveryId}_other` : sending.deliveryId,
  body: Buffer.from(JSON.stringify(change(JSON.parse(sending.body.toString())))),
});

const withMore = (body: Record<string, unknown>): object => ({
  ...body,
  of_a_later_version: { nested: [1, null] },
});

/** Stripe expands what it is asked to expand, lists refunds within old charges, and knew fewer members. */
const older = (body: Record<string, unknown>): object => {
  const { object, ...data } = body['data'] as { object: Record<string, unknown> };
  const { amount_captured: _amount, ...known } = object;
  const expanded = AT_PROVIDERS.stripe.find(({ id }) => id === object['balance_transaction']);
  return {
    ...body,
    id: `${body['id']}_other`,
    api_version: '2017-08-15',
    data: { ...data, object: { ...known, ...(expanded && { balance_transaction: expanded }) } },
  };
};

const isReadable = ({ source, deliveryId }: Sending): boolean =>
  source === 'stripe' && deliveryId !== 'evt_odd';

for (let seed = 1; seed <= runs(10); seed += 1)
  test(`versions of ours and of theirs side by side tell one story: seed ${seed}`, async () => {
    const random = seeded(seed);
    const others = [
      ...STORY.filter(isReadable).map((sending) => rendered(sending, older)),
      ...STORY.filter(({ source }) => source === 'chargebee' || source === 'gusto').map((sending) =>
        rendered(sending, withMore),
      ),
    ];
    const version = (normaliser: string): string => (random.chance(0.5) ? normaliser : `${normaliser}-older`);
    const at = await told(random.shuffled([...STORY, ...others, ...STORY]), { version });
    const versions = new Set(
      at.ledger.rows().flatMap((row) => ('normaliser' in row ? [row.normaliser] : [])),
    );
    assert.ok(
      [...versions].some((name) => name.endsWith('-older') && versions.has(name.replace('-older', ''))),
    );
    await same(at, `seed ${seed}`);
  });

const ZONES = ['America/New_York', 'Pacific/Auckland'];

for (const zone of ZONES)
  test(`a second before midnight is one day, midnight is the next, all year: ${zone}`, async () => {
    const random = seeded(ZONES.indexOf(zone));
    const year = Date.UTC(2026, 0, 1);
    const edges = Array.from({ length: 366 }, (_, day) => midnightOf(zone, year + day * DAY_MS)).flatMap(
      (ms) => [ms - 1_000, ms],
    );
    const events = random.shuffled(edges).map((ms, n) => ({
      ...{ id: `e${n}`, type: 'expense', amount: '1.00', currency: 'USD' },
      occurred_at: new Date(ms).toISOString(),
    }));
    const at = deployment({ settings: { ...SETTINGS, accountingZone: zone } });
    for (let start = 0; start < events.length; start += 400)
      await at.deliver(generic(`edge-${start}`, ...events.slice(start, start + 400)));
    const expected = new Map<string, number>();
    for (const ms of edges) expected.set(dayIn(zone, ms), (expected.get(dayIn(zone, ms)) ?? 0) + 1);
    const found = new Map<string, number>();
    for (const row of at.ledger.rows())
      if (row.kind === 'fact') found.set(row.fact.date, (found.get(row.fact.date) ?? 0) + 1);
    assert.deepEqual([...found].sort(), [...expected].sort());
    assert.ok([...expected.values()].slice(1, -1).every((count) => count === 2));
  });
