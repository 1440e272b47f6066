/** Interleaved rounds: every contestant runs once a round, so that a busy machine slows all of them alike. */

export interface Contestant {
  readonly name: string;
  /** Runs one round; resolves to what a call took. */
  readonly runMs: () => Promise<number>;
}

export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

export const spreadOf = (values: readonly number[]): Spread => {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (q: number): number => sorted[Math.floor(q * (sorted.length - 1))] ?? Number.NaN;
  const middle = (at(0.5) + (sorted[Math.ceil((sorted.length - 1) / 2)] ?? Number.NaN)) / 2;
  return { median: middle, min: at(0), max: at(1) };
};

export interface Timing {
  readonly name: string;
  readonly ms: Spread;
  /** How many times as fast as each baseline: the spread of the ratios of single rounds. */
  readonly speedup: Readonly<Record<string, Spread>>;
}

/** A round of short calls goes on for this long, or for so many, and counts as their mean. */
const ROUND_MS = 60;
const ROUND_CALLS = 200;

/** Times calls that each have an input of their own, made before the clock starts. */
export const timed = (make: (call: number) => () => unknown): (() => Promise<number>) => {
  let call = 0;
  return async () => {
    let ms = 0;
    let calls = 0;
    for (; calls === 0 || (ms < ROUND_MS && calls < ROUND_CALLS); calls += 1) {
      const work = make(call);
      call += 1;
      const startedMs = performance.now();
      work();
      ms += performance.now() - startedMs;
    }
    return ms / calls;
  };
};

/** Runs `rounds` rounds after one that does not count. */
export const race = async (
  contestants: readonly Contestant[],
  baselines: readonly Contestant[],
  rounds: number,
): Promise<Timing[]> => {
  const all = [...contestants, ...baselines];
  const times = all.map(() => [] as number[]);
  for (let round = 0; round <= rounds; round += 1)
    for (const [k, { runMs }] of all.entries()) {
      const ms = await runMs();
      if (round > 0) times[k]?.push(ms);
    }
  const ratios = (k: number, baseline: number): Spread =>
    spreadOf((times[baseline] ?? []).map((ms, round) => ms / (times[k]?.[round] ?? Number.NaN)));
  return all.map(({ name }, k) => ({
    name,
    ms: spreadOf(times[k] ?? []),
    speedup: Object.fromEntries(
      baselines.flatMap((baseline, b) =>
        k === contestants.length + b ? [] : [[baseline.name, ratios(k, contestants.length + b)]],
      ),
    ),
  }));
};
