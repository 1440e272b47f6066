import { effectiveFacts } from '../aggregate/day.ts';
import type { TenantSettings } from '../contract/tenant.ts';
import type { Revision } from '../event/fact.ts';
import type { StatementFact, Subject } from '../event/statement.ts';
import { bucketKey } from '../ledger/bucket.ts';
import { contentHashOf } from '../ledger/codec.ts';
import type { KeepDeps } from './fetched.ts';

/**
 * What the ledger holds of a provider that names no changes: each reading is compared with the one before, so that only
 * what differs is told again, and what is missing from a whole reading is taken back.
 */
export interface Snapshot {
  /** Of these facts, those that the ledger does not say already. */
  readonly newsIn: (facts: readonly StatementFact[]) => readonly StatementFact[];
  /** Takes back what is stated of `among` and was in no reading since. */
  readonly withdrawn: (
    among: (fact: StatementFact) => boolean,
    revision: Revision,
  ) => readonly StatementFact[];
  /** What is stated now, the readings since included. */
  readonly stated: () => readonly StatementFact[];
}

/** @param months `YYYY-MM` of the days that are read. */
export const snapshotOf = async (
  { ledger }: Pick<KeepDeps, 'ledger'>,
  { tenant }: TenantSettings,
  subject: Subject,
  months: readonly string[],
): Promise<Snapshot> => {
  const rows = await Promise.all(
    months.map((month) => ledger.bucketRows(bucketKey({ kind: 'statements', tenant, subject, month }))),
  );
  const known = new Map(
    rows.flatMap((ofMonth) =>
      effectiveFacts(ofMonth).flatMap(({ fact, contentHash }) =>
        fact.kind === 'statement' ? [[fact.key, { fact, contentHash }] as const] : [],
      ),
    ),
  );
  const seen = new Set<string>();
  return {
    newsIn: (facts) =>
      facts.filter((fact) => {
        seen.add(fact.key);
        const contentHash = contentHashOf(fact);
        if (known.get(fact.key)?.contentHash === contentHash) return false;
        known.set(fact.key, { fact, contentHash });
        return true;
      }),
    withdrawn: (among, revision) =>
      [...known.values()].flatMap(({ fact }): StatementFact[] => {
        if (fact.body === null || seen.has(fact.key) || !among(fact)) return [];
        const gone = { ...fact, revision, body: null };
        known.set(fact.key, { fact: gone, contentHash: contentHashOf(gone) });
        return [gone];
      }),
    stated: () => [...known.values()].map(({ fact }) => fact).filter(({ body }) => body !== null),
  };
};
