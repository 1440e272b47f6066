/** A clock that jumps: nothing waits for real, and what is due at one instant happens in the order it was asked for. */
export interface VirtualTime {
  readonly nowMs: () => number;
  readonly sleep: (ms: number) => Promise<void>;
  readonly at: (ms: number, act: () => void) => void;
  /** Lets time pass until `untilMs`, or until `enough` says so between two instants. */
  readonly run: (untilMs: number, enough?: () => boolean) => Promise<void>;
}

interface Due {
  readonly ms: number;
  readonly order: number;
  readonly act: () => void;
}

const before = (a: Due, b: Due): boolean => a.ms < b.ms || (a.ms === b.ms && a.order < b.order);

/** A binary heap: the earliest is first. */
const agenda = () => {
  const heap: Due[] = [];
  const swap = (i: number, j: number): void => {
    [heap[i], heap[j]] = [heap[j] as Due, heap[i] as Due];
  };
  const precedes = (i: number, j: number): boolean => before(heap[i] as Due, heap[j] as Due);
  return {
    first: () => heap[0],
    push: (due: Due): void => {
      heap.push(due);
      for (let i = heap.length - 1; i > 0 && precedes(i, (i - 1) >> 1); i = (i - 1) >> 1)
        swap(i, (i - 1) >> 1);
    },
    shift: (): Due | undefined => {
      const first = heap[0];
      const last = heap.pop();
      if (heap.length > 0 && last !== undefined) heap[0] = last;
      for (let i = 0; ; ) {
        let least = i;
        for (const child of [2 * i + 1, 2 * i + 2])
          if (child < heap.length && precedes(child, least)) least = child;
        if (least === i) return first;
        swap(i, least);
        i = least;
      }
    },
  };
};

/** Every promise that can settle without time passing has settled after this. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

export const virtualTime = (startMs: number): VirtualTime => {
  const due = agenda();
  let nowMs = startMs;
  let order = 0;
  const at = (ms: number, act: () => void): void =>
    due.push({ ms: Math.max(ms, nowMs), order: order++, act });
  return {
    nowMs: () => nowMs,
    at,
    sleep: (ms) => new Promise((resolve) => at(nowMs + ms, resolve)),
    run: async (untilMs, enough = () => false) => {
      await settled();
      while (!enough()) {
        const next = due.first();
        if (next === undefined || next.ms > untilMs) break;
        due.shift();
        nowMs = next.ms;
        next.act();
        await settled();
      }
      if (!enough()) nowMs = Math.max(nowMs, untilMs);
    },
  };
};
