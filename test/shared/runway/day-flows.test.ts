import assert from 'node:assert/strict';
import { test } from 'node:test';
import { foldDay } from '../../../shared/aggregate/day.ts';
import { dayFlows } from '../../../shared/runway/day-flows.ts';
import { addDays } from '../../../shared/time/civil-date.ts';
import { cashFact, day, factRow, usd } from '../../support/rows.ts';

const FIRST = day('2026-01-01');

const paid = (date: typeof FIRST, counterparty: string, amountMinor: bigint) =>
  factRow(
    cashFact({
      key: `${date} ${counterparty}`,
      date,
      counterparty,
      lines: [{ category: 'software', amountMinor }],
    }),
  );

test('a payee is a stream of its own, without the numbers that change from payment to payment', () => {
  const days = [0, 30].map((ago) => {
    const date = addDays(FIRST, ago);
    return foldDay(date, 0, [paid(date, `GitHub Inc. #${ago}77`, -900n), paid(date, '', -5n)]);
  });
  assert.deepEqual(
    dayFlows(days, usd).map(({ streams }) =>
      streams.map(({ stream, outflowMinor }) => [stream, outflowMinor]),
    ),
    [0, 1].map(() => [
      ['software', 5n],
      ['software/github_inc', 900n],
    ]),
  );
});

test('thousands of payees leave some hundred streams, and not a cent of difference', () => {
  const days = Array.from({ length: 20 }, (_, ago) => {
    const date = addDays(FIRST, ago);
    const regular = paid(date, 'landlord', -3n);
    const others = Array.from({ length: 300 }, (_, k) =>
      paid(
        date,
        `shop ${'abcdefghij'[k % 10]}${'klmnopqrst'[ago % 10]} ${'x'.repeat(1 + (k % 30))}`,
        BigInt(-1 - k),
      ),
    );
    return foldDay(date, 0, [regular, ...others]);
  });
  const flows = dayFlows(days, usd);
  const streams = new Set(flows.flatMap((flow) => flow.streams.map(({ stream }) => stream)));
  assert.ok(streams.size <= 201 && streams.size > 100, String(streams.size));
  assert.ok(flows.every(({ streams: ofDay }) => ofDay.length <= 65));
  for (const { streams: ofDay, outflowMinor, outflowCount } of flows) {
    assert.equal(
      ofDay.reduce((sum, flow) => sum + flow.outflowMinor, 0n),
      outflowMinor,
    );
    assert.equal(outflowCount, 301);
  }
});
