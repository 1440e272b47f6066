import assert from 'node:assert/strict';
import type { HistoryDay } from '../../../shared/model/history.ts';
import { NO_PLAN } from '../../../shared/model/plan.ts';
import type { RunwayInput } from '../../../shared/model/runway.ts';
import { type Currency, currency } from '../../../shared/money/currency.ts';
import { addDays, type CivilDate, civilDate } from '../../../shared/time/civil-date.ts';

const usd = currency('USD');
const asOf = civilDate('2026-06-30');
assert(usd !== undefined && asOf !== undefined);

export const USD: Currency = usd;
/** A Tuesday. */
export const AS_OF: CivilDate = asOf;

/** A day `ago` days before the forecast on which this much moved. */
export const movement = (ago: number, netMinor: bigint): HistoryDay => ({
  date: addDays(AS_OF, -ago),
  netMinor,
  inflowMinor: netMinor > 0n ? netMinor : 0n,
  outflowMinor: netMinor < 0n ? -netMinor : 0n,
  outflowCount: netMinor < 0n ? 1 : 0,
});

/** The last `days` days, each with what moved that many days ago. */
export const daily = (days: number, netMinor: (ago: number) => bigint): readonly HistoryDay[] =>
  Array.from({ length: days }, (_, ago) => movement(ago, netMinor(ago)));

/** A year that burns 100.00 a day on average, unevenly: payroll every 14 days, and noise that repeats in no short cycle. */
export const uneven: readonly HistoryDay[] = daily(364, (ago) =>
  ago % 14 === 5 ? -100_000n : -2_000n - BigInt((ago * ago * 37) % 1_714),
);

/** A forecast of `uneven` from 10,000.00, to vary. */
export const runwayInput = (changes: Partial<RunwayInput> = {}): RunwayInput => ({
  asOf: AS_OF,
  horizonDays: 365,
  paths: 2_000,
  seed: 7,
  currency: USD,
  balanceMinor: 1_000_000n,
  minimumCashMinor: 0n,
  days: uneven,
  plan: NO_PLAN,
  ...changes,
});
