import { forecastScenario as forecastOf } from '../../shared/scenario/forecast-scenario.ts';
import { parseScenario } from '../../shared/scenario/parse.ts';
import { Failure } from './failure.ts';
import { printForecast } from './forecast-report.ts';
import { readJson } from './input.ts';

/** Runs the engine on a scenario file and prints its forecast. */
export const forecastScenario = (path: string, options: { readonly json?: true }): void => {
  const parsed = parseScenario(readJson(path));
  if (!parsed.ok) {
    const [first, ...more] = parsed.problems;
    const also = more.length > 0 ? ` (and ${more.length} more)` : '';
    throw new Failure(
      `${path}: ${first?.path === '$' ? 'the scenario' : first?.path} ${first?.message}${also}`,
    );
  }
  const scenario = parsed.value;
  const forecast = forecastOf(scenario);
  if (options.json) {
    process.stdout.write(`${JSON.stringify(forecast)}\n`);
    return;
  }
  const { p5, p50, p95, date } = forecast.lowest_cash;
  printForecast({
    title: `${path}: ${scenario.balance} ${scenario.currency} at the end of ${scenario.as_of}`,
    asOf: scenario.as_of,
    horizonDays: scenario.horizon_days,
    status: forecast.status,
    days: { p5: forecast.p5_days, p50: forecast.p50_days, p95: forecast.p95_days },
    standardErrorDays: forecast.standard_error_days,
    survival: forecast.survival,
    notes: [
      `Lowest cash within ${scenario.horizon_days} days: ${p50} ${scenario.currency} (p5 ${p5}, p95 ${p95}), typically on ${date}.`,
    ],
    reasons: [],
  });
};
