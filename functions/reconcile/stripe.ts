import type { WebhookSecrets } from '../../shared/aws/webhook-secrets.ts';
import type { TenantSettings } from '../../shared/contract/tenant.ts';
import type { CashFact } from '../../shared/event/fact.ts';
import type { Currency } from '../../shared/money/currency.ts';
import { decimalOf, type Minor, minorOf } from '../../shared/money/money.ts';
import type { StripeApi } from '../../shared/providers/stripe/api.ts';
import {
  balanceTransaction,
  STRIPE_BALANCE,
  settledFacts,
  transactionKey,
} from '../../shared/providers/stripe/balance-transaction.ts';
import { fromStripe } from '../../shared/providers/stripe/exponents.ts';
import { type BalanceComparison, compareBalance } from '../../shared/reconciliation/balances.ts';
import { compareItems, type Item, type ItemComparison } from '../../shared/reconciliation/items.ts';
import type { ToldFact } from '../../shared/reconciliation/repeats.ts';
import { notCompared, type SourceReport, sourceReport } from '../../shared/reconciliation/report.ts';
import type { Tolerance } from '../../shared/reconciliation/tolerance.ts';
import type { CivilDate } from '../../shared/time/civil-date.ts';
import { WINDOW_DAYS } from './window.ts';

export interface StripeReconciliation {
  readonly secrets: Pick<WebhookSecrets, 'apiKey'>;
  readonly stripe: Pick<StripeApi, 'balanceTransactions' | 'balance'>;
  readonly tolerance: Tolerance;
}

export interface StripeBooks {
  readonly told: readonly ToldFact[];
  /** What the ledger counts on the Stripe balance, all days. */
  readonly countedMinor: (currency: Currency) => Minor;
  /** Whether estimates stand that are older than the days compared: the total is then no settled one. */
  readonly oldEstimates: boolean;
  /** By currency: what the balance held beyond the ledger when it was last compared. */
  readonly openingGap: Readonly<Record<string, string>> | undefined;
}

const SOURCE = 'stripe';
/** What is younger than two sweeps may still be on its way. */
const IN_FLIGHT_SECONDS = 2 * 3600;

const absolute = (amount: Minor): Minor => (amount < 0n ? -amount : amount);
const onBalance = ({ lines }: CashFact): Minor => lines.reduce((sum, line) => sum + line.amountMinor, 0n);

const itemOf = (fact: CashFact, inFlight: boolean): Item => ({
  id: fact.key,
  date: fact.date,
  currency: fact.currency,
  amountMinor: onBalance(fact),
  inFlight,
});

/** Everything that Stripe lists of these seconds; undefined where it refuses to. */
const listed = async (
  { stripe }: StripeReconciliation,
  settings: TenantSettings,
  apiKey: string,
  range: { readonly fromSeconds: number; readonly beforeSeconds: number },
): Promise<readonly Item[] | { readonly refused: string }> => {
  const items: Item[] = [];
  let startingAfter: string | undefined;
  do {
    const fetched = await stripe.balanceTransactions(
      startingAfter === undefined ? range : { ...range, startingAfter },
      apiKey,
    );
    if (fetched.outcome !== 'found')
      return { refused: fetched.outcome === 'refused' ? `status ${fetched.status}` : 'no such list' };
    const page = fetched.value as { readonly data?: readonly unknown[]; readonly has_more?: boolean };
    let last: string | undefined;
    for (const value of page.data ?? []) {
      const transaction = balanceTransaction(value);
      if (typeof transaction === 'string') continue;
      last = transaction.id;
      const young = transaction.created >= range.beforeSeconds - IN_FLIGHT_SECONDS;
      items.push(
        ...(settledFacts(transaction, undefined, settings) ?? [])
          .filter(({ account }) => account === STRIPE_BALANCE)
          .map((fact) => itemOf(fact, young)),
      );
    }
    startingAfter = page.has_more === true ? last : undefined;
  } while (startingAfter !== undefined);
  return items;
};

const countedItems = (
  told: readonly ToldFact[],
  settings: TenantSettings,
  { fromSeconds, beforeSeconds }: { readonly fromSeconds: number; readonly beforeSeconds: number },
): readonly Item[] => {
  const prefix = transactionKey(undefined, settings.livemode, '');
  return told.flatMap(({ fact }) => {
    const seconds = Date.parse(fact.occurredAt ?? '') / 1000;
    if (!fact.key.startsWith(prefix) || fact.account !== STRIPE_BALANCE || fact.lines.length === 0) return [];
    if (!(seconds >= fromSeconds && seconds < beforeSeconds)) return [];
    return [itemOf(fact, fact.estimated || seconds >= beforeSeconds - IN_FLIGHT_SECONDS)];
  });
};

/** `{"available":[{"amount","currency"}],"pending":[...]}`, summed by currency. */
const statedTotals = (value: unknown): ReadonlyMap<Currency, Minor> => {
  const { available = [], pending = [] } = (value ?? {}) as Record<
    string,
    { amount: number; currency: string }[]
  >;
  const totals = new Map<Currency, Minor>();
  for (const { amount, currency } of [...available, ...pending]) {
    const money = fromStripe(amount, currency);
    if (money !== undefined)
      totals.set(money.currency, (totals.get(money.currency) ?? 0n) + money.amountMinor);
  }
  return totals;
};

/** What the items leave unexplained of the total: source less ledger. */
const itemGap = ({ missing, extra, different, currency }: ItemComparison): Minor =>
  [...missing, ...extra, ...different].reduce(
    (sum, { stated, counted }) =>
      sum + (minorOf(stated ?? '0', currency) ?? 0n) - (minorOf(counted ?? '0', currency) ?? 0n),
    0n,
  );

const compareTotals = (
  stated: ReadonlyMap<Currency, Minor>,
  date: CivilDate,
  books: StripeBooks,
  items: readonly ItemComparison[],
  waiting: readonly Item[],
  tolerance: Tolerance,
): { readonly balances: readonly BalanceComparison[]; readonly gaps: Readonly<Record<string, string>> } => {
  const gaps: Record<string, string> = {};
  const balances = [...stated].map(([currency, amountMinor]) => {
    const inFlightMinor = waiting
      .filter((item) => item.currency === currency)
      .reduce((sum, item) => sum + absolute(item.amountMinor), 0n);
    const countedMinor = books.countedMinor(currency);
    const explained = items.find((each) => each.currency === currency);
    /** What the items name is told once. */
    const namedMinor = explained === undefined ? 0n : itemGap(explained);
    const now = amountMinor - countedMinor - namedMinor;
    const known = minorOf(books.openingGap?.[currency] ?? '', currency);
    /** What arrives late of the days before narrows the gap, and nothing but an error widens it. */
    const gap = known === undefined || absolute(now) <= absolute(known) ? now : known;
    gaps[currency] = decimalOf(gap, currency);
    return compareBalance(
      { account: STRIPE_BALANCE, date, currency, amountMinor: amountMinor - gap, inFlightMinor },
      () => countedMinor + namedMinor,
      tolerance,
    );
  });
  return { balances, gaps };
};

/** Holds the ledger against what Stripe lists, item by item, and against the balance it states. */
export const reconcileStripe = async (
  deps: StripeReconciliation,
  settings: TenantSettings,
  books: StripeBooks,
  window: { readonly from: CivilDate; readonly to: CivilDate; readonly today: CivilDate },
  nowMs: number,
): Promise<SourceReport> => {
  const head = {
    source: SOURCE,
    date: window.today,
    checked_at: new Date(nowMs).toISOString(),
    from: window.from,
    to: window.to,
  };
  const apiKey = await deps.secrets.apiKey(settings.tenant, SOURCE, nowMs);
  if (apiKey === undefined)
    return notCompared(head, 'there is no API key: capstack secrets put --credential key');
  const beforeSeconds = Math.floor(nowMs / 1000);
  const range = { fromSeconds: beforeSeconds - (WINDOW_DAYS - 1) * 86_400, beforeSeconds };
  const stated = await listed(deps, settings, apiKey, range);
  if ('refused' in stated)
    return notCompared(head, `Stripe refused to list its transactions (${stated.refused})`);
  const counted = countedItems(books.told, settings, range);
  const settled = counted.filter(({ inFlight }) => !inFlight).length;
  if (stated.length === 0 && settled > 0) {
    const because = `Stripe lists nothing of these days, of which the ledger has ${settled} items: is its key that of another account or mode?`;
    return notCompared(head, because, [`stripe: ${because}`]);
  }
  const items = compareItems(stated, counted, deps.tolerance);
  const balance = await deps.stripe.balance(apiKey);
  if (balance.outcome !== 'found' || books.oldEstimates)
    return sourceReport(head, { items, ...(books.openingGap && { opening_gap: books.openingGap }) });
  const waiting = [...stated, ...counted].filter(({ inFlight }) => inFlight);
  const { balances, gaps } = compareTotals(
    statedTotals(balance.value),
    window.today,
    books,
    items,
    waiting,
    deps.tolerance,
  );
  return sourceReport(head, { items, balances, opening_gap: gaps });
};
