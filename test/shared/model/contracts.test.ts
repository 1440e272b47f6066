import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { canonicalJson } from '../../../shared/canonical/canonical.ts';
import { type Contract, contractPart } from '../../../shared/model/declared/contracts.ts';
import { expectedDays } from '../../../shared/model/expected-days.ts';
import type { HistoryDay } from '../../../shared/model/history.ts';
import { forecastRunway, type RunwayForecast, type RunwayInput } from '../../../shared/model/runway.ts';
import type { PlanItem } from '../../../shared/scenario/items.ts';
import { addDays, type CivilDate } from '../../../shared/time/civil-date.ts';
import { AS_OF, daily, runwayInput } from './ledgers.ts';

const SPAN = { asOf: 20_000, through: 20_000, horizonDays: 1_200, seed: 3 };
const PATHS = 40_000;
const CONTRACT: Contract = {
  name: 'crm',
  label: 'CRM',
  probability: 0.94,
  days: [40, 405, 770],
  amountMinor: 800_000,
  isPaidLast: true,
};

/** What the contract costs on each anniversary of each path. */
const paidOn = (contract: Contract): readonly (readonly number[])[] => {
  const part = contractPart(contract, SPAN, 1);
  const flows = new Float64Array(SPAN.horizonDays);
  return Array.from({ length: PATHS }, (_, path) => {
    flows.fill(0);
    part.add(path, flows);
    return contract.days.map((day) => -(flows[day - 1] ?? 0));
  });
};

const meanOf = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

test('a contract is renewed and raised by the stated law: shares and means as computed by hand', () => {
  const paid = paidOn(CONTRACT);
  CONTRACT.days.forEach((_, k) => {
    const renewed = paid.map((path) => path[k] ?? 0).filter((amount) => amount > 0);
    const share = 0.94 ** (k + 1);
    const error = Math.sqrt((share * (1 - share)) / PATHS);
    assert.ok(Math.abs(renewed.length / PATHS - share) < 4 * error, `${renewed.length} of ${PATHS}`);
    // A lognormal of median 1.03^n and variance n .12^2.
    const [median, variance] = [800_000 * 1.03 ** (k + 1), (k + 1) * 0.12 ** 2];
    const mean = median * Math.exp(variance / 2);
    const spread = mean * Math.sqrt(Math.expm1(variance) / renewed.length);
    assert.ok(Math.abs(meanOf(renewed) - mean) < 4 * spread, `${meanOf(renewed)} ${mean}`);
    const below = renewed.filter((amount) => amount < median).length / renewed.length;
    assert.ok(Math.abs(below - 0.5) < 0.012, String(below));
  });
});

test('what was dropped stays dropped, and what is paid later follows what was paid before', () => {
  const paid = paidOn({ ...CONTRACT, probability: 0.6 });
  let product = 0;
  let count = 0;
  for (const [first = 0, second = 0, third = 0] of paid) {
    assert.ok(first > 0 || second === 0);
    assert.ok(second > 0 || third === 0);
    if (second === 0) continue;
    product += (Math.log(first / 824_000) * Math.log(second / 848_720)) / 0.12 ** 2;
    count += 1;
  }
  // Second logarithm = first + another of its kind: their covariance is the variance of the first.
  assert.ok(Math.abs(product / count - 1) < 0.05, String(product / count));
});

test('a stated amount is that of the next payment, and a longer horizon draws nothing anew', () => {
  const stated = paidOn({ ...CONTRACT, isPaidLast: false });
  const raised = paidOn(CONTRACT);
  const near = contractPart(CONTRACT, SPAN, 1);
  for (const path of [0, 1, 17, 400]) {
    assert.ok(Math.abs((stated[path]?.[0] ?? 0) * 1.03 - (raised[path]?.[0] ?? 0)) < 1e-6);
    const flows = new Float64Array(500);
    near.add(path, flows);
    assert.deepEqual([-(flows[39] ?? 0), -(flows[404] ?? 0)], raised[path]?.slice(0, 2));
  }
});

/** 100.00 a day, and a contract of 9,000.00 paid `ago` days before. */
const ledger = (ago: number, paidMinor = 900_000n): readonly HistoryDay[] =>
  daily(364, (k) => (k === ago ? -paidMinor - 10_000n : -10_000n)).map((day, k) =>
    k === ago
      ? {
          ...day,
          streams: [
            { stream: 'crm', inflowMinor: 0n, outflowMinor: paidMinor, inflowCount: 0, outflowCount: 1 },
          ],
        }
      : day,
  );

/** Next due `ahead` days after the forecast. */
const yearly = (ahead: number, changes: Partial<PlanItem & { kind: 'recurring' }> = {}): PlanItem => {
  const date = addDays(AS_OF, ahead);
  return {
    kind: 'recurring',
    id: 'contract-1',
    label: 'CRM',
    every: 'yearly',
    month: Number(date.slice(5, 7)),
    day: Number(date.slice(8)),
    amount: '-10000',
    jitter_std: '0',
    business_day: 'none',
    holidays: [],
    ...changes,
  } as PlanItem;
};

const runway = (items: readonly PlanItem[], changes: Partial<RunwayInput> = {}): RunwayForecast =>
  forecastRunway(runwayInput({ plan: { items, reasons: [] }, days: ledger(300), ...changes }));

const told = ({ inputsHash: _hash, reasons: _reasons, ...rest }: RunwayForecast): string =>
  canonicalJson(rest);

test('a firm contract is a payment as declared, to the byte', () => {
  const firm = runway([yearly(20, { renewal_probability: 1 })], { days: ledger(400), horizonDays: 500 });
  const certain = [20, 385].map(
    (ahead): PlanItem => ({
      kind: 'scheduled',
      id: `due-${ahead}`,
      label: 'CRM',
      date: addDays(AS_OF, ahead),
      amount: '-10000',
    }),
  );
  assert.equal(told(firm), told(runway(certain, { days: ledger(400), horizonDays: 500 })));
  const jittered = [{ renewal_probability: 1 }, {}].map((changes) =>
    runway([yearly(20, { ...changes, jitter_std: '500' })]),
  );
  assert.deepEqual(jittered[0], jittered[1]);
});

test('the ledger’s last payment is what is raised, and without one the stated amount is meant', () => {
  /** A balance that the contract alone can use up on day 20: survival tells how likely it costs more than `left`. */
  const alive = (days: readonly HistoryDay[], leftMinor: bigint): number =>
    runway([yearly(20)], {
      days,
      balanceMinor: leftMinor + 200_000n,
      paths: 8_000,
      horizonDays: 21,
    }).survivalCurve.at(-1)?.[1] ?? Number.NaN;
  // Half of the renewed cost more than the median: 9,270.00 where 9,000.00 were paid, 10,000.00 where nothing was seen.
  assert.ok(
    Math.abs(alive(ledger(345), 927_000n + 10_000n) - 0.53) < 0.05,
    String(alive(ledger(345), 937_000n)),
  );
  assert.ok(Math.abs(alive(ledger(400), 1_010_000n) - 0.53) < 0.05, String(alive(ledger(400), 1_010_000n)));
  assert.ok(Math.abs(alive(ledger(345), 100_000n) - 0.06) < 0.015, 'dropped by six in a hundred');
});

test('a contract that was paid some days early, or today, is not paid again until next year', () => {
  const none = runway([yearly(20, { renewal_probability: 0 })], { days: ledger(2) });
  for (const [ahead, ago] of [
    [2, 2],
    [0, 0],
    [0, 3],
  ] as const)
    assert.equal(runway([yearly(ahead)], { days: ledger(ago), horizonDays: 300 }).days.p95, none.days.p95);
  assert.ok((runway([yearly(0)], { days: ledger(400) }).days.p50 ?? 0) < (none.days.p50 ?? 0) - 20);
});

test('a contract of less than half a minor unit is one of nothing', () => {
  assert.equal(told(runway([yearly(20, { amount: '-0.004' })])), told(runway([])));
});

test('an uncertain payment out is no unsigned money', () => {
  assert.equal(runway([yearly(20)]).withoutUnsigned, null);
  const tranche: PlanItem = {
    kind: 'tranche',
    id: 'round',
    date: addDays(AS_OF, 40),
    amount: '20000',
    probability: 0.5,
    delay_days: { kind: 'none' },
  };
  const { withoutUnsigned } = runway([yearly(20), tranche]);
  assert.deepEqual(withoutUnsigned?.survivalCurve, runway([yearly(20)]).survivalCurve);
});

test('laws: cash, minimum and chance of renewal move the runway one way; order and items of zero change no byte', () => {
  const share = fc.double({ min: 0, max: 0.99, noNaN: true });
  const late = (days: number | null): number => days ?? Number.POSITIVE_INFINITY;
  const noLonger = (a: RunwayForecast, b: RunwayForecast): void => {
    for (const q of ['p5', 'p50', 'p95'] as const) assert.ok(late(a.days[q]) <= late(b.days[q]));
  };
  fc.assert(
    fc.property(
      share,
      share,
      fc.integer({ min: 1, max: 364 }),
      fc.bigInt(1n, 900_000n),
      (a, b, ahead, more) => {
        const options = { paths: 300 };
        const item = (renewal_probability: number): PlanItem => yearly(ahead, { renewal_probability });
        const base = runway([item(a)], options);
        noLonger(base, runway([item(a)], { ...options, balanceMinor: 1_000_000n + more }));
        noLonger(runway([item(a)], { ...options, minimumCashMinor: more }), base);
        noLonger(runway([item(Math.max(a, b))], options), runway([item(Math.min(a, b))], options));
        const other = yearly(90, { id: 'b', label: 'ERP', amount: '-3000' });
        const zero = yearly(30, { id: 'zero', label: 'nothing', amount: '0' });
        const both = runway([item(a), other], options);
        assert.equal(canonicalJson(runway([zero, other, item(a)], options)), canonicalJson(both));
      },
    ),
    { numRuns: 15 },
  );
});

test('the contract that breaks the bank is named, with what it costs there', () => {
  const { breaking } = runway([yearly(20)], { balanceMinor: 600_000n });
  assert.deepEqual([breaking?.label, breaking?.date], ['CRM', addDays(AS_OF, 20)]);
  const amount = Number(breaking?.amountMinor);
  assert.ok(amount > 850_000 && amount < 1_010_000, String(amount));
});

test('days that are expected bring the contract at its usual size', () => {
  const days = expectedDays(
    runwayInput({ days: ledger(345), plan: { items: [yearly(20)], reasons: [] } }),
    25,
  );
  const on = days.find(({ date }) => date === addDays(AS_OF, 20));
  const crm = on?.streams?.find(({ stream }) => stream === 'crm');
  assert.equal(crm?.outflowMinor, 927_000n);
  assert.deepEqual(
    days.filter(({ streams = [] }) => streams.some(({ stream }) => stream === 'crm')).map(({ date }) => date),
    [addDays(AS_OF, 20) as CivilDate],
  );
});

test('who states nothing of a contract’s renewal is told what is assumed', () => {
  const sentences = (item: PlanItem): number =>
    runway([item]).reasons.filter((reason) => reason.includes('renewal_probability')).length;
  assert.equal(sentences(yearly(20)), 1);
  assert.equal(sentences(yearly(20, { renewal_probability: 0.9 })), 0);
  assert.equal(sentences(yearly(20, { renewal_probability: 1 })), 0);
});
