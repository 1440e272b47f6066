import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Broken } from './simulation/broken.ts';
import { commandOf, hasViolations, type Report, report } from './simulation/report.ts';

const EVENTS = 90;

const violations = (made: Report): string =>
  Object.entries(made.verdicts)
    .flatMap(([name, found]) => found.map((violation) => `${name}: ${violation}`))
    .slice(0, 10)
    .join('\n');

for (let seed = 1; seed <= 20; seed += 1)
  test(`the world of seed ${seed} keeps every promise`, async () => {
    const made = await report({ seed, events: EVENTS });
    assert.ok(!hasViolations(made), `${commandOf(made)}\n${violations(made)}`);
  });

test('a world has in it what it is meant to have', async () => {
  const { counts } = await report({ seed: 3, events: EVENTS });
  for (const what of [
    ...['answered 200', 'answered 202', 'answered 400', 'answered 401', 'answered 503'],
    ...['ingest crashed', 'forecast crashed', 'ledger refused', 'ledger answer lost', 'ledger unavailable'],
    ...['deliveries drained', 'stream batches failed', 'old stream records redelivered'],
    ...['State dropped and rebuilt', 'cache lost', 'read from cache', 'read from table', 'owner commands'],
  ])
    assert.ok((counts[what] ?? 0) > 0, `nothing was "${what}": ${JSON.stringify(counts)}`);
});

test('one seed is one world, to the byte', async () => {
  const [first, second] = [
    await report({ seed: 7, events: EVENTS }),
    await report({ seed: 7, events: EVENTS }),
  ];
  assert.equal(JSON.stringify(first), JSON.stringify(second));
  assert.notEqual((await report({ seed: 8, events: EVENTS })).digest, first.digest);
});

/** Which checker must notice which mistake; a wrong build that nobody notices would make the verdicts above worthless. */
const CAUGHT: Readonly<Record<Broken, string>> = {
  dedupe: 'once',
  reversal: 'once',
  guard: 'cache',
  'count-fence': 'derived',
  'early-ack': 'nothing-lost',
  'cache-fence': 'cache',
  overwrite: 'append-only',
  doubt: 'governed',
  leg: 'money',
};
const SEEDS_MOST = 6;

for (const [broken, by] of Object.entries(CAUGHT) as [Broken, string][])
  test(`a build with a broken ${broken} is caught by the ${by} checker`, async () => {
    for (let seed = 1; seed <= SEEDS_MOST; seed += 1) {
      const { verdicts } = await report({ seed, events: EVENTS, broken });
      if ((verdicts[by]?.length ?? 0) > 0) return;
    }
    assert.fail(`${SEEDS_MOST} worlds passed with a broken ${broken}`);
  });
