import type { DayAggregate } from '../../shared/aggregate/day.ts';
import type { Overview, StateStore } from '../../shared/aws/state-store.ts';
import { countOnce } from '../../shared/cash/count-once.ts';
import { atMost } from '../../shared/concurrency/at-most.ts';
import type { TenantSettings } from '../../shared/contract/tenant.ts';
import { isBankFeed } from '../../shared/event/source.ts';
import type { ToldFact } from '../../shared/reconciliation/repeats.ts';
import { notCompared, type SourceReport } from '../../shared/reconciliation/report.ts';
import type { Tolerance } from '../../shared/reconciliation/tolerance.ts';
import { unexplainedTransit, waitingReport } from '../../shared/reconciliation/waiting.ts';
import type { CivilDate } from '../../shared/time/civil-date.ts';

const CONCURRENCY = 4;

type Head = Pick<SourceReport, 'date' | 'checked_at' | 'from' | 'to'>;

/**
 * What lies between Stripe and the bank for too long: deposits without a payout, payouts without a deposit, and money that
 * left or reached the Stripe balance for a bank without a payout to say so.
 */
export const compareWaiting = async (
  deps: { readonly state: Pick<StateStore, 'daysOfMonth' | 'statements'>; readonly tolerance: Tolerance },
  settings: TenantSettings,
  { months }: Overview,
  told: readonly ToldFact[],
  head: Head,
): Promise<SourceReport> => {
  const { tenant } = settings;
  const source = { source: 'payouts', ...head };
  const asOf = head.date as CivilDate;
  const payouts = (await deps.state.statements(tenant, 'payout')).flatMap(({ statements }) => statements);
  const transit = unexplainedTransit(
    told.map(({ fact }) => fact),
    payouts,
    asOf,
  );
  const hasBank = months.some(({ accounts }) => accounts.some((each) => isBankFeed(each.source)));
  if (!hasBank && payouts.length === 0 && transit.length === 0)
    return notCompared(source, 'there are neither payouts nor lines of a bank');
  const days: DayAggregate[] = [];
  // Without a bank's lines a payout has no other side to wait for.
  if (hasBank)
    await atMost(CONCURRENCY, months, async ({ month }) => {
      days.push(...(await deps.state.daysOfMonth(tenant, month)));
    });
  const { waiting } = countOnce({ days, payouts, commitments: [] }, settings, asOf);
  const recent = payouts.filter(({ date }) => date >= head.from && date <= head.to);
  return waitingReport(source, [...waiting, ...transit], recent, deps.tolerance);
};
