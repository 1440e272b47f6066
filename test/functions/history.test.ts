import assert from 'node:assert/strict';
import { test } from 'node:test';
import { answerHistory } from '../../functions/read/history.ts';
import type { HistoryBody } from '../../shared/aws/told-history.ts';
import { addDays, type CivilDate } from '../../shared/time/civil-date.ts';
import { memoryForecastHistory } from '../support/memory-forecast-history.ts';
import { settingsOf } from '../support/settings.ts';

const tenant = settingsOf({ accountingZone: 'Asia/Tokyo' });
/** 21 November in London, already the 22nd in Tokyo. */
const NOW_MS = Date.parse('2026-11-21T18:00:00Z');
const TODAY = '2026-11-22' as CivilDate;

const history = memoryForecastHistory();
for (const ago of [0, 1, 5, 89, 90, 300])
  await history.put(
    tenant.tenant,
    {
      date: addDays(TODAY, -ago),
      fence: '1',
      document: JSON.stringify({
        as_of: addDays(TODAY, -ago),
        status: 'ok',
        p50_days: 100 + ago,
        inputs: { hash: 'sha256:1', sources: ['not told again'] },
        cash_band: ['not told again'],
      }),
      inputs: '{}',
    },
    NOW_MS,
  );

const ask = (query: Readonly<Record<string, string>>, of = tenant) =>
  answerHistory(history, { query, nowMs: NOW_MS }, of);
const body = async (query: Readonly<Record<string, string>>): Promise<HistoryBody> =>
  JSON.parse((await ask(query)).body);

test('without dates it tells the last ninety days of the accounting zone', async () => {
  const { from, to, days } = await body({});
  assert.deepEqual([from, to], ['2026-08-25', TODAY]);
  assert.deepEqual(
    days.map(({ p50_days }) => p50_days),
    [189, 105, 101, 100],
  );
  assert.deepEqual(days[3], {
    as_of: TODAY,
    status: 'ok',
    p50_days: 100,
    inputs: { hash: 'sha256:1' },
  });
});

test('dates are taken as they are, both ends included', async () => {
  const { days } = await body({ from: '2026-11-17', to: '2026-11-21' });
  assert.deepEqual(
    days.map(({ as_of }) => as_of),
    ['2026-11-17', '2026-11-21'],
  );
  assert.equal((await body({ from: '2025-12-01' })).days.length, 6);
});

for (const [why, query] of Object.entries({
  'no date': { from: 'yesterday' },
  'no such day': { to: '2026-02-30' },
  'an instant': { to: '2026-11-21T00:00:00Z' },
  'the wrong way round': { from: '2026-11-21', to: '2026-11-20' },
  'too many days': { from: '2020-01-01', to: '2026-11-20' },
}))
  test(`refuses ${why}`, async () => {
    const { status, headers } = await ask(query);
    assert.deepEqual([status, headers['content-type']], [400, 'application/problem+json']);
  });

test('another tenant sees none of it', async () => {
  const { body: text } = await ask({}, settingsOf({ tenant: 'other' }));
  assert.deepEqual((JSON.parse(text) as HistoryBody).days, []);
});
