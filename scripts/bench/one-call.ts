/** The first call in a fresh process, and what memory it came to. */
import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { type Spread, spreadOf } from './rounds.ts';
import { WORKLOADS } from './workloads.ts';

export interface FirstCall {
  readonly ms: number;
  readonly peakMemoryMb: number;
}

/** Runs one workload once, here. */
export const firstCall = (name: string): FirstCall => {
  const work = WORKLOADS.find((workload) => workload.name === name)?.prepare()(0);
  const startedMs = performance.now();
  work?.();
  const ms = performance.now() - startedMs;
  return { ms, peakMemoryMb: process.resourceUsage().maxRSS / 1024 };
};

const bench = resolve(import.meta.dirname, '../bench.ts');

/** Runs one workload once in each of `processes` processes. */
export const coldCalls = (name: string, processes: number): { ms: Spread; peakMemoryMb: Spread } => {
  const calls = Array.from({ length: processes }, () => {
    const flags = ['--disable-warning=ExperimentalWarning', bench, '--one-call', name];
    const { stdout, stderr, status } = spawnSync(process.execPath, flags, { encoding: 'utf8' });
    if (status !== 0) throw new Error(`${name} failed in a fresh process: ${stderr}`);
    return JSON.parse(stdout) as FirstCall;
  });
  return {
    ms: spreadOf(calls.map(({ ms }) => ms)),
    peakMemoryMb: spreadOf(calls.map(({ peakMemoryMb }) => peakMemoryMb)),
  };
};
