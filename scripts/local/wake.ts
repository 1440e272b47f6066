/** A pause that ends early: when something happened, or when everything stops. */
export interface Wake {
  /** Something happened: whoever pauses goes on. */
  readonly ring: () => void;
  readonly stop: () => void;
  readonly stopped: () => boolean;
  /** Whether it rang within the last `ms`. */
  readonly isRecent: (ms: number) => boolean;
  /** Until `ms` are over, it rings or all stops. */
  readonly pause: (ms: number) => Promise<void>;
  /** As `pause`, but ringing does not shorten it. */
  readonly pauseUnlessStopped: (ms: number) => Promise<void>;
}

export const wake = (): Wake => {
  let isStopped = false;
  let rangAtMs = Number.NEGATIVE_INFINITY;
  /** It rang while nobody paused: the next pause does not wait. */
  let pending = false;
  const ringListeners = new Set<() => void>();
  const stopListeners = new Set<() => void>();

  const pauseWith = (listeners: readonly Set<() => void>[], ms: number): Promise<void> =>
    new Promise((resolve) => {
      if (isStopped) return resolve();
      const end = (): void => {
        clearTimeout(timer);
        for (const each of listeners) each.delete(end);
        resolve();
      };
      const timer = setTimeout(end, ms);
      for (const each of listeners) each.add(end);
    });

  return {
    ring: () => {
      rangAtMs = performance.now();
      pending = ringListeners.size === 0;
      for (const listener of [...ringListeners]) listener();
    },
    stop: () => {
      isStopped = true;
      for (const listener of [...ringListeners, ...stopListeners]) listener();
    },
    stopped: () => isStopped,
    isRecent: (ms) => performance.now() - rangAtMs < ms,
    pause: async (ms) => {
      if (!pending) await pauseWith([ringListeners, stopListeners], ms);
      pending = false;
    },
    pauseUnlessStopped: (ms) => pauseWith([stopListeners], ms),
  };
};
