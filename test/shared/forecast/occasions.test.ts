import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addOccasions, certainArrivals, occasionsOf } from '../../../shared/forecast/occasions.ts';
import type { SimulationInput } from '../../../shared/forecast/simulation.ts';

const HORIZON = 60;
const PATHS = 20_000;

const input = (occasions: Partial<SimulationInput>): SimulationInput => ({
  horizonDays: HORIZON,
  paths: PATHS,
  seed: 5,
  openingCash: 0,
  scheduled: new Float64Array(HORIZON),
  residual: { kind: 'normal', dailyMean: 0, dailyStd: 0 },
  jitters: [],
  tranches: [],
  ...occasions,
});

/** The flow of each path on each day. */
const flowsOf = (occasions: Partial<SimulationInput>): Float64Array[] => {
  const random = occasionsOf(input(occasions));
  return Array.from({ length: PATHS }, (_, path) => {
    const flows = new Float64Array(HORIZON);
    addOccasions(random, path, flows);
    return flows;
  });
};

const spreadOn = (paths: readonly Float64Array[], day: number): number =>
  Math.sqrt(paths.reduce((sum, flows) => sum + (flows[day - 1] ?? 0) ** 2, 0) / paths.length);

test('a level shift is one t draw for all days of a path', () => {
  const paths = flowsOf({ level: { std: 100, df: 10 } });
  for (const flows of paths) assert.equal(new Set(flows).size, 1);
  const expected = 100 * Math.sqrt(10 / 8);
  assert.ok(Math.abs(spreadOn(paths, 1) / expected - 1) < 0.04, String(spreadOn(paths, 1)));
});

test('jitters of one day add their variances and leave other days alone', () => {
  const paths = flowsOf({
    jitters: [
      { day: 7, std: 300 },
      { day: 7, std: 400 },
      { day: 9, std: 50 },
    ],
  });
  assert.ok(Math.abs(spreadOn(paths, 7) / 500 - 1) < 0.025);
  assert.ok(Math.abs(spreadOn(paths, 9) / 50 - 1) < 0.025);
  assert.equal(spreadOn(paths, 8), 0);
});

test('tranches arrive as often and as late as they should, each on its own', () => {
  const paths = flowsOf({
    tranches: [
      { day: 10, amount: 1, probability: 0.3, delay: { kind: 'fixed', days: 5 } },
      { day: 10, amount: 100, probability: 0.6, delay: { kind: 'gamma', mean: 8, std: 8 } },
      { day: 59, amount: 10_000, probability: 0.9, delay: { kind: 'fixed', days: 9 } },
    ],
  });
  const total = (flows: Float64Array): number => flows.reduce((sum, flow) => sum + flow, 0);
  const share = (holds: (flows: Float64Array) => boolean): number => paths.filter(holds).length / PATHS;
  const near = (actual: number, expected: number): void =>
    assert.ok(
      Math.abs(actual - expected) < 4.5 * Math.sqrt((expected * (1 - expected)) / PATHS),
      `${actual} ${expected}`,
    );
  near(
    share((flows) => (flows[14] ?? 0) % 100 === 1),
    0.3,
  );
  near(
    share((flows) => flows.some((flow) => flow >= 100)),
    0.6 * (1 - Math.exp(-51 / 8)),
  );
  near(
    share((flows) => total(flows) === 101),
    0.3 * 0.6 * (1 - Math.exp(-51 / 8)),
  );
  near(
    share((flows) => (flows[9] ?? 0) === 100),
    0.6 * (1 - Math.exp(-1 / 8)),
  );
  assert.equal(
    share((flows) => total(flows) >= 10_000),
    0,
  );
});

test('what comes for sure is certain money, and no path draws for it', () => {
  const tranches = [
    { day: 10, amount: 7, probability: 1, delay: { kind: 'none' } },
    { day: 10, amount: 2, probability: 1, delay: { kind: 'fixed', days: 5 } },
    { day: 59, amount: 9, probability: 1, delay: { kind: 'fixed', days: 2 } },
    { day: 10, amount: 1, probability: 0.5, delay: { kind: 'none' } },
  ] as const;
  const arrivals = certainArrivals(input({ tranches }));
  assert.deepEqual([arrivals[10], arrivals[15], arrivals.reduce((sum, cash) => sum + cash)], [7, 2, 9]);
  const seen = new Set(flowsOf({ tranches }).flatMap((flows) => [...flows]));
  assert.deepEqual([...seen].sort(), [0, 1]);
});

test('a tranche of another day does not change what is drawn for this one', () => {
  const one = { day: 20, amount: 1, probability: 0.5, delay: { kind: 'gamma', mean: 5, std: 5 } } as const;
  const [alone, together] = [
    flowsOf({ tranches: [one] }),
    flowsOf({ tranches: [{ ...one, day: 4, amount: 0 }, one] }),
  ];
  assert.deepEqual(together.slice(0, 500), alone.slice(0, 500));
});
