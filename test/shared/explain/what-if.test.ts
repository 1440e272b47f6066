import assert from 'node:assert/strict';
import { test } from 'node:test';
import { overlaid, parseWhatIf } from '../../../shared/explain/what-if.ts';
import { addDays } from '../../../shared/time/civil-date.ts';
import { settingsOf } from '../../support/settings.ts';
import { AS_OF } from '../model/ledgers.ts';
import { live, rent, tranche } from './pairs.ts';

const input = live({ plan: { items: [tranche(40, '3000'), rent('-800')], reasons: [] } });
const read = (json: unknown) => parseWhatIf(json, settingsOf({}), input);
const event = { id: 'e', type: 'expense', amount: '10.00', currency: 'USD', date: AS_OF, category: 'legal' };

test('an overlay changes the plan and the money, and the live input stays as it was', () => {
  const before = structuredClone(input);
  const parsed = read({ add: [{ ...tranche(50, '1') }], remove: ['rent'], events: [event] });
  assert(parsed.ok);
  const changed = overlaid(input, parsed.value);
  assert.equal(changed.balanceMinor, input.balanceMinor - 1_000n);
  assert.deepEqual(
    changed.plan.items.map((item) => [item.id, item.kind === 'tranche' && item.amount]),
    [['seed', '1']],
  );
  assert.deepEqual(input, before);
});

test('a grant of credits moves no cash, and is said not to', () => {
  const parsed = read({ events: [{ ...event, type: 'credit' }] });
  assert(parsed.ok);
  assert.deepEqual(parsed.value.facts, []);
  assert.match(parsed.value.notes[0] ?? '', /^events\[0\] grants credits, which moves no cash/);
});

test('every problem is named by its path', () => {
  const parsed = read({
    add: [{ kind: 'tranche' }, 'text'],
    remove: ['seed', 'nobody'],
    events: [{ ...event, amount: 'much' }, { ...event, date: addDays(AS_OF, 1) }, 7],
  });
  assert(!parsed.ok);
  const paths = parsed.problems.map(({ path }) => path);
  for (const path of [
    'add[0].date',
    'add[0].amount',
    'add[1]',
    'remove[1]',
    'events[0].amount',
    'events[1].date',
  ])
    assert.ok(paths.includes(path), `${path} is not among ${paths.join(', ')}`);
  assert.ok(paths.some((path) => path.startsWith('events[2]')));
  assert.ok(!paths.includes('remove[0]'));
});

test('lists have an end', () => {
  const parsed = read({ remove: Array.from({ length: 101 }, () => 'seed') });
  assert(!parsed.ok);
  assert.match(parsed.problems[0]?.message ?? '', /at most 100/);
});
