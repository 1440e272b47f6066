/**
 * One story, interrupted once at each call that any step makes of a dependency, in each way in which a call can go wrong;
 * then everybody tries again, as they do. What State says is what it says where nothing went wrong.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { whatItSays } from '../checkers/once.ts';
import { type Deployment, deployment } from './deployment.ts';
import { isLong, runs, seeded } from './seeds.ts';
import { STORY } from './sendings.ts';
import { TROUBLES, type Trouble, troubled } from './trouble.ts';

/** Every call in a long run; in a short one each sixth, another sixth for each trouble. */
const STRIDE = isLong ? 1 : 6;

const story = async (troubleAt?: (index: number) => Trouble | undefined) => {
  const trouble = troubled(troubleAt);
  const at = deployment({ trouble });
  for (const sending of STORY) {
    await at.deliver(sending);
    // Halfway, so that later deliveries find what was fetched.
    if (sending.deliveryId === 'evt_refunded') await at.settle();
  }
  await at.settle();
  return { at, calls: trouble.calls.slice() };
};

const { at: calm, calls } = await story();
const CALM = whatItSays(calm.state.items());

const soundAfter = async (at: Deployment, note: string): Promise<void> => {
  assert.deepEqual(await at.faults(), [], note);
  assert.deepEqual(whatItSays(at.state.items()), CALM, note);
};

test('the story asks every dependency', async () => {
  assert.deepEqual(await calm.faults(), []);
  for (const service of [
    'archive',
    'chargebee',
    'cost explorer',
    'credits',
    'invoicing',
    'gusto',
    'ledger',
    'plaid',
    'secrets',
    'state',
    'stripe',
  ])
    assert.ok(calls.includes(service), service);
});

for (const [offset, trouble] of TROUBLES.entries())
  test(`a call ${trouble}, whichever it is, and nothing is lost or counted twice`, async () => {
    for (let struck = offset; struck < calls.length; struck += STRIDE) {
      const { at } = await story((index) => (index === struck ? trouble : undefined));
      await soundAfter(at, `call ${struck}, ${calls[struck]}, ${trouble}`);
    }
  });

for (let seed = 1; seed <= runs(20); seed += 1)
  test(`calls fail again and again, and in the end all is well: seed ${seed}`, async () => {
    const random = seeded(seed);
    const rate = random.pick([0.01, 0.03, 0.06]);
    const until = calls.length * 3;
    const { at } = await story((index) =>
      index < until && random.chance(rate) ? random.pick(TROUBLES) : undefined,
    );
    await soundAfter(at, `seed ${seed}`);
  });

test('while the ledger is throttled throughout, deliveries wait in the buffer, and all are there afterwards', async () => {
  for (const throttled of [1, 4, STORY.length]) {
    let isThrottled = true;
    const trouble = troubled((index) =>
      isThrottled && trouble.calls[index] === 'ledger' ? 'is throttled' : undefined,
    );
    const at = deployment({ trouble });
    for (const [index, sending] of STORY.entries()) {
      isThrottled = index < throttled;
      await at.deliver(sending);
    }
    isThrottled = true;
    assert.ok(at.buffer.messages.length >= throttled);
    isThrottled = false;
    await at.settle();
    await soundAfter(at, `${throttled} buffered`);
  }
});
