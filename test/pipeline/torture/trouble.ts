/** One thing that goes wrong at one call of one dependency, and runs that may end there. */

/** What a call may come to. Who dies is never answered and answers nobody. */
export const TROUBLES = ['dies before', 'dies after', 'is throttled', 'loses the answer'] as const;
export type Trouble = (typeof TROUBLES)[number];

export interface Troubled {
  /** Every call of a dependency goes through here. */
  readonly call: <Result>(service: string, effect: () => Result | Promise<Result>) => Promise<Result>;
  /** Runs a step; undefined where it died or threw. */
  readonly run: <Value>(step: () => Promise<Value>) => Promise<Value | undefined>;
  /** Nothing goes wrong any more. */
  readonly end: () => void;
  /** The services called, in order. */
  readonly calls: readonly string[];
}

/** As the table says it: an error by its name. */
const throttled = (index: number): Error =>
  Object.assign(new Error('Rate exceeded'), {
    name: index % 2 === 0 ? 'ProvisionedThroughputExceededException' : 'ThrottlingException',
  });

const never = (): Promise<never> => new Promise(() => undefined);

/** @param troubleAt what the call of this index comes to, all calls of all runs counted. */
export const troubled = (troubleAt: (index: number) => Trouble | undefined = () => undefined): Troubled => {
  const calls: string[] = [];
  let die = (): void => undefined;
  let isOver = false;
  return {
    calls,
    end: () => {
      isOver = true;
    },
    call: async (service, effect) => {
      const index = calls.push(service) - 1;
      const trouble = isOver ? undefined : troubleAt(index);
      // The run that makes the call is the one that dies, however many others began since.
      const dies = die;
      if (trouble === 'is throttled') throw throttled(index);
      if (trouble === 'dies before') {
        dies();
        return never();
      }
      const result = await effect();
      if (trouble === 'loses the answer') throw new Error('socket hang up');
      if (trouble !== 'dies after') return result;
      dies();
      return never();
    },
    run: (step) =>
      new Promise((resolve) => {
        die = () => resolve(undefined);
        step().then(resolve, () => resolve(undefined));
      }),
  };
};
