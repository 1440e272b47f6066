import type { LedgerStore } from '../../shared/aws/ledger-store.ts';
import type { CashFact } from '../../shared/event/fact.ts';
import { contentHashOf } from '../../shared/ledger/codec.ts';
import type { FactRow } from '../../shared/ledger/row.ts';
import { decimalOf } from '../../shared/money/money.ts';
import { openingFact, openingKey } from '../../shared/providers/csv/facts.ts';
import type { Statement } from '../../shared/providers/csv/request.ts';

/** What an import says of the account's beginning: a fact to append, nothing new, or why it cannot stand. */
export type Opening =
  | { readonly kind: 'none' }
  | { readonly kind: 'new'; readonly fact: CashFact }
  | { readonly kind: 'known'; readonly fact: CashFact }
  | { readonly kind: 'contradiction'; readonly problem: string };

const stated = (fact: CashFact): string =>
  `${decimalOf(fact.lines[0]?.amountMinor ?? 0n, fact.currency)} ${fact.currency} at the end of ${fact.date}`;

/**
 * An account has one opening balance, at the end of the day before its earliest file. Rows before it are in it already; a
 * later one would hold rows that are counted too.
 * @param earlier rows of the account, told by earlier files, from before this one.
 */
export const openingOf = async (
  ledger: Pick<LedgerStore, 'factRows'>,
  tenant: string,
  statement: Statement,
  earlier: readonly CashFact[],
  nowMs: number,
): Promise<Opening> => {
  const { account, coverage, openingBalanceMinor } = statement;
  const rows = await ledger.factRows(tenant, openingKey(account));
  const standing = rows.findLast((row): row is FactRow => row.kind === 'fact')?.fact;
  const before = standing?.kind === 'cash' ? standing : undefined;
  if (openingBalanceMinor === undefined) {
    return before !== undefined && before.date >= coverage.from
      ? {
          kind: 'contradiction',
          problem: `account ${account} opens with ${stated(before)}, which holds the days from ${coverage.from} already: give the opening balance of the day before ${coverage.from} with this file`,
        }
      : { kind: 'none' };
  }
  const fact = openingFact(statement, openingBalanceMinor, nowMs);
  if (before !== undefined && contentHashOf(before) === contentHashOf(fact)) return { kind: 'known', fact };
  if (before !== undefined && before.date < fact.date)
    return {
      kind: 'contradiction',
      problem: `account ${account} opens with ${stated(before)} already, before this file: leave the opening balance out`,
    };
  const [first] = earlier;
  return first === undefined
    ? { kind: 'new', fact }
    : {
        kind: 'contradiction',
        problem: `account ${account} has rows from before ${coverage.from} (${first.date}): import the earliest file again, with the opening balance of the day before it`,
      };
};
