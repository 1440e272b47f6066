import { type DayDistribution, distributionOf, quantileOf } from '../../../shared/backtest/distribution.ts';
import type { Case, Question } from '../../../shared/backtest/question.ts';
import { draw, randomStream, uniformOf } from '../../../shared/forecast/random.ts';
import { simulate } from '../../../shared/forecast/simulate.ts';
import type { LedgerLine } from '../../../shared/ledger-file/line.ts';
import { addDays, type CivilDate } from '../../../shared/time/civil-date.ts';
import { AS_OF, USD } from '../model/ledgers.ts';

export const FIRST: CivilDate = '2020-01-01' as CivilDate;

/** One line a day from `FIRST` on; days on which nothing moved have none. */
export const linesOf = (days: number, amountMinor: (day: number) => bigint): readonly LedgerLine[] =>
  Array.from({ length: days }, (_, day) => ({
    line: day + 2,
    date: addDays(FIRST, day),
    amountMinor: amountMinor(day),
  })).filter((line) => line.amountMinor !== 0n);

/** A uniform number for each k, always the same. */
export const uniformAt = (seed: number, k: number): number => {
  const stream = randomStream(seed, 77);
  draw(stream, 0, k);
  return uniformOf(stream.words[0] ?? 0);
};

export const question = (changes: Partial<Question> = {}): Question => ({
  series: 'some ledger',
  asOf: AS_OF,
  historyFrom: addDays(AS_OF, -363),
  currency: USD,
  balanceMinor: 1_000_000n,
  lines: [],
  days: [],
  tranches: [],
  horizonDays: 365,
  paths: 500,
  seed: 0,
  ...changes,
});

/** Cash that lasts `meanDays` on average and is noisier the greater `dailyStd`, simulated. */
export const noisy = (meanDays: number, dailyStd: number, seed: number): DayDistribution =>
  distributionOf(
    simulate({
      horizonDays: 365,
      paths: 2_000,
      seed,
      openingCash: meanDays,
      scheduled: new Float64Array(365),
      residual: { kind: 'normal', dailyMean: -1, dailyStd },
      jitters: [],
      tranches: [],
    }),
  );

/** One case for each k: question k's outcome is drawn from the distribution that `truth` gives for k. */
export const drawnCases = (count: number, truth: (k: number) => DayDistribution): readonly Case[] =>
  Array.from({ length: count }, (_, k) => ({
    cluster: String(k),
    leadDays: 90,
    seenDays: 365,
    outcomeDays: quantileOf(truth(k), uniformAt(1, k)),
    question: question({ seed: k }),
  }));
