import type { Budget } from '../../shared/aws/budget.ts';
import type { Log } from '../../shared/lambda/logger.ts';
import { budgetLimit } from '../../shared/policy/budget.ts';
import type { PolicyState } from '../../shared/policy/state.ts';

/**
 * Brings the budget's limit to where the stance wants it, so that its alert rings earlier while cash is short. A second net:
 * what goes wrong here keeps nobody from sizing groups.
 */
export const followStance = async (
  budget: Budget,
  { stance, hold }: PolicyState,
  log: Log,
): Promise<void> => {
  if (hold.length > 0) return;
  const wanted = budgetLimit(budget.monthlyUsd, stance);
  try {
    const limit = await budget.limit();
    if (Number.parseFloat(limit) === Number.parseFloat(wanted)) return;
    await budget.setLimit(wanted);
    log.info('budget follows the stance', { stance, from: limit, to: wanted });
  } catch (error) {
    log.error('budget could not be set', { stance, error });
  }
};
