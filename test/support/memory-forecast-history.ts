import type { ForecastHistory, ToldForecast } from '../../shared/aws/forecast-history.ts';

/** Each day's last forecast in memory, with its fence. */
export const memoryForecastHistory = (
  around: <Result>(run: () => Result) => Promise<Result> = async (run) => run(),
): ForecastHistory => {
  const kept = new Map<string, ToldForecast>();
  return {
    put: (tenant, told) =>
      around(() => {
        const before = kept.get(`${tenant}/${told.date}`);
        if (before === undefined || before.fence <= told.fence) kept.set(`${tenant}/${told.date}`, told);
      }),
    on: (tenant, date) => around(() => kept.get(`${tenant}/${date}`)),
    between: (tenant, from, to) =>
      around(() =>
        [...kept]
          .filter(([key, { date }]) => key.startsWith(`${tenant}/`) && date >= from && date <= to)
          .map(([, { date, fence, document }]) => ({ date, fence, document }))
          .sort((a, b) => (a.date < b.date ? -1 : 1)),
      ),
  };
};
