/** What is measured beyond the contract: the whole model on a year of a ledger, why its answer moved, and a backtest. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { explanation } from '../../shared/explain/explanation.ts';
import { dailyFlows } from '../../shared/ledger-file/daily-flow.ts';
import type { LedgerLine } from '../../shared/ledger-file/line.ts';
import { NO_PLAN } from '../../shared/model/plan.ts';
import { forecastRunway, type RunwayInput } from '../../shared/model/runway.ts';
import { currency } from '../../shared/money/currency.ts';
import { addDays, type CivilDate } from '../../shared/time/civil-date.ts';
import type { Size, Workload } from './workloads.ts';

export const EVENTS = 1000;
const DAYS = 364;
const AS_OF = '2026-01-01' as CivilDate;

const SPENDING = ['cloud', 'software', 'travel', 'legal', 'marketing'];

/** `years` years of 1,000 events each that burn some 9k a day: payroll twice a month, rent, customers, the rest as it falls. */
const ledgerLines = (years: number): LedgerLine[] =>
  Array.from({ length: years * EVENTS }, (_, event) => {
    const ago = event < 27 * years ? Math.floor(event * 13.5) : (event * 131) % (DAYS * years);
    const spread = (event * 7919) % 400_000;
    const line = { line: event + 2, date: addDays(AS_OF, -ago) };
    if (event < 27 * years) {
      const payroll = event % 2 === 0 ? -9_800_000 : -10_100_000;
      return { ...line, amountMinor: BigInt(payroll), category: 'payroll' };
    }
    if (event % 4 === 0) return { ...line, amountMinor: BigInt(40_000 + spread), category: 'revenue' };
    return {
      ...line,
      amountMinor: BigInt(-40_000 - spread),
      category: SPENDING[event % SPENDING.length] ?? 'other',
    };
  });

/** @param call moves the balance, so that no two calls ask the same */
const ledgerInput = ({ paths, horizonDays }: Size, days: RunwayInput['days'], call: number): RunwayInput => {
  const usd = currency('USD');
  if (usd === undefined) throw new Error('no USD');
  return {
    asOf: AS_OF,
    horizonDays,
    paths,
    seed: 42,
    currency: usd,
    balanceMinor: 240_000_000n + BigInt(call * 12_345),
    minimumCashMinor: 0n,
    days,
    plan: NO_PLAN,
  };
};

/** Each call has another past, and with it other paths. */
export const model = (size: Size): Workload => ({
  ...size,
  name: `forecastRunway ${size.paths / 1000}k x ${size.horizonDays}, ${EVENTS} events`,
  prepare: () => {
    const [first, ...rest] = dailyFlows(ledgerLines(1));
    if (first === undefined) throw new Error('no days');
    return (call) => {
      const days = [{ ...first, netMinor: first.netMinor - BigInt(call) }, ...rest];
      const input = ledgerInput(size, days, call);
      return () => forecastRunway(input);
    };
  },
});

/**
 * A payment of the day leaves another balance and the same past. The forecast before it is made before the clock starts: what else
 * is raced has left other paths behind.
 */
export const modelOfToday = (size: Size): Workload => ({
  ...size,
  name: `the same after a payment of the day, ${size.paths / 1000}k x ${size.horizonDays}`,
  prepare: () => {
    const days = dailyFlows(ledgerLines(1));
    return (call) => {
      forecastRunway(ledgerInput(size, days, 2 * call));
      const input = ledgerInput(size, days, 2 * call + 1);
      return () => forecastRunway(input);
    };
  },
});

/** Yesterday's forecast against today's, after a day with a payment in it. */
export const attribution = (size: Size): Workload => ({
  ...size,
  name: `explanation ${size.paths / 1000}k x ${size.horizonDays}, a day apart`,
  prepare: () => {
    const days = dailyFlows(ledgerLines(1));
    return (call) => {
      const newer = ledgerInput(size, days, call);
      const asOf = addDays(AS_OF, -1);
      const older = {
        ...newer,
        asOf,
        balanceMinor: newer.balanceMinor + 1_234_567n,
        days: days.filter(({ date }) => date <= asOf),
      };
      return () => explanation({ input: older }, newer);
    };
  },
});

export interface BacktestThroughput {
  readonly forecasts: number;
  readonly paths: number;
  readonly seconds: number;
  readonly forecastsPerSecond: number;
}

/** The CLI's backtest of a ledger of four years, in a process of its own, its start included. */
export const backtestThroughput = (): BacktestThroughput => {
  const folder = mkdtempSync(join(tmpdir(), 'capstack-bench-'));
  try {
    const file = join(folder, 'ledger.csv');
    const rows = ledgerLines(4).map(
      ({ date, amountMinor, category }) => `${date},${(Number(amountMinor) / 100).toFixed(2)},${category}`,
    );
    writeFileSync(file, `date,amount,category\n${rows.join('\n')}\n`);
    const cli = resolve(import.meta.dirname, '../cli/main.ts');
    const startedMs = performance.now();
    const flags = ['--disable-warning=ExperimentalWarning', cli, 'backtest', file, '--json'];
    const { stdout, stderr, status } = spawnSync(process.execPath, flags, { encoding: 'utf8' });
    const seconds = (performance.now() - startedMs) / 1000;
    if (status !== 0) throw new Error(`the backtest failed: ${stderr}`);
    const report: { summaries: { forecasts: number }[]; paths: number } = JSON.parse(stdout);
    const forecasts = report.summaries.reduce((sum, summary) => sum + summary.forecasts, 0);
    return { forecasts, paths: report.paths, seconds, forecastsPerSecond: forecasts / seconds };
  } finally {
    rmSync(folder, { recursive: true });
  }
};
