import { type DayAggregate, foldDay } from '../../shared/aggregate/day.ts';
import { authorities } from '../../shared/cash/authority.ts';
import type { TenantSettings } from '../../shared/contract/tenant.ts';
import type { CashFact } from '../../shared/event/fact.ts';
import { CSV } from '../../shared/providers/csv/facts.ts';
import type { DayRows } from './known.ts';

/** Rows of a file that are kept and do not count, because another source's word does on their days. */
export interface NotCounted {
  readonly rows: number;
  readonly from: string;
  readonly to: string;
}

/** Whether a bank login of the configuration tells the account: then from its first line on, which may be before the file's days. */
export const isToldByPlaid = ({ plaid = [] }: TenantSettings, account: string): boolean =>
  plaid.some(({ accounts }) => Object.values(accounts).includes(account));

/** The file’s own rows, as they will be folded. */
const ownDay = (fact: CashFact): DayAggregate => ({ ...foldDay(fact.date, 0, []), movements: [fact] });

/** @param days what the ledger holds of the file's days, and of those before where a bank login may have begun there. */
export const notCounted = (
  facts: readonly CashFact[],
  days: readonly DayRows[],
  settings: TenantSettings,
): NotCounted | undefined => {
  const folded = days.map(({ date, rows }): DayAggregate => foldDay(date, 0, rows));
  const { countsSource } = authorities([...folded, ...facts.map(ownDay)], settings);
  const dates = facts
    .filter(({ account, date }) => !countsSource(account, CSV, date))
    .map(({ date }) => date)
    .sort();
  const [from] = dates;
  const to = dates.at(-1);
  return from === undefined || to === undefined ? undefined : { rows: dates.length, from, to };
};
