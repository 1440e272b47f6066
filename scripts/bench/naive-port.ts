/**
 * What one would write first: daily burn from the textbook's Box-Muller, cash day by day, the first day at or below zero,
 * sorted. The baseline that any work on the engine has to beat.
 */

export interface BurnScenario {
  readonly cash: number;
  readonly dailyBurnMean: number;
  readonly dailyBurnStd: number;
  readonly trancheAmount: number;
  readonly trancheDay: number;
  readonly horizonDays: number;
  readonly paths: number;
}

export interface NaiveAnswer {
  readonly p5: number;
  readonly p50: number;
  readonly p95: number;
}

const gaussian = (): number =>
  Math.sqrt(-2 * Math.log(1 - Math.random())) * Math.cos(2 * Math.PI * Math.random());

export const naiveForecast = (scenario: BurnScenario): NaiveAnswer => {
  const { cash, dailyBurnMean, dailyBurnStd, trancheAmount, trancheDay, horizonDays, paths } = scenario;
  const runways = new Float64Array(paths);
  const balances = new Float64Array(horizonDays);
  for (let path = 0; path < paths; path += 1) {
    let balance = cash;
    for (let day = 1; day <= horizonDays; day += 1) {
      balance -= dailyBurnMean + dailyBurnStd * gaussian();
      if (day === trancheDay) balance += trancheAmount;
      balances[day - 1] = balance;
    }
    const ruin = balances.findIndex((value) => value <= 0);
    runways[path] = ruin === -1 ? horizonDays : ruin + 1;
  }
  runways.sort();
  const at = (q: number): number => runways[Math.ceil(q * paths) - 1] ?? horizonDays;
  return { p5: at(0.05), p50: at(0.5), p95: at(0.95) };
};
