import type { LedgerStore } from '../../shared/aws/ledger-store.ts';
import type { ReconciliationStore } from '../../shared/aws/reconciliation-store.ts';
import type { Overview, StateStore } from '../../shared/aws/state-store.ts';
import { METRICS } from '../../shared/contract/names.ts';
import type { TenantSettings } from '../../shared/contract/tenant.ts';
import type { Invocation } from '../../shared/lambda/invocation.ts';
import { monthsOf } from '../../shared/ledger/range.ts';
import type { Currency } from '../../shared/money/currency.ts';
import type { Minor } from '../../shared/money/money.ts';
import { STRIPE_BALANCE } from '../../shared/providers/stripe/balance-transaction.ts';
import { repeatedDeliveries, repeatSentence, type ToldFact } from '../../shared/reconciliation/repeats.ts';
import {
  notCompared,
  reportDocument,
  type SourceReport,
  sourceReport,
} from '../../shared/reconciliation/report.ts';
import { silenceSentence, silentSources } from '../../shared/reconciliation/silence.ts';
import { staleRates } from '../../shared/reconciliation/stale-rates.ts';
import { nextStatus, type ReconciliationStatus } from '../../shared/reconciliation/status.ts';
import { baseCurrency } from '../../shared/runway/accounting.ts';
import { addDays, type CivilDate } from '../../shared/time/civil-date.ts';
import { compareStatedBalances, countedBalances } from './bank.ts';
import { compareDerived } from './derived.ts';
import { reconcileStripe, type StripeReconciliation } from './stripe.ts';
import { compareWaiting } from './waiting.ts';
import { once, toldWithin, windowOf } from './window.ts';

export interface ReconcileDeps extends StripeReconciliation {
  readonly ledger: Pick<LedgerStore, 'bucketRows'>;
  readonly state: StateStore;
  readonly results: ReconciliationStore;
  readonly tenants: readonly TenantSettings[];
  /** False only tells. */
  readonly autoPause: boolean;
}

export interface Reconciled {
  readonly status: ReconciliationStatus;
  readonly reports: readonly SourceReport[];
}

/** A rhythm shows over a quarter. */
const RHYTHM_DAYS = 91;
/** They tell when somebody has something to tell, and have no rhythm of their own. */
const BY_HAND: readonly string[] = ['owner', 'csv'];

type Head = Pick<SourceReport, 'date' | 'checked_at' | 'from' | 'to'>;

/** Of the last run that could compare: a day on which Stripe did not answer forgets nothing. */
const openingGapOf = (documents: readonly { readonly source: string; readonly document: string }[]) =>
  documents
    .filter(({ source }) => source === 'stripe')
    .map(({ document }) => (JSON.parse(document) as SourceReport).opening_gap)
    .find((gap) => gap !== undefined);

const stripeReport = async (
  deps: ReconcileDeps,
  settings: TenantSettings,
  overview: Overview,
  told: readonly ToldFact[],
  nowMs: number,
): Promise<SourceReport> => {
  const standing = overview.months.reduce((sum, { estimatedCount }) => sum + estimatedCount, 0);
  const recent = told.filter(({ fact }) => fact.estimated).length;
  return reconcileStripe(
    deps,
    settings,
    {
      told,
      countedMinor: (currency) =>
        overview.months
          .flatMap(({ accounts }) => accounts)
          .filter((each) => each.account === STRIPE_BALANCE && each.currency === currency)
          .reduce((sum, { deltaMinor }) => sum + deltaMinor, 0n),
      oldEstimates: standing > recent,
      openingGap: openingGapOf(await deps.results.results(settings.tenant)),
    },
    windowOf(settings, nowMs),
    nowMs,
  );
};

const bankReport = async (
  deps: ReconcileDeps,
  settings: TenantSettings,
  overview: Overview,
  head: Head,
): Promise<SourceReport> => {
  const range = { from: head.from as CivilDate, to: head.to as CivilDate };
  const { tenant } = settings;
  const stated = (await deps.state.statements(tenant, 'balance', monthsOf(range))).flatMap(
    ({ statements }) => statements,
  );
  if (stated.length === 0) return notCompared({ source: 'bank', ...head }, 'no bank has stated a balance');
  const countedAt = await countedBalances(deps.state, settings, overview.months, addDays(range.to, 1));
  const balances = compareStatedBalances(stated, range, countedAt, deps.tolerance);
  return sourceReport({ source: 'bank', ...head }, { balances });
};

/** What disturbs nobody's sums and is wrong all the same: silence, old rates, a file taken in twice. */
const observations = async (
  deps: ReconcileDeps,
  settings: TenantSettings,
  overview: Overview,
  told: readonly ToldFact[],
  today: CivilDate,
): Promise<{ readonly attention: readonly string[]; readonly silent: number }> => {
  const { tenant } = settings;
  const recent = monthsOf({ from: addDays(today, -RHYTHM_DAYS), to: today });
  const months = await Promise.all(recent.map((month) => deps.state.daysOfMonth(tenant, month)));
  const dates = new Map<string, CivilDate[]>();
  for (const day of months.flat())
    for (const source of Object.keys(day.latest))
      if (!BY_HAND.includes(source)) dates.set(source, [...(dates.get(source) ?? []), day.date]);
  const silent = silentSources(
    [...dates].map(([source, days]) => ({ source, dates: days })),
    today,
  );
  const rates = (await deps.state.statements(tenant, 'rate', recent)).flatMap(({ statements }) =>
    statements.map(({ date, body }) => ({ ...body, date })),
  );
  const balances = new Map<Currency, Minor>();
  for (const { currency, deltaMinor } of overview.months.flatMap(({ accounts }) => accounts))
    balances.set(currency, (balances.get(currency) ?? 0n) + deltaMinor);
  const held = [...balances].flatMap(([currency, minor]) => (minor === 0n ? [] : [currency]));
  return {
    silent: silent.length,
    attention: [
      ...silent.map(silenceSentence),
      ...staleRates(held, baseCurrency(settings), rates, today),
      ...repeatedDeliveries(told).map(repeatSentence),
    ],
  };
};

/** Compares one tenant's books with every source that can be asked, and pauses or resumes its exposure. */
export const reconcileTenant = async (
  deps: ReconcileDeps,
  settings: TenantSettings,
  run: Pick<Invocation, 'nowMs' | 'log' | 'metrics'>,
): Promise<Reconciled> => {
  const { nowMs } = run;
  const { tenant } = settings;
  const { from, to, today } = windowOf(settings, nowMs);
  const head = { date: today, checked_at: new Date(nowMs).toISOString(), from, to };
  const read = once(deps.ledger.bucketRows);
  const [overview, told] = await Promise.all([
    deps.state.overview(tenant),
    toldWithin(read, settings, { from, to }),
  ]);
  const derived = await compareDerived(
    { state: deps.state, read },
    settings,
    { from, to },
    deps.tolerance,
    nowMs,
  );
  const observed = await observations(deps, settings, overview, told, today);
  const reports = [
    await stripeReport(deps, settings, overview, told, nowMs),
    await bankReport(deps, settings, overview, head),
    await compareWaiting(deps, settings, overview, told, head),
    sourceReport(
      { source: 'state', ...head },
      { state: derived.differences, reasons: derived.reasons, attention: derived.attention },
    ),
    sourceReport({ source: 'sources', ...head }, { attention: observed.attention }),
  ];
  const status = nextStatus(
    await deps.results.status(tenant),
    {
      reasons: reports.flatMap(({ reasons }) => reasons),
      attention: reports.flatMap(({ attention }) => attention),
    },
    deps.autoPause,
    head.checked_at,
  );
  for (const report of reports)
    await deps.results.putResult(tenant, {
      date: today,
      source: report.source,
      document: reportDocument(report),
    });
  await deps.results.putStatus(tenant, status);
  /** A source that fell silent is a source of which nothing agrees. */
  const ratio = Math.max(observed.silent > 0 ? 1 : 0, ...reports.map(({ variance_ratio }) => variance_ratio));
  run.metrics({ [METRICS.reconciliationVariance]: ratio }, { tenant });
  if (status.paused || status.attention.length > 0)
    run.log.warn(status.paused ? 'paused by reconciliation' : 'reconciliation found something to look at', {
      tenant,
      reasons: status.reasons,
      attention: status.attention,
    });
  return { status, reports };
};

/** Those whose turn it is: all of them once a day, and by the hour whoever is paused, so that a pause ends by itself. */
export const reconcileAll = async (
  deps: ReconcileDeps,
  everybody: boolean,
  run: Pick<Invocation, 'nowMs' | 'log' | 'metrics'>,
): Promise<void> => {
  const failures: unknown[] = [];
  for (const settings of deps.tenants)
    try {
      if (everybody || (await deps.results.status(settings.tenant))?.paused)
        await reconcileTenant(deps, settings, run);
    } catch (error) {
      failures.push(error);
    }
  if (failures.length > 0) throw new AggregateError(failures, 'not every tenant could be reconciled');
};

/** The day of a run, for whoever asks by hand. */
export const reconciledBody = ({ status, reports }: Reconciled): object => ({
  checked_at: status.checkedAt,
  paused: status.paused,
  paused_since: status.since,
  reasons: status.reasons,
  attention: status.attention,
  results: reports.map((report) => JSON.parse(reportDocument(report)) as unknown),
});
