/** How much of an HTTP answer the readers of providers' APIs look at. */
export interface Answer {
  readonly status: number;
  readonly headers: { readonly get: (name: string) => string | null };
  readonly text: () => Promise<string>;
}

export type Ask = (
  url: string,
  init: {
    readonly method?: 'POST';
    readonly headers: Record<string, string>;
    readonly body?: string;
    /** Where the answer must come from the very address that was asked. */
    readonly redirect?: 'error' | 'manual';
    readonly signal: AbortSignal;
  },
) => Promise<Answer>;

/** Longer than this, the next run is the better time to ask. */
const MAX_WAIT_SECONDS = 20;
const DEFAULT_WAIT_SECONDS = 2;
const MAX_TRIES = 4;

/** Asks again where a provider says that it was asked too often, after as long as it says. */
export const patient =
  (ask: Ask, sleep: (ms: number) => Promise<unknown>): Ask =>
  async (url, init) => {
    for (let tried = 1; ; tried++) {
      const answer = await ask(url, init);
      const told = Number(answer.headers.get('retry-after') ?? DEFAULT_WAIT_SECONDS);
      const waitSeconds = Number.isFinite(told) && told >= 0 ? told : DEFAULT_WAIT_SECONDS;
      if (answer.status !== 429 || tried === MAX_TRIES || waitSeconds > MAX_WAIT_SECONDS) return answer;
      await sleep(waitSeconds * 1_000);
    }
  };
