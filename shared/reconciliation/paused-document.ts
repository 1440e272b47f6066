import type { ReconciliationStatus } from './status.ts';

/** States that say more than a pause does: there is no number, or no cash. */
const STRONGER: readonly string[] = ['out_of_cash', 'insufficient_data'];

/** A runway document as its owner sees it during a pause: the numbers, and why not to rely on them. */
export const pausedDocument = (document: string, { reasons, since }: ReconciliationStatus): string => {
  const runway = JSON.parse(document) as {
    status: string;
    trust: { paused: boolean; reasons: readonly string[] };
  };
  return JSON.stringify({
    ...runway,
    status: STRONGER.includes(runway.status) ? runway.status : 'paused',
    trust: {
      ...runway.trust,
      paused: true,
      paused_since: since,
      reasons: [...reasons, ...runway.trust.reasons],
    },
  });
};
