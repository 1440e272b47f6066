import type { LedgerStore } from '../../shared/aws/ledger-store.ts';
import { canonicalJson } from '../../shared/canonical/canonical.ts';
import { type Fact, revision } from '../../shared/event/fact.ts';
import { contentHashOf } from '../../shared/ledger/codec.ts';
import { CSV } from '../../shared/providers/csv/facts.ts';
import type { Statement } from '../../shared/providers/csv/request.ts';

/**
 * What the account held when the file ends, where the request says so: it moves no cash, and is held against opening and
 * rows. Nothing where the ledger knows it already; the latest word on a day counts.
 */
export const closingNews = async (
  ledger: Pick<LedgerStore, 'factRows'>,
  tenant: string,
  { account, currency, coverage, closingBalanceMinor }: Statement,
  nowMs: number,
): Promise<readonly Fact[]> => {
  if (closingBalanceMinor === undefined) return [];
  const fact: Fact = {
    kind: 'statement',
    key: `closing:${account}:${coverage.to}`,
    revision: revision('final', nowMs),
    source: CSV,
    date: coverage.to,
    subject: 'balance',
    body: canonicalJson({ account, amountMinor: closingBalanceMinor.toString(), currency }),
  };
  const latest = (await ledger.factRows(tenant, fact.key)).findLast((row) => row.kind === 'fact');
  return latest?.kind === 'fact' && latest.contentHash === contentHashOf(fact) ? [] : [fact];
};
