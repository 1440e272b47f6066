/**
 * What a lot leaves to be paid in cash on each of the days 1..horizonDays. The lot pays the daily cost through its day of
 * expiry or until it is used up, the last day in part; what is left at expiry is lost. From then the whole cost is cash.
 * @param remaining at the end of day 0, in the unit of `dailyCost`
 * @param expiryDay last day of use, counted like the result; below 1 where the lot has expired already
 */
export const creditCashCosts = (
  remaining: bigint,
  expiryDay: number,
  dailyCost: bigint,
  horizonDays: number,
): bigint[] => {
  let left = remaining;
  return Array.from({ length: horizonDays }, (_, index) => {
    if (index + 1 > expiryDay) return dailyCost;
    const paid = left < dailyCost ? left : dailyCost;
    left -= paid;
    return dailyCost - paid;
  });
};
