/** Ledgers as organisations have them: few large payments, long quiet, and a level that wanders from year to year. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { NORMAL_90 } from '../../../shared/backtest/methods.ts';
import { adapted, CALIBRATED, RAW } from '../../../shared/backtest/model-methods.ts';
import { originsOf } from '../../../shared/backtest/origins.ts';
import type { Method } from '../../../shared/backtest/question.ts';
import { runCases } from '../../../shared/backtest/run.ts';
import { type Summary, summaries } from '../../../shared/backtest/summary.ts';
import { USD } from '../model/ledgers.ts';
import { linesOf, uniformAt } from './cases.ts';

const DAYS = 365 * 6;
const LEDGERS = 3;

/** One payment in eight days on average, sizes over three orders of magnitude, a level that changes by up to half each quarter. */
const unevenLedger = (seed: number) => {
  let level = 1;
  return linesOf(DAYS, (day) => {
    if (day % 91 === 0) level *= 0.6 + 0.9 * uniformAt(seed, 1_000_000 + day);
    if (uniformAt(seed, 3 * day) > 0.12) return 0n;
    const size = 5_000 / (0.02 + uniformAt(seed, 3 * day + 1)) ** 0.8;
    return -BigInt(Math.max(1, Math.round(level * size)));
  });
};

const cases = Array.from(
  { length: LEDGERS },
  (_, k) =>
    originsOf(
      { name: `ledger ${k}`, currency: USD, lines: unevenLedger(k + 1) },
      { leadDays: [30, 180], modes: ['spend'], paths: 200, seed: 0 },
    ).cases,
).flat();
const CAPSTACK = adapted();
const { scored } = runCases(cases, [CAPSTACK, CALIBRATED, RAW, NORMAL_90]);
const all = summaries(scored, 0);

const overall = ({ name }: Method): Summary => {
  const found = all.find(({ method, leadDays }) => method === name && leadDays === 'all');
  assert(found !== undefined);
  return found;
};
const coverage = (method: Method): number => overall(method).interval?.coverage.mean ?? Number.NaN;

for (const s of all) console.log(s.method, s.leadDays, s.forecasts, JSON.stringify(s.interval), s.crpsDays);
test('independent normal days hold far less than they promise', () => {
  assert(coverage(NORMAL_90) <= 0.8, String(coverage(NORMAL_90)));
});

test('the model holds nearly what it promises, and its forecasts lie closer', () => {
  assert(coverage(CAPSTACK) >= 0.84, String(coverage(CAPSTACK)));
  assert(overall(CAPSTACK).crpsDays < 0.85 * overall(NORMAL_90).crpsDays);
});

test('what a ledger has taught brings both sides closer to one miss in twenty', () => {
  const far = (method: Method): number => {
    const { belowP5 = Number.NaN, aboveP95 = Number.NaN } = overall(method).interval ?? {};
    return Math.abs(belowP5 - 0.05) + Math.abs(aboveP95 - 0.05);
  };
  assert(far(CAPSTACK) < far(CALIBRATED), `${far(CAPSTACK)} ${far(CALIBRATED)}`);
});
