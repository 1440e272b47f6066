import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { HistoryDay } from '../../../shared/model/history.ts';
import { forecastRunway, type RunwayForecast, type RunwayInput } from '../../../shared/model/runway.ts';
import { ratesOf } from '../../../shared/model/structural/rates.ts';
import { addDays } from '../../../shared/time/civil-date.ts';
import { AS_OF, runwayInput, uneven } from './ledgers.ts';

/** The ledger in two streams: a payroll every other week, and the rest. */
const streamed = (foreignShare: bigint | undefined): readonly HistoryDay[] =>
  uneven.map((day, ago) => ({
    ...day,
    streams: [
      {
        stream: ago % 14 === 5 ? 'payroll/anna' : 'cloud',
        inflowMinor: 0n,
        outflowMinor: day.outflowMinor,
        inflowCount: 0,
        outflowCount: 1,
        ...(foreignShare !== undefined && { foreignMinor: (day.outflowMinor * foreignShare) / 100n }),
      },
    ],
  }));

const forecast = (changes: Partial<RunwayInput>): RunwayForecast => forecastRunway(runwayInput(changes));
const widthOf = ({ days: { p5, p95 } }: RunwayForecast): number => (p95 ?? 0) - (p5 ?? 0);

test('where nothing is foreign, marks that say so change nothing', () => {
  const plain = forecast({ days: streamed(undefined) });
  assert.deepEqual(forecast({ days: streamed(0n), foreign: [] }), plain);
  assert.deepEqual(forecast({ days: streamed(40n) }), plain, 'a stream is what most of it is');
});

test('foreign streams, and foreign money held, widen the interval and leave its middle', () => {
  const plain = forecast({ days: streamed(undefined) });
  const abroad = forecast({ days: streamed(100n) });
  const worthMinor = 900_000n;
  const held = forecast({
    days: streamed(undefined),
    foreign: [{ currency: 'EUR', amountMinor: 800_000n, worthMinor }],
  });
  for (const foreign of [abroad, held]) {
    assert.ok(widthOf(foreign) > widthOf(plain), `${widthOf(foreign)} of ${widthOf(plain)}`);
    assert.ok(Math.abs((foreign.days.p50 ?? 0) - (plain.days.p50 ?? 0)) <= 4);
    assert.notEqual(foreign.inputsHash, plain.inputsHash);
  }
});

test('what is rare and large, and what is promised, follows the rates of its path', () => {
  const once = (isForeign: boolean): readonly HistoryDay[] =>
    streamed(undefined).map((day, ago) =>
      ago % 90 === 40
        ? {
            ...day,
            outflowMinor: day.outflowMinor + 300_000n,
            netMinor: day.netMinor - 300_000n,
            streams: [
              ...(day.streams ?? []),
              {
                stream: 'fair',
                inflowMinor: 0n,
                outflowMinor: 300_000n,
                inflowCount: 0,
                outflowCount: 1,
                ...(isForeign && { foreignMinor: 300_000n }),
              },
            ],
          }
        : day,
    );
  // The rates are there in both, so that nothing else differs.
  const foreign = [{ currency: 'EUR', amountMinor: 1n, worthMinor: 1n }];
  const balanceMinor = 5_000_000n;
  const [own, abroad] = [false, true].map((is) => forecast({ days: once(is), foreign, balanceMinor }));
  assert.notDeepEqual(abroad?.survivalCurve, own?.survivalCurve);
  const due = (ahead: number, changes: object) => ({
    expected: [
      { id: 'a', dueDate: addDays(AS_OF, ahead), amountMinor: -900_000n, label: 'a bill', ...changes },
    ],
  });
  const late = { days: streamed(undefined), horizonDays: 300, balanceMinor: 3_100_000n };
  const [plain, dear] = [{}, { isForeign: true as const }].map((changes) =>
    forecast({ ...late, ...due(150, changes) }),
  );
  assert(plain !== undefined && dear !== undefined);
  assert.ok(widthOf(dear) > widthOf(plain), `${widthOf(dear)} ${widthOf(plain)}`);
  assert.notEqual(dear.inputsHash, plain.inputsHash);
});

test('cash held in the currency that it is spent in runs out on the day it does anyway', () => {
  const days = streamed(100n);
  const worthMinor = 1_000_000n;
  const both = forecast({ days, foreign: [{ currency: 'EUR', amountMinor: worthMinor, worthMinor }] });
  assert.ok(widthOf(both) < 1.15 * widthOf(forecast({ days })));
});

test('a rate wanders by half a percent a day', () => {
  const rates = ratesOf({ asOf: 0, through: 0, horizonDays: 364, seed: 3 });
  const logs = Array.from({ length: 4_000 }, (_, path) => {
    rates.prepare(path);
    return Math.log(rates.factors.at(-1) ?? 0);
  });
  const std = Math.sqrt(logs.reduce((sum, log) => sum + log * log, 0) / logs.length);
  assert.ok(Math.abs(std - 0.005 * Math.sqrt(360.5)) < 0.004, String(std));
});
