/**
 * `npm run bench`: how long a forecast takes, beside what it would take written the plain way, on this machine and now.
 * Absolute times depend on who else uses the machine; ratios are taken round by round and hold better.
 */
import { cpus } from 'node:os';
import { Command } from 'commander';
import { type BacktestThroughput, backtestThroughput } from './bench/ledger-workloads.ts';
import { naiveForecast } from './bench/naive-port.ts';
import { type NumpyBaseline, numpyBaseline } from './bench/numpy.ts';
import { coldCalls, firstCall } from './bench/one-call.ts';
import type { Latency } from './bench/pipeline.ts';
import { type Contestant, race, type Spread, type Timing, timed } from './bench/rounds.ts';
import { burnScenario, SIZES, type Size, WORKLOADS } from './bench/workloads.ts';
import { wholeNumber } from './cli/argument.ts';
import { printTable } from './cli/table.ts';

interface Options {
  readonly rounds: number;
  readonly json?: true;
  readonly pipeline?: true;
  readonly oneCall?: string;
}

interface Row extends Timing, Size {
  readonly cold?: { readonly ms: Spread; readonly peakMemoryMb: Spread };
}

const COLD_PROCESSES = 3;
/** NumPy keeps every path of every day: at the larger sizes that is gigabytes. */
const NUMPY_PATHS_MAX = 10_000;

const number = (value: number): string =>
  value < 10 ? value.toFixed(2) : value.toFixed(value < 100 ? 1 : 0);

const spread = ({ median, min, max }: Spread, unit = ''): string =>
  `${number(median)}${unit} [${number(min)}..${number(max)}]`;

const baselinesOf = (size: Size, numpy: NumpyBaseline | undefined): Contestant[] => {
  const scenario = burnScenario(size);
  const naive = { name: 'naive TypeScript', runMs: timed(() => () => naiveForecast(scenario)) };
  if (numpy === undefined || size.paths > NUMPY_PATHS_MAX) return [naive];
  return [naive, { name: 'NumPy', runMs: () => numpy.runMs(scenario) }];
};

const measured = async (size: Size, rounds: number, numpy: NumpyBaseline | undefined): Promise<Row[]> => {
  const workloads = WORKLOADS.filter(
    ({ paths, horizonDays }) => paths === size.paths && horizonDays === size.horizonDays,
  );
  const contestants = workloads.map(({ name, prepare }) => ({ name, runMs: timed(prepare()) }));
  const timings = await race(contestants, baselinesOf(size, numpy), rounds);
  return timings.map((timing) => ({
    ...timing,
    ...size,
    ...(workloads.some(({ name }) => name === timing.name) && {
      cold: coldCalls(timing.name, COLD_PROCESSES),
    }),
  }));
};

const print = (rows: readonly Row[]): void =>
  printTable(
    ['forecast', 'paths x days', 'hot', 'x naive TypeScript', 'x NumPy', 'first call', 'peak memory'],
    rows.map(({ name, paths, horizonDays, ms, speedup, cold }) => [
      name,
      `${paths} x ${horizonDays}`,
      spread(ms, ' ms'),
      ...['naive TypeScript', 'NumPy'].map((baseline) => {
        const ratio = speedup[baseline];
        return ratio === undefined ? '' : spread(ratio);
      }),
      cold === undefined ? '' : spread(cold.ms, ' ms'),
      cold === undefined ? '' : `${number(cold.peakMemoryMb.median)} MB`,
    ]),
    2,
  );

const sentenceOf = ({ forecasts, paths, seconds, forecastsPerSecond }: BacktestThroughput): string =>
  `backtest: ${forecasts} forecasts of ${paths} paths in ${number(seconds)} s, ${number(forecastsPerSecond)} a second\n`;

const printLatencies = (latencies: readonly Latency[]): void =>
  printTable(
    ['local pipeline', 'p50', 'p95', 'count', ''],
    latencies.map(({ name, p50Ms, p95Ms, count, note }) => [
      name,
      `${number(p50Ms)} ms`,
      `${number(p95Ms)} ms`,
      count?.toString() ?? '',
      note,
    ]),
  );

/** Loaded only when asked for: it brings the whole local runtime along. */
const latenciesOfPipeline = async (): Promise<Latency[]> => {
  const { pipelineLatencies } = await import('./bench/pipeline.ts');
  return pipelineLatencies((line) => process.stderr.write(`${line}\n`));
};

const run = async ({ rounds, json, pipeline }: Options): Promise<void> => {
  const numpy = await numpyBaseline();
  const machine = {
    cpu: cpus()[0]?.model ?? 'unknown',
    cpus: cpus().length,
    node: process.version,
    numpy: numpy?.version ?? 'absent: no python3 with NumPy here, so no ratio to it',
  };
  const rows: Row[] = [];
  // The model at 2,000 paths has its own sizes; their baselines have as many.
  for (const size of [...SIZES, { paths: 2000, horizonDays: 365 }, { paths: 2000, horizonDays: 730 }]) {
    process.stderr.write(`${size.paths} x ${size.horizonDays} ...\n`);
    rows.push(...(await measured(size, size.paths > NUMPY_PATHS_MAX ? Math.min(rounds, 3) : rounds, numpy)));
  }
  numpy?.stop();
  process.stderr.write('backtest ...\n');
  const backtest = backtestThroughput();
  const latencies = pipeline && (await latenciesOfPipeline());
  if (json)
    process.stdout.write(`${JSON.stringify({ machine, rounds, rows, backtest, latencies }, null, 2)}\n`);
  else {
    process.stdout.write(
      `${machine.cpu}, ${machine.cpus} CPUs, Node ${machine.node}; NumPy: ${machine.numpy}\n`,
    );
    process.stdout.write(`${rounds} rounds; median [smallest..largest]; a ratio above 1 is faster\n`);
    print(rows);
    process.stdout.write(sentenceOf(backtest));
    if (latencies) printLatencies(latencies);
  }
};

/** Functions run in UTC, and the local ones in threads of this process. */
process.env['TZ'] = 'UTC';
const command = new Command('bench')
  .description('Time forecasts against plain ways to the same answer, in the same run.')
  .option('--rounds <n>', 'rounds that count, 3 at most for 100,000 paths', wholeNumber(1, 100), 7)
  .option('--json', 'print numbers for machines')
  .option('--pipeline', 'time the whole local pipeline as well')
  .option('--one-call <name>', 'run one forecast once, and print what it took')
  .parse();
const options = command.opts<Options>();
if (options.oneCall === undefined) await run(options);
else process.stdout.write(JSON.stringify(firstCall(options.oneCall)));
