import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { countExport } from '../../../../shared/providers/mixpanel/export-counts.ts';
import { linesOf } from '../../../../shared/providers/mixpanel/export-lines.ts';
import { dayOfTime } from '../../../../shared/providers/mixpanel/project-days.ts';
import { day } from '../../../support/rows.ts';

const DAYS = { from: day('2026-03-10'), before: day('2026-03-12') };
const START = Date.UTC(2026, 2, 10) / 1_000;
const dayOf = dayOfTime({}, { first: DAYS.from, last: day('2026-03-11') }, 'UTC');

async function* inPieces(text: string, bytes: number): AsyncGenerator<Uint8Array> {
  const all = Buffer.from(text);
  for (let at = 0; at < all.length; at += bytes) yield all.subarray(at, at + bytes);
}

const count = (text: string, bytes = 1_000) => countExport(inPieces(text, bytes), 'Sign Up', DAYS, dayOf);

const row = (properties: Record<string, unknown>, event = 'Sign Up'): string =>
  `${JSON.stringify({ event, properties })}\n`;

const counted = async (text: string): Promise<Record<string, string>> => {
  const answer = await count(text);
  assert.equal(answer.outcome, 'counts', JSON.stringify(answer));
  return answer.outcome === 'counts'
    ? Object.fromEntries(answer.counts.map(({ date, value }) => [date, value]))
    : {};
};

test('text comes out by its line feeds, wherever its bytes were parted', async () => {
  const piece = fc.constantFrom('a', 'é', '🦊', '\n', '\r', '\u2028', '');
  await fc.assert(
    fc.asyncProperty(
      fc.array(piece, { maxLength: 40 }),
      fc.integer({ min: 1, max: 5 }),
      async (pieces, bytes) => {
        const text = pieces.join('');
        const lines: string[] = [];
        for await (const some of linesOf(inPieces(text, bytes))) lines.push(...some);
        const expected = text.split('\n');
        if (expected.at(-1) === '') expected.pop();
        assert.deepEqual(lines, expected);
      },
    ),
  );
});

test('in any order, as often as they come and however mutated, rows count as the events that they are of', async () => {
  const sent = fc.record({
    second: fc.oneof(fc.constantFrom(0, 86_399, 86_400), fc.integer({ min: -3, max: 2 * 86_400 + 3 })),
    person: fc.constantFrom('ann', 'bob', 7),
    insertId: fc.option(fc.integer({ min: 0, max: 3 }), { nil: undefined }),
    copies: fc.integer({ min: 1, max: 3 }),
  });
  await fc.assert(
    fc.asyncProperty(
      fc.array(sent, { maxLength: 30 }),
      fc.infiniteStream(fc.nat()),
      fc.integer({ min: 1, max: 300 }),
      async (events, random, bytes) => {
        const rows = events.flatMap(({ second, person, insertId, copies }) =>
          Array.from({ length: copies }, (_, copy) => ({
            rank: random.next().value ?? 0,
            text: row({
              time: START + second,
              distinct_id: person,
              ...(insertId !== undefined && { $insert_id: `id-${insertId}` }),
              mp_processing_time_ms: copy,
              plan: copy,
            }),
          })),
        );
        const text = rows.sort((a, b) => a.rank - b.rank).map((each) => each.text);
        // By sorting: neighbours that are equal are one, those without an id are each one.
        const expected: Record<string, number> = {};
        const keys = events
          .map(
            (each, index) =>
              [`${each.second}|${each.person}|${each.insertId ?? `none ${index}`}`, each] as const,
          )
          .sort(([a], [b]) => (a < b ? -1 : 1));
        keys.forEach(([key, { second, insertId, copies }], index) => {
          const date = new Date((START + second) * 1_000).toISOString().slice(0, 10);
          if (keys[index - 1]?.[0] === key || date < DAYS.from || date >= DAYS.before) return;
          expected[date] = (expected[date] ?? 0) + (insertId === undefined ? copies : 1);
        });
        const answer = await count(text.join(''), bytes);
        assert.ok(answer.outcome === 'counts');
        assert.deepEqual(
          Object.fromEntries(answer.counts.map(({ date, value }) => [date, Number(value)])),
          expected,
        );
      },
    ),
    { numRuns: 200 },
  );
});

test('two events of one second are two, by their ids or without any', async () => {
  const time = START + 60;
  assert.deepEqual(
    await counted(
      row({ time, distinct_id: 'a', $insert_id: '1' }) + row({ time, distinct_id: 'a', $insert_id: '2' }),
    ),
    { '2026-03-10': '2' },
  );
  assert.deepEqual(
    await counted(
      row({ time, distinct_id: 'a', $insert_id: '1' }) + row({ time, distinct_id: 'b', $insert_id: '1' }),
    ),
    { '2026-03-10': '2' },
    'an id is a person’s',
  );
  for (const none of [{}, { $insert_id: '' }, { $insert_id: null }])
    assert.deepEqual(await counted(row({ time, distinct_id: 'a', ...none }).repeat(2)), {
      '2026-03-10': '2',
    });
});

test('nothing in an export is nothing, an export without its last line feed is whole', async () => {
  assert.deepEqual(await counted(''), {});
  assert.deepEqual(await counted('\n'), {});
  assert.deepEqual(await counted(row({ time: START }).trimEnd()), { '2026-03-10': '1' });
});

test('an export that ends within a row is no count, wherever that is', async () => {
  const text = [1, 2, 3].map((id) => row({ time: START, distinct_id: 'é', $insert_id: id })).join('');
  const bytes = Buffer.from(text);
  const isWhole = (length: number): boolean =>
    [10, undefined].includes(bytes[length]) || [10, undefined].includes(bytes[length - 1]);
  for (let length = 1; length < bytes.length; length++) {
    const part = countExport(
      (async function* () {
        yield bytes.subarray(0, length);
      })(),
      'Sign Up',
      DAYS,
      dayOf,
    );
    assert.equal((await part).outcome, isWhole(length) ? 'counts' : 'broken', `${length} bytes`);
  }
});

test('an export that says that it ended early is no count', async () => {
  for (const words of ['export terminated early', 'terminated early\n']) {
    const answer = await count(row({ time: START }) + words);
    assert.deepEqual(answer, { outcome: 'broken', reason: 'Mixpanel ended its export early' });
  }
});

test('a row that is no such event, or of another time, is told', async () => {
  for (const [text, says] of [
    [row({ time: 'now' }), /no event with its time/],
    [row({}), /no event with its time/],
    [row({ time: START }, 'Other'), /an event that was not asked for/],
    ['7\n', /no event with its time/],
    [row({ time: START * 1_000 }), /day that was not asked for/],
  ] as const) {
    const answer = await count(text);
    assert.ok(answer.outcome === 'refused');
    assert.match(answer.reason, says, text);
  }
});

test('a line without an end is not held for ever', async () => {
  const endless = (async function* () {
    for (;;) yield Buffer.alloc(1_000_000, 'x');
  })();
  await assert.rejects(countExport(endless, 'Sign Up', DAYS, dayOf), /longer than 8000000/);
});
