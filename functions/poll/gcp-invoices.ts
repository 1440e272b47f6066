import type { GcpBilling } from '../../shared/contract/tenant.ts';
import { revision } from '../../shared/event/fact.ts';
import type { Cost, StatementFact } from '../../shared/event/statement.ts';
import { type FetchedFor, type KeepDeps, recordFetched } from '../../shared/fetch/fetched.ts';
import { snapshotOf } from '../../shared/fetch/snapshot.ts';
import { monthsOf } from '../../shared/ledger/range.ts';
import { gcpInvoiceMonth, gcpInvoicePrefix, invoicesOf } from '../../shared/providers/gcp/invoices.ts';
import { addDays, type CivilDate, monthOf } from '../../shared/time/civil-date.ts';

/** An invoice is due in the month after its own. */
const DUE_WITHIN_DAYS = 62;

/** The costs that the ledger states of the months from `from` on. */
interface Stated {
  readonly costs: readonly { readonly date: CivilDate; readonly body: Cost }[];
  readonly from: CivilDate;
  readonly today: CivilDate;
  /** Whether all of them could be read. */
  readonly isWhole: boolean;
}

/**
 * Tells what Google's invoices will have paid, for an account that has one a month. Where the configuration no longer says
 * so, or a month costs nothing any more, what was told is taken back.
 */
export const tellGcpInvoices = async (
  deps: KeepDeps,
  of: FetchedFor,
  gcp: GcpBilling,
  { costs, from, today, isWhole }: Stated,
): Promise<void> => {
  if (!isWhole) return;
  const { settings, context } = of;
  const { dueDay } = gcp;
  const facts = dueDay === undefined ? [] : invoicesOf(costs, { ...gcp, dueDay }, today, context.nowMs);
  const snapshot = await snapshotOf(
    deps,
    settings,
    'commitment',
    monthsOf({ from, to: addDays(today, DUE_WITHIN_DAYS) }),
  );
  const isOurs = (fact: StatementFact): boolean =>
    fact.key.startsWith(gcpInvoicePrefix(gcp)) && gcpInvoiceMonth(fact) >= monthOf(from);
  const news = snapshot.newsIn(facts);
  const gone = snapshot.withdrawn(isOurs, revision('final', context.nowMs));
  if (news.length + gone.length === 0) return;
  const document = { billing_account: gcp.billingAccount, due_day: dueDay ?? null, today, costs };
  await recordFetched(deps, of, 'invoices', document, { facts: [...news, ...gone], unreadable: [] });
};
