import { createHash } from 'node:crypto';
import { canonicalJson } from '../../canonical/canonical.ts';
import type { TenantSettings } from '../../contract/tenant.ts';
import { EXTERNAL, STRIPE_TRANSIT } from '../../event/account.ts';
import { categoryOf, OPENING_BALANCE } from '../../event/category.ts';
import { type CashFact, revision } from '../../event/fact.ts';
import type { LedgerLine } from '../../ledger-file/line.ts';
import type { Minor } from '../../money/money.ts';
import { addDays } from '../../time/civil-date.ts';
import { isStripePayout, STRIPE_PAYOUT } from '../stripe/deposit.ts';
import type { Statement } from './request.ts';

export const CSV = 'csv';

/** What an export of the same bank line always says: banks change case, blanks and forms of letters, never digits. */
export const normalisedDescription = (description: string): string =>
  description.normalize('NFKC').replace(/\s+/gu, ' ').trim().toUpperCase();

const prefixOf = (account: string): string => `${CSV}:${account}:`;
const idPrefixOf = (account: string): string => `${prefixOf(account)}id:`;

/** Whether a fact of this account is named by the bank's own id, rather than by what its row says. */
export const isNamedById = (key: string, account: string): boolean => key.startsWith(idPrefixOf(account));

const rowHash = (
  { account, currency }: Statement,
  { date, amountMinor, description = '' }: LedgerLine,
): string =>
  createHash('sha256')
    .update(canonicalJson([account, date, amountMinor, currency, normalisedDescription(description)]))
    .digest('hex');

const categoryOfLine = ({ category = '', amountMinor }: LedgerLine): string =>
  categoryOf(category) || (amountMinor < 0n ? 'expense' : 'income');

const factOf = (
  key: string,
  { account, currency }: Statement,
  line: LedgerLine,
  settings: TenantSettings,
): CashFact => {
  const isPayout = isStripePayout(settings, line.amountMinor, [line.description, line.category]);
  const description = normalisedDescription(line.description ?? '');
  return {
    kind: 'cash',
    key,
    revision: revision('final', 0),
    source: CSV,
    date: line.date,
    account,
    counterAccount: isPayout ? STRIPE_TRANSIT : EXTERNAL,
    currency,
    lines: [{ category: isPayout ? STRIPE_PAYOUT : categoryOfLine(line), amountMinor: line.amountMinor }],
    estimated: false,
    ...(description === '' ? {} : { description }),
  };
};

export interface StatementFact {
  /** Of the file, counted from 1. */
  readonly line: number;
  readonly fact: CashFact;
}

/**
 * The rows as facts, named by the bank's id where there is one, else by what they say and how many of their day said the same
 * before. So a file that is uploaded again, or overlaps another, names the same facts, and of equal rows on one day the
 * ledger holds as many as the fullest file. Equal rows are counted in the order of their categories, for two exports may
 * list a day in two orders.
 */
export const statementFacts = (statement: Statement, settings: TenantSettings): readonly StatementFact[] => {
  const { account, lines } = statement;
  const unnamed = lines.filter(({ id }) => id === undefined);
  const groups = Map.groupBy(unnamed, (line) => rowHash(statement, line));
  const keys = new Map<LedgerLine, string>();
  for (const [hash, equal] of groups)
    equal
      .toSorted((a, b) => (categoryOfLine(a) < categoryOfLine(b) ? -1 : 1))
      .forEach((line, ordinal) => {
        keys.set(line, `${prefixOf(account)}${hash}:${ordinal}`);
      });
  return lines.map((line) => ({
    line: line.line,
    fact: factOf(keys.get(line) ?? `${idPrefixOf(account)}${line.id}`, statement, line, settings),
  }));
};

export const openingKey = (account: string): string => `opening:${account}`;

/** What the account held at the end of the day before the file begins. The latest statement of it ranks highest. */
export const openingFact = (
  { account, currency, coverage }: Statement,
  amountMinor: Minor,
  nowMs: number,
): CashFact => ({
  kind: 'cash',
  key: openingKey(account),
  revision: revision('final', nowMs),
  source: CSV,
  date: addDays(coverage.from, -1),
  account,
  counterAccount: EXTERNAL,
  currency,
  lines: [{ category: OPENING_BALANCE, amountMinor }],
  estimated: false,
});
