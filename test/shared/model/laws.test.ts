/** What must hold for any ledger, any plan and any balance: of `forecastRunway`, whatever it is made of. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { canonicalJson } from '../../../shared/canonical/canonical.ts';
import type { HistoryDay, StreamFlow } from '../../../shared/model/history.ts';
import { forecastRunway, type RunwayForecast, type RunwayInput } from '../../../shared/model/runway.ts';
import type { PlanItem } from '../../../shared/scenario/items.ts';
import { addDays, weekday } from '../../../shared/time/civil-date.ts';
import { AS_OF, runwayInput } from './ledgers.ts';

interface Payment {
  readonly ago: number;
  readonly stream: string;
  readonly amountMinor: bigint;
}

const dayOf = (ago: number, payments: readonly Payment[]): HistoryDay => {
  const streams = [...Map.groupBy(payments, ({ stream }) => stream)].map(([stream, ofStream]): StreamFlow => {
    const sums = { stream, inflowMinor: 0n, outflowMinor: 0n, inflowCount: 0, outflowCount: 0 };
    for (const { amountMinor } of ofStream)
      if (amountMinor < 0n) {
        sums.outflowMinor -= amountMinor;
        sums.outflowCount += 1;
      } else {
        sums.inflowMinor += amountMinor;
        sums.inflowCount += 1;
      }
    return sums;
  });
  const inflowMinor = streams.reduce((sum, flow) => sum + flow.inflowMinor, 0n);
  const outflowMinor = streams.reduce((sum, flow) => sum + flow.outflowMinor, 0n);
  return {
    date: addDays(AS_OF, -ago),
    netMinor: inflowMinor - outflowMinor,
    inflowMinor,
    outflowMinor,
    outflowCount: streams.reduce((sum, flow) => sum + flow.outflowCount, 0),
    streams,
  };
};

const daysOf = (payments: readonly Payment[]): readonly HistoryDay[] =>
  [...Map.groupBy(payments, ({ ago }) => ago)].map(([ago, ofDay]) => dayOf(ago, ofDay));

/** Half a year of a company with payroll every other Friday, rent, seats, card payments and some income. */
const someLedger: fc.Arbitrary<readonly Payment[]> = fc
  .record({
    payroll: fc.integer({ min: 200_000, max: 3_000_000 }),
    rent: fc.integer({ min: 50_000, max: 500_000 }),
    cards: fc.array(fc.integer({ min: 100, max: 90_000 }), { minLength: 182, maxLength: 182 }),
    income: fc.array(fc.integer({ min: 0, max: 200_000 }), { minLength: 182, maxLength: 182 }),
  })
  .map(({ payroll, rent, cards, income }) =>
    Array.from({ length: 182 }, (_, ago) => {
      const date = addDays(AS_OF, -ago);
      const paid = (stream: string, amount: number): Payment => ({
        ago,
        stream,
        amountMinor: BigInt(amount),
      });
      return [
        ...(ago % 14 === 4 ? [paid('payroll', -payroll - (ago % 5) * 1_000)] : []),
        ...(date.endsWith('-01') ? [paid('rent', -rent)] : []),
        ...(ago % 3 === 0 ? [paid('card', -(cards[ago] ?? 0))] : []),
        ...(weekday(date) < 6 ? [paid('revenue', income[ago] ?? 0)] : []),
      ];
    }).flat(),
  );

const someBalance = fc.bigInt({ min: 500_000n, max: 40_000_000n });
const runs = { numRuns: 12 };
const late = (days: number | null): number => days ?? Number.POSITIVE_INFINITY;

const forecast = (
  payments: readonly Payment[],
  balanceMinor: bigint,
  changes: Partial<RunwayInput> = {},
): RunwayForecast =>
  forecastRunway(
    runwayInput({ paths: 300, horizonDays: 200, days: daysOf(payments), balanceMinor, ...changes }),
  );

const told = ({ inputsHash: _hash, ...rest }: RunwayForecast): string => canonicalJson(rest);

const plan = (...items: readonly PlanItem[]): RunwayInput['plan'] => ({ items, reasons: [] });

const tranche = (probability: number): PlanItem => ({
  kind: 'tranche',
  id: 'round',
  date: addDays(AS_OF, 40),
  amount: '60000',
  probability,
  delay_days: { kind: 'gamma', mean: 20, std: 15 },
});

/** No day of the first comes later than the same of the second, and no day is survived more often. */
const isNoLonger = (shorter: RunwayForecast, longer: RunwayForecast): void => {
  for (const q of ['p5', 'p50', 'p95'] as const) assert(late(shorter.days[q]) <= late(longer.days[q]), q);
  shorter.survivalCurve.forEach(([day, share], k) => {
    assert(share <= (longer.survivalCurve[k]?.[1] ?? 0), `day ${day}`);
  });
};

test('law: more cash, or less that has to stay, never shortens the runway', () => {
  const more = fc.bigInt({ min: 0n, max: 10_000_000n });
  fc.assert(
    fc.property(someLedger, someBalance, more, (ledger, balanceMinor, moreMinor) => {
      const base = forecast(ledger, balanceMinor);
      isNoLonger(base, forecast(ledger, balanceMinor + moreMinor));
      isNoLonger(forecast(ledger, balanceMinor, { minimumCashMinor: moreMinor / 10n }), base);
    }),
    runs,
  );
});

test('law: a likelier tranche never shortens the runway, and without it the runway is the same', () => {
  const chance = fc.double({ min: 0.01, max: 0.99, noNaN: true });
  fc.assert(
    fc.property(someLedger, someBalance, chance, chance, (ledger, balanceMinor, a, b) => {
      const [unlikely, likely] = [Math.min(a, b), Math.max(a, b)].map((probability) =>
        forecast(ledger, balanceMinor, { plan: plan(tranche(probability)) }),
      );
      assert(unlikely !== undefined && likely !== undefined);
      isNoLonger(unlikely, likely);
      const none = forecast(ledger, balanceMinor);
      isNoLonger(none, unlikely);
      assert.deepEqual(unlikely.withoutUnsigned, likely.withoutUnsigned);
      assert.deepEqual(unlikely.withoutUnsigned?.days, none.days);
      assert.deepEqual(unlikely.withoutUnsigned?.survivalCurve, none.survivalCurve);
      assert.equal(none.withoutUnsigned, null);
    }),
    runs,
  );
});

test('law: counting in another unit of money changes no day', () => {
  fc.assert(
    fc.property(
      someLedger,
      someBalance,
      fc.bigInt({ min: 2n, max: 1_000n }),
      (ledger, balanceMinor, factor) => {
        const one = forecast(ledger, balanceMinor);
        const scaled = ledger.map((payment) => ({ ...payment, amountMinor: payment.amountMinor * factor }));
        const other = forecast(scaled, balanceMinor * factor);
        assert.deepEqual([other.days, other.survivalCurve], [one.days, one.survivalCurve]);
      },
    ),
    runs,
  );
});

test('law: what moves nothing changes no byte', () => {
  const nothing: PlanItem = { kind: 'scheduled', id: 'zero', date: addDays(AS_OF, 9), amount: '0' };
  fc.assert(
    fc.property(someLedger, someBalance, (ledger, balanceMinor) => {
      const zeros = [3, 77, 140].map((ago) => ({ ago, stream: 'nothing', amountMinor: 0n }));
      assert.equal(
        canonicalJson(forecast([...ledger, ...zeros], balanceMinor, { plan: plan(nothing) })),
        canonicalJson(forecast(ledger, balanceMinor)),
      );
    }),
    runs,
  );
});

test('law: a payment in two halves on one day forecasts what it does in one', () => {
  fc.assert(
    fc.property(someLedger, someBalance, (ledger, balanceMinor) => {
      const halves = ledger.flatMap((payment) => {
        const half = payment.amountMinor / 2n;
        return [
          { ...payment, amountMinor: half },
          { ...payment, amountMinor: payment.amountMinor - half },
        ];
      });
      assert.equal(told(forecast(halves, balanceMinor)), told(forecast(ledger, balanceMinor)));
    }),
    runs,
  );
});

test('law: a longer horizon leaves the days before as they are', () => {
  fc.assert(
    fc.property(someLedger, someBalance, fc.integer({ min: 35, max: 199 }), (ledger, balanceMinor, days) => {
      const near = forecast(ledger, balanceMinor, { horizonDays: days, plan: plan(tranche(0.7)) });
      const far = forecast(ledger, balanceMinor, { plan: plan(tranche(0.7)) });
      for (const q of ['p5', 'p50', 'p95'] as const)
        if (near.days[q] !== null || late(far.days[q]) <= days) assert.equal(near.days[q], far.days[q], q);
      for (const [day, share] of near.survivalCurve.slice(0, -1))
        assert.equal(share, far.survivalCurve.find(([other]) => other === day)?.[1]);
      assert.deepEqual(near.cashBand.slice(0, -1), far.cashBand.slice(0, near.cashBand.length - 1));
    }),
    runs,
  );
});

test('law: a quantile is the first day by which its share of the paths has run out', () => {
  fc.assert(
    fc.property(someLedger, someBalance, (ledger, balanceMinor) => {
      const { days, survivalCurve } = forecast(ledger, balanceMinor);
      for (const [q, share] of [
        [days.p5, 0.05],
        [days.p50, 0.5],
        [days.p95, 0.95],
      ] as const)
        for (const [day, survived] of survivalCurve)
          assert.equal(late(q) <= day, 1 - survived >= share - 1e-9, `${q} and ${survived} on ${day}`);
    }),
    runs,
  );
});

test('law: neither the order of days nor what was forecast before changes a byte', () => {
  fc.assert(
    fc.property(someLedger, someBalance, (ledger, balanceMinor) => {
      const once = canonicalJson(forecast(ledger, balanceMinor));
      assert.equal(canonicalJson(forecast(ledger.toReversed(), balanceMinor)), once);
      forecast(ledger.slice(0, 200), 1_000_000n);
      assert.equal(canonicalJson(forecast(ledger, balanceMinor)), once);
    }),
    runs,
  );
});

test('law: cash as required lifts p5 to the runway wanted, and a percent less does no more', () => {
  fc.assert(
    fc.property(someLedger, someBalance, (ledger, balanceMinor) => {
      const required = forecast(ledger, balanceMinor).requiredCash[90];
      assert(required !== null);
      assert(late(forecast(ledger, required).days.p5) >= 90);
      // What a percent less gives is a day or more too short, unless nothing moves in between.
      assert(late(forecast(ledger, (required * 990n) / 1_000n).days.p5) <= 90);
    }),
    runs,
  );
});
