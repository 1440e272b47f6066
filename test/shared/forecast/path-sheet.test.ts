import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { bandOfCash, bandOfSums } from '../../../shared/forecast/path-band.ts';
import { pathSheet, writeDepletion, writeLowest, writeRow } from '../../../shared/forecast/path-sheet.ts';
import { quantilesOf } from '../../../shared/forecast/quantile.ts';

const REACH = 1e9;

/** Flows that often stand still, come back to where they were, or are far larger than the others. */
const flow = fc.oneof(
  { weight: 3, arbitrary: fc.constant(0) },
  { weight: 3, arbitrary: fc.integer({ min: -5, max: 4 }) },
  { weight: 3, arbitrary: fc.double({ min: -1e4, max: 9e3, noNaN: true }) },
  { weight: 1, arbitrary: fc.constantFrom(-1e7, 1e7, 0.1, -0.3, 1e-9) },
);

const world = fc.integer({ min: 1, max: 70 }).chain((horizonDays) =>
  fc.record({
    horizonDays: fc.constant(horizonDays),
    paths: fc.array(fc.array(flow, { minLength: horizonDays, maxLength: horizonDays }), {
      minLength: 1,
      maxLength: 6,
    }),
    certainFlows: fc.array(flow, { minLength: horizonDays, maxLength: horizonDays }),
    cuts: fc.uniqueArray(fc.integer({ min: 1, max: horizonDays + 1 }), { maxLength: 4 }),
    openings: fc.array(fc.oneof(fc.double({ min: -100, max: 1e5, noNaN: true }), fc.nat({ max: 50 })), {
      minLength: 1,
      maxLength: 5,
    }),
  }),
);

const running = (flows: readonly number[]): number[] => {
  let sum = 0;
  return flows.map((each) => {
    sum += each;
    return sum;
  });
};

/** Day by day, as one would. */
const walked = (
  opening: number,
  certain: readonly number[],
  flows: readonly number[],
  cuts: readonly number[],
) => {
  const cash = running(flows).map((sum, k) => opening + (certain[k] ?? 0) + sum);
  const lowest = (days: readonly number[]): number =>
    days.reduce((low, each) => (each < low ? each : low), Infinity);
  const low = lowest(cash);
  return {
    cash,
    depletionDay: cash.findIndex((each) => each <= 0) + 1,
    low,
    lowDay: cash.indexOf(low) + 1,
    before: cuts.map((cut) => lowest(cash.slice(0, cut - 1))),
  };
};

test('A sheet of paths answers any opening as a walk through all days does, to the bit', () => {
  fc.assert(
    fc.property(world, ({ horizonDays, paths, certainFlows, cuts: given, openings }) => {
      const cuts = given.toSorted((a, b) => a - b);
      const certain = running(certainFlows);
      const sheet = pathSheet(paths.length, Float64Array.of(0, ...certain), REACH, cuts);
      paths.forEach((flows, row) => {
        writeRow(sheet, row, Float64Array.from(flows));
      });
      for (const opening of openings) {
        const depletionDay = new Int32Array(paths.length);
        const lowest = {
          cash: new Float64Array(paths.length),
          day: new Int32Array(paths.length),
          before: new Float64Array(cuts.length * paths.length),
        };
        writeDepletion(sheet, opening, depletionDay, 0);
        writeLowest(sheet, opening, lowest, 0);
        const told = paths.map((_, path) => ({
          depletionDay: depletionDay[path],
          low: lowest.cash[path],
          lowDay: lowest.day[path],
          before: cuts.map((_cut, k) => lowest.before[k * paths.length + path]),
        }));
        const wanted = paths.map((flows) => {
          const { cash: _cash, ...asked } = walked(opening, certain, flows, cuts);
          return asked;
        });
        assert.deepEqual(told, wanted, `${horizonDays} days`);
      }
    }),
    { numRuns: 2000 },
  );
});

test('The spread of sums, with certain money added, is the spread of the cash', () => {
  fc.assert(
    fc.property(
      fc.array(fc.array(flow, { minLength: 9, maxLength: 9 }), { minLength: 1, maxLength: 40 }),
      fc.array(flow, { minLength: 9, maxLength: 9 }),
      fc.double({ min: -1e6, max: 1e6, noNaN: true }),
      (paths, certainFlows, opening) => {
        const days = [1, 5, 9];
        const certain = Float64Array.of(0, ...running(certainFlows));
        const sums = paths.map(running);
        const values = Float64Array.from(days.flatMap((day) => sums.map((of) => of[day - 1] ?? 0)));
        const band = bandOfCash(
          bandOfSums({ days: Int32Array.from(days), values }, paths.length),
          certain,
          opening,
        );
        days.forEach((day, k) => {
          const cash = Float64Array.from(sums, (of) => opening + (certain[day] ?? 0) + (of[day - 1] ?? 0));
          assert.deepEqual([band.p5[k], band.p50[k], band.p95[k]], quantilesOf(cash, [0.05, 0.5, 0.95]));
        });
      },
    ),
  );
});
