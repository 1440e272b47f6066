import type { Budget } from '../../shared/aws/budget.ts';

/** A budget of a thousand dollars, in memory. */
export const memoryBudget = (): Budget => {
  let limit = '1000';
  return {
    monthlyUsd: 1000,
    limit: async () => limit,
    setLimit: async (amount) => {
      limit = amount;
    },
  };
};
