import * as v from 'valibot';
import { canonicalJson } from '../../canonical/canonical.ts';
import { revision } from '../../event/fact.ts';
import type { StatementFact } from '../../event/statement.ts';
import { currency } from '../../money/currency.ts';
import type { CivilDate } from '../../time/civil-date.ts';
import { accountName, amountOf, type RowContext } from './transaction.ts';
import { plaidId } from './webhook.ts';

const schema = v.object({
  account_id: plaidId,
  type: v.nullish(v.string()),
  balances: v.object({ current: v.nullish(v.number()), iso_currency_code: v.nullish(v.string()) }),
});

/** Of a card, `current` is what is owed on it. Loans and investments hold no cash. */
const SIGN: Readonly<Record<string, bigint>> = { depository: 1n, credit: -1n };

/**
 * What the bank says an account holds on the day of an update; it moves no cash, and shows whether our rows add up to it.
 * Undefined where it does not say so, or not in money.
 */
export const balanceOf = (value: unknown, date: CivilDate, at: RowContext): StatementFact | undefined => {
  const parsed = v.safeParse(schema, value);
  if (!parsed.success) return undefined;
  const { account_id: id, type, balances } = parsed.output;
  const code = currency(balances.iso_currency_code ?? '');
  const sign = SIGN[type ?? ''];
  if (code === undefined || sign === undefined || typeof balances.current !== 'number') return undefined;
  /** As in rows, Plaid's positive is counted as money out. */
  const outMinor = amountOf(balances.current, code);
  if (outMinor === undefined) return undefined;
  return {
    kind: 'statement',
    key: `plaid:${at.item}:${id}:balance:${date}`,
    revision: revision('final', at.order),
    source: 'plaid',
    date,
    subject: 'balance',
    body: canonicalJson({
      account: accountName(at.settings, at.item, id),
      amountMinor: (-outMinor * sign).toString(),
      currency: code,
    }),
  };
};
