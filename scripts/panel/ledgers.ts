import { InvalidArgumentError } from 'commander';
import { LINEAR_30, LINEAR_90, NORMAL_90 } from '../../shared/backtest/methods.ts';
import { adapted, CALIBRATED, RAW } from '../../shared/backtest/model-methods.ts';
import { originsOf } from '../../shared/backtest/origins.ts';
import { runCases } from '../../shared/backtest/run.ts';
import { summaries } from '../../shared/backtest/summary.ts';
import { categoryOf, FUNDING, OPENING_BALANCE } from '../../shared/event/category.ts';
import { readLedger } from '../cli/forecast-ledger.ts';
import type { LedgerResult } from './calibration-page.ts';
import { LEAD_DAYS } from './companies.ts';

export interface NamedLedger {
  readonly name: string;
  readonly path: string;
}

/** Collects `name=file`; the name carries the licence. */
export const ledgerArgument = (text: string, before: readonly NamedLedger[]): readonly NamedLedger[] => {
  const split = text.lastIndexOf('=');
  if (split < 1) throw new InvalidArgumentError('write name=file, with the licence in the name');
  return [...before, { name: text.slice(0, split), path: text.slice(split + 1) }];
};

/** Plays one ledger against every method. */
export const scoreLedger = (
  { name, path }: NamedLedger,
  funding: readonly string[],
  paths: number,
): LedgerResult => {
  const { currency, lines } = readLedger(path, {});
  const raised = new Set([FUNDING, OPENING_BALANCE, ...funding]);
  const earnedOrSpent = lines.filter(({ category = '' }) => !raised.has(categoryOf(category)));
  const { origins, cases } = originsOf(
    { name, currency, lines: earnedOrSpent },
    { leadDays: LEAD_DAYS, paths, seed: 0 },
  );
  const methods = [adapted(), CALIBRATED, RAW, NORMAL_90, LINEAR_30, LINEAR_90];
  const { scored, declined } = runCases(cases, methods);
  return { name, origins, cases: cases.length - declined, summaries: summaries(scored, 0) };
};
