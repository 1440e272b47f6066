import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { StatementsAggregate } from '../../../shared/aggregate/statements.ts';
import { liveView } from '../../../shared/aws/live-view.ts';
import type { AwsAccount } from '../../../shared/contract/tenant.ts';
import type { StatementBodies, Subject } from '../../../shared/event/statement.ts';
import { runwayInputOf } from '../../../shared/runway/live-input.ts';
import { addDays } from '../../../shared/time/civil-date.ts';
import { memoryStateStore } from '../../support/memory-state-store.ts';
import { day } from '../../support/rows.ts';
import { settingsOf } from '../../support/settings.ts';

const NOW = Date.parse('2026-03-18T12:00:00Z');
const TODAY = day('2026-03-18');
const aws = (credits: AwsAccount['credits'] = []): AwsAccount => ({
  payer: '123456789012',
  requestsPerDay: 12,
  credits,
});

const world = async () => {
  const state = memoryStateStore();
  const put = async <Of extends Subject>(
    subject: Of,
    month: string,
    told: readonly (readonly [key: string, date: string, body: StatementBodies[Of]])[],
  ): Promise<void> => {
    const statements = told.map(([key, date, body]) => ({ key, date: day(date), source: 'aws', body }));
    await state.putStatements(
      'acme',
      {
        subject,
        month,
        rows: told.length,
        rowsHash: `${subject}${month}`,
        statements,
      } as StatementsAggregate,
      told.map(([key]) => key),
    );
  };
  const costs = Array.from({ length: 40 }, (_, index) => addDays(TODAY, -1 - index)).map(
    (date) =>
      [
        `ce:${date}`,
        date,
        {
          ...{ provider: 'aws', service: 'EC2', recordType: 'credit', amount: '-100.00', currency: 'USD' },
          estimated: false,
        },
      ] as const,
  );
  for (const month of ['2026-02', '2026-03'])
    await put(
      'cost',
      month,
      costs.filter(([, date]) => date.startsWith(month)),
    );
  const end = { provider: 'aws', remaining: '5000', currency: 'USD', expires_on: day('2026-12-31') };
  return { state, tellLot: () => put('credit_lot', '2026-12', [['awscred:1', '2026-12-31', end]]) };
};

test('18 credits that AWS itself tells of are in the forecast, though the configuration names none', async () => {
  const { state, tellLot } = await world();
  const settings = settingsOf({ aws: aws() });
  const input = async () =>
    runwayInputOf(settings, await liveView({ state, daysRead: new Map() }, settings, NOW), NOW);
  const creditsOf = async () => (await input()).plan.items.filter(({ kind }) => kind === 'credit');
  assert.deepEqual(await creditsOf(), []);
  await tellLot();
  assert.deepEqual(
    (await creditsOf()).map(({ id }) => id),
    ['aws-credits'],
  );
});
