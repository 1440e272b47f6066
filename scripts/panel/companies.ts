import { casesOf } from '../../shared/backtest/panel.ts';
import type { Method } from '../../shared/backtest/question.ts';
import { runCases, type Scored } from '../../shared/backtest/run.ts';
import { progressOf } from '../demo/progress.ts';

export const LEAD_DAYS: readonly number[] = [30, 60, 90, 180];

export interface Companies {
  readonly scored: readonly Scored[];
  /** Companies that burn. */
  readonly companies: number;
  readonly notBurning: number;
  readonly declined: number;
}

/**
 * Puts every company to every method: by seed from `firstSeed`, until enough of them burn or a last seed is reached.
 * @param apart methods that draw paths of their own: each is asked for all balances in a row, which differ in nothing else
 */
export const scoreCompanies = (
  methods: readonly Method[],
  {
    firstSeed,
    lastSeed = Number.POSITIVE_INFINITY,
    companies,
    paths,
  }: {
    readonly firstSeed: number;
    readonly lastSeed?: number;
    readonly companies: number;
    readonly paths: number;
  },
  apart: readonly Method[] = [],
): Companies => {
  const steps = Math.min(companies, lastSeed - firstSeed + 1);
  const progress = progressOf('companies', steps, process.stderr);
  const scored: Scored[] = [];
  let [found, notBurning, declined] = [0, 0, 0];
  for (let seed = firstSeed; found < companies && seed <= lastSeed; seed += 1) {
    const cases = casesOf(seed, { leadDays: LEAD_DAYS, paths });
    if (cases.length === 0) notBurning += 1;
    else {
      found += 1;
      const run = runCases(cases, methods);
      scored.push(...run.scored, ...apart.flatMap((method) => runCases(cases, [method]).scored));
      declined += run.declined;
      progress.advance();
    }
  }
  progress.end();
  return { scored, companies: found, notBurning, declined };
};
