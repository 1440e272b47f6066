/**
 * Does one work after the other, whatever becomes of those before.
 * @throws AggregateError of what failed.
 */
export const attemptAll = async (works: readonly (() => Promise<void>)[]): Promise<void> => {
  const failures: unknown[] = [];
  for (const work of works)
    try {
      await work();
    } catch (error) {
      failures.push(error);
    }
  if (failures.length > 0) throw new AggregateError(failures, 'not every provider could be asked');
};
