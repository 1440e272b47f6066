import { type CashFact, revisionAbove } from '../../shared/event/fact.ts';
import { contentHashOf } from '../../shared/ledger/codec.ts';

interface News {
  /** What is to be appended. */
  readonly facts: readonly CashFact[];
  /** Keys of those that contradict what was settled before. */
  readonly corrected: readonly string[];
}

/**
 * What a transaction as Stripe lists it adds to what the ledger says of it. Amounts do not change at Stripe; but what was made of
 * them may have been wrong, or the zone of their days may have been set right since. Stripe's own list is the authority, and
 * what differs from it would keep the books apart from Stripe for good.
 * @param listed facts of one transaction. @param told the latest of each fact that the ledger has of it.
 */
export const newsOf = (listed: readonly CashFact[], told: readonly CashFact[], nowMs: number): News => {
  const known = new Map(told.map((fact) => [fact.key, fact]));
  const corrected: string[] = [];
  const facts = listed.flatMap((fact): CashFact[] => {
    const before = known.get(fact.key);
    if (before === undefined || before.estimated) return [fact];
    if (contentHashOf(before) === contentHashOf(fact)) return [];
    corrected.push(fact.key);
    return [{ ...fact, revision: revisionAbove(before.revision, nowMs) }];
  });
  const keys = new Set(listed.map(({ key }) => key));
  const gone = told.filter(({ key, lines }) => !keys.has(key) && lines.length > 0);
  corrected.push(...gone.map(({ key }) => key));
  return {
    facts: [
      ...facts,
      ...gone.map((fact) => ({ ...fact, revision: revisionAbove(fact.revision, nowMs), lines: [] })),
    ],
    corrected,
  };
};
