import { AsyncLocalStorage } from 'node:async_hooks';
import type { Random } from './random.ts';
import type { VirtualTime } from './virtual-time.ts';

export type Service =
  | 'ledger'
  | 'state'
  | 'cache'
  | 'buffer'
  | 'archive'
  | 'secrets'
  | 'stripe'
  | 'bus'
  | 'scaling';

/** One invocation of a step. Once dead, none of its calls is ever answered. */
interface Run {
  readonly step: string;
  readonly startedMs: number;
  dead: boolean;
  readonly die: () => void;
}

export type Outcome<Value> =
  | { readonly kind: 'done'; readonly value: Value }
  | { readonly kind: 'failed'; readonly error: unknown }
  | { readonly kind: 'crashed' };

/** A time in which a service does nothing at all. */
export interface Outage {
  readonly service: Service;
  readonly fromMs: number;
  readonly untilMs: number;
}

export interface FaultPlan {
  /** Chance of each kind of fault, per call. */
  readonly rate: number;
  readonly outages: readonly Outage[];
  /** Nothing fails from this instant on. */
  readonly untilMs: number;
}

export const NO_FAULTS: FaultPlan = { rate: 0, outages: [], untilMs: 0 };

const never = (): Promise<never> => new Promise(() => undefined);

export class ServiceFault extends Error {
  override readonly name = 'ServiceFault';
}

export interface Faults {
  /** Runs one step; the calls it makes belong to its run. */
  readonly execute: <Value>(step: string, body: () => Promise<Value>) => Promise<Outcome<Value>>;
  /** One call of a service: slow, refused, answered into the void, or the end of the run. */
  readonly call: <Result>(service: Service, effect: () => Result | Promise<Result>) => Promise<Result>;
  /** A service is replaced: runs that began with the old one fail on it. */
  readonly replaced: (service: Service) => void;
  readonly running: () => number;
  readonly counts: Readonly<Record<string, number>>;
}

/** How long a call takes: mostly little, seldom so long that much happens meanwhile. */
const latency = (random: Random): number =>
  random.chance(0.02) ? random.between(1_000, 8_000) : random.between(1, 40);

export const faultInjector = (time: VirtualTime, random: Random, plan: FaultPlan): Faults => {
  const runs = new AsyncLocalStorage<Run>();
  const counts: Record<string, number> = {};
  const replacedMs = new Map<Service, number>();
  let running = 0;
  const count = (what: string): void => {
    counts[what] = (counts[what] ?? 0) + 1;
  };
  const isOut = (service: Service): boolean =>
    plan.outages.some(
      (outage) =>
        outage.service === service && outage.fromMs <= time.nowMs() && time.nowMs() < outage.untilMs,
    );
  const strikes = (): boolean => time.nowMs() < plan.untilMs && random.chance(plan.rate);

  const execute: Faults['execute'] = async (step, body) => {
    running += 1;
    try {
      return await new Promise((resolve) => {
        const run: Run = {
          step,
          startedMs: time.nowMs(),
          dead: false,
          die: () => {
            count(`${step} crashed`);
            run.dead = true;
            resolve({ kind: 'crashed' });
          },
        };
        runs.run(run, () =>
          body().then(
            (value) => resolve({ kind: 'done', value }),
            (error) => resolve({ kind: 'failed', error }),
          ),
        );
      });
    } finally {
      running -= 1;
    }
  };

  const call: Faults['call'] = async (service, effect) => {
    const run = runs.getStore();
    // What the world itself looks up happens at once.
    if (run === undefined) return await effect();
    await time.sleep(latency(random));
    if (run.dead) return never();
    if (isOut(service) || run.startedMs < (replacedMs.get(service) ?? 0)) {
      count(`${service} unavailable`);
      throw new ServiceFault(`${service} is unavailable`);
    }
    if (strikes()) {
      count(`${service} refused`);
      throw new ServiceFault(`${service} is throttled`);
    }
    if (strikes()) {
      run.die();
      return never();
    }
    const result = await effect();
    if (strikes()) {
      count(`${service} answer lost`);
      await time.sleep(latency(random));
      throw new ServiceFault(`${service} timed out`);
    }
    if (strikes()) {
      run.die();
      return never();
    }
    if (random.chance(0.2)) await time.sleep(latency(random));
    return run.dead ? never() : result;
  };

  return {
    execute,
    call,
    replaced: (service) => {
      replacedMs.set(service, time.nowMs());
    },
    running: () => running,
    counts,
  };
};
