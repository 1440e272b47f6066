import type { Minor } from '../money/money.ts';

/** First day on which the balance is used up, counted from 1; the day after the last where it is not. */
export const outcomeOf = (balanceMinor: Minor, dailyNetMinor: readonly Minor[]): number => {
  let cashMinor = balanceMinor;
  const day = dailyNetMinor.findIndex((netMinor) => {
    cashMinor += netMinor;
    return cashMinor <= 0n;
  });
  return day === -1 ? dailyNetMinor.length + 1 : day + 1;
};
