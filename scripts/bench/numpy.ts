/** The NumPy baseline in a Python process that stays up, so that its start counts for nothing. */
import { spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import type { BurnScenario } from './naive-port.ts';

export interface NumpyBaseline {
  readonly version: string;
  readonly runMs: (scenario: BurnScenario) => Promise<number>;
  readonly stop: () => void;
}

/** Undefined where there is no python3, or no NumPy in it. */
export const numpyBaseline = async (): Promise<NumpyBaseline | undefined> => {
  const python = spawn('python3', [resolve(import.meta.dirname, 'numpy_baseline.py')], {
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  python.on('error', () => undefined);
  python.stdin.on('error', () => undefined);
  const lines = createInterface({ input: python.stdout })[Symbol.asyncIterator]();
  const next = async (): Promise<Record<string, unknown> | undefined> => {
    const { value, done } = await lines.next();
    return done === true ? undefined : JSON.parse(value);
  };
  const hello = await next();
  if (hello === undefined) return undefined;
  return {
    version: `NumPy ${hello['numpy']} on Python ${hello['python']}`,
    runMs: async (scenario) => {
      const request = {
        cash: scenario.cash,
        mean: scenario.dailyBurnMean,
        std: scenario.dailyBurnStd,
        tranche: scenario.trancheAmount,
        tranche_day: scenario.trancheDay,
        days: scenario.horizonDays,
        paths: scenario.paths,
      };
      python.stdin.write(`${JSON.stringify(request)}\n`);
      return Number((await next())?.['ms']);
    },
    stop: () => python.kill(),
  };
};
