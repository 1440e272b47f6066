/** What asks providers by the clock, made to ask now. */
import type { LocalFunction } from './lambda.ts';

/** What came of it, by function: `ok`, or what went wrong. */
export type Asked = Readonly<Record<string, string>>;

/** Functions that ask somebody outside; the other hourly runs only look at what is here. */
const ASKING: ReadonlySet<string> = new Set(['pull', 'poll', 'product']);
const HOUR_MS = 3_600_000;

/**
 * Lets the hour strike for every function that asks providers. Most ask again only hours later, so their clocks may be set
 * ahead, and stay so: what they read is ranked by when they read it, and must not be told again from an earlier time.
 */
export const hourStriker =
  (functions: readonly LocalFunction[]) =>
  async (hoursLater: number): Promise<Asked> => {
    const asking = functions.filter(({ title }) => ASKING.has(title));
    for (const each of asking) each.setAhead(hoursLater * HOUR_MS);
    const results = await Promise.all(
      asking.map(async ({ title, invoke }) => {
        const result = await invoke({});
        return [title, result.ok ? 'ok' : result.error.errorMessage] as const;
      }),
    );
    return Object.fromEntries(results);
  };
