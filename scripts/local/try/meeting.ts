/** Lets stories that are played at the same time wait for each other, because the hour strikes for all of them at once. */

export interface Meeting {
  /** Resolves once every story that is still played waits too, and the hour has struck. */
  readonly wait: (hoursLater: number) => Promise<void>;
  /** To be called by each story at its end. */
  readonly leave: () => void;
}

/** @param strike lets the hour strike, by so many hours later than the last time. */
export const meetingOf = (count: number, strike: (hoursLater: number) => Promise<void>): Meeting => {
  let playing = count;
  let waiting: { readonly hoursLater: number; readonly settle: (struck: Promise<void>) => void }[] = [];
  const strikeWhenAllWait = (): void => {
    if (waiting.length === 0 || waiting.length < playing) return;
    const struck = strike(Math.max(...waiting.map(({ hoursLater }) => hoursLater)));
    for (const { settle } of waiting) settle(struck);
    waiting = [];
  };
  return {
    wait: (hoursLater) =>
      new Promise((settle) => {
        waiting.push({ hoursLater, settle });
        strikeWhenAllWait();
      }),
    leave: () => {
      playing -= 1;
      strikeWhenAllWait();
    },
  };
};
