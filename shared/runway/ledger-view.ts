import type { AccountDelta, DayAggregate } from '../aggregate/day.ts';
import { type MonthAggregate, mergeLatest, sumAccounts } from '../aggregate/month.ts';
import type { PlanAggregate, ReviewAggregate } from '../aggregate/plan.ts';
import type { StatementsAggregate } from '../aggregate/statements.ts';
import { type FromInvoices, fromInvoices } from '../beside/invoices.ts';
import type { CashSettings } from '../cash/authority.ts';
import { type Counted, countOnce, type ExpectedPayment } from '../cash/count-once.ts';
import { isBankFeed } from '../event/source.ts';
import type { Statement } from '../event/statement.ts';
import { rateBook } from '../fx/rates.ts';
import type { ForeignCash } from '../model/structural/rates.ts';
import type { Currency } from '../money/currency.ts';
import type { Minor } from '../money/money.ts';
import { addDays, type CivilDate, monthOf } from '../time/civil-date.ts';
import type { Adaptation } from './adaptation.ts';
import { type DayFlow, dayFlows } from './day-flows.ts';
import { type FeedSettings, silentFeeds, staleFeeds } from './feed-trouble.ts';
import {
  type ExchangeGains,
  exchangeGains,
  foreignCash,
  type Unvalued,
  type UnvaluedDays,
  type Valuer,
  valuedDays,
  valuedExpected,
  worthOf,
} from './valuation.ts';

/** What the aggregates say of one tenant, as plain numbers. */
export interface LedgerView {
  /** Ledger rows behind it; orders readings, see `fenceOf`. */
  readonly rows: number;
  /** First day on which money counts; undefined where none does. */
  readonly firstDate: CivilDate | undefined;
  /** Sum over own accounts, every fact known, by currency. */
  readonly balances: ReadonlyMap<Currency, Minor>;
  /** What of them may be spent, in the base currency by today's rates. */
  readonly availableMinor: Minor;
  /** What of them must not be spent, by account. */
  readonly restricted: readonly AccountDelta[];
  /** What of them has no rate, and is in no sum. */
  readonly unvalued: readonly Unvalued[];
  readonly unvaluedDays: readonly UnvaluedDays[];
  /** What of the available money is foreign. */
  readonly foreign: readonly ForeignCash[];
  readonly exchange: ExchangeGains;
  /** Left out where no source tells of any. */
  readonly invoices?: FromInvoices;
  readonly valuer: Valuer;
  /** Days with external money, in the base currency, ascending; what an account opened with is no movement. */
  readonly days: readonly DayFlow[];
  /** The same for all days that were read, however long ago. */
  readonly past: readonly DayFlow[];
  readonly estimatedCount: number;
  /** Latest `recordedAt` per source. */
  readonly latest: Readonly<Record<string, string>>;
  readonly plan: PlanAggregate['items'];
  /** What the clouds cost lately, and what is left of their credits, where their bills are read. */
  readonly cloud?: {
    readonly costs: readonly Statement<'cost'>[];
    readonly lots: readonly Statement<'credit_lot'>[];
  };
  /** What the tenant's own past has taught of its intervals. */
  readonly adaptation?: Adaptation;
  readonly conflicts: number;
  readonly quarantined: number;
  /** What each own place holds, by currency; they sum to `balances`. */
  readonly accounts: readonly AccountDelta[];
  /** Payments to come that sources told of and no bank shows yet. */
  readonly expected: readonly ExpectedPayment[];
  /** Why the total may be wrong, as sentences. */
  readonly attention: readonly string[];
  /** What is kept and not counted, as sentences. */
  readonly notes: readonly string[];
}

/** What is needed beside the aggregates of cash to count each dollar once. */
export interface Beside {
  readonly settings: CashSettings & FeedSettings;
  readonly asOf: CivilDate;
  readonly payouts: readonly StatementsAggregate<'payout'>[];
  readonly commitments: readonly StatementsAggregate<'commitment'>[];
  /** Where left out, no feed has ever failed. */
  readonly feeds?: readonly StatementsAggregate<'feed'>[];
  /** Left out: none is known. */
  readonly rates?: readonly StatementsAggregate<'rate'>[];
  /** Of tenants whose cloud bills are read: the last months' costs, and what is left of credits. */
  readonly cloud?: {
    readonly costs: readonly StatementsAggregate<'cost'>[];
    readonly lots: readonly StatementsAggregate<'credit_lot'>[];
  };
  readonly invoices?: readonly StatementsAggregate<'invoice'>[];
}

/** Days of history that the model looks at. */
export const HISTORY_DAYS = 364;

/** First month that the model looks at. */
const firstMonth = (asOf: CivilDate): string => monthOf(addDays(asOf, -HISTORY_DAYS));

/**
 * Whether a bank tells some of the money. Then no sum of a month is the last word: which of its lines count, and where they
 * came from, is only seen over all days together. One company's days are few.
 */
const isToldByBank = (months: readonly MonthAggregate[]): boolean =>
  months.some(({ accounts }) => accounts.some(({ source }) => isBankFeed(source)));

/** Whether some money is foreign: what holding it gained is only known from its first day on. */
const hasForeign = (months: readonly MonthAggregate[], base: Currency): boolean =>
  months.some(({ accounts }) => accounts.some(({ currency }) => currency !== base));

/** The months whose days a forecast as of `asOf` needs, oldest first. */
export const monthsNeeded = (
  months: readonly MonthAggregate[],
  asOf: CivilDate,
  base: Currency,
): readonly MonthAggregate[] => {
  const isAll = isToldByBank(months) || hasForeign(months, base);
  return months
    .filter(({ month }) => isAll || (month >= firstMonth(asOf) && month <= monthOf(asOf)))
    .sort((a, b) => (a.month < b.month ? -1 : 1));
};

const balancesOf = (accounts: readonly AccountDelta[]): ReadonlyMap<Currency, Minor> => {
  const balances = new Map<Currency, Minor>();
  for (const { currency, deltaMinor } of accounts)
    balances.set(currency, (balances.get(currency) ?? 0n) + deltaMinor);
  return balances;
};

const rowsOf = (aggregates: readonly { readonly rows: number }[]): number =>
  aggregates.reduce((sum, { rows }) => sum + rows, 0);

const count = (
  days: readonly DayAggregate[],
  { settings, asOf, payouts, commitments }: Beside,
  { book }: Valuer,
): Counted =>
  countOnce(
    {
      days,
      payouts: payouts.flatMap(({ statements }) => statements),
      commitments: commitments.flatMap(({ statements }) => statements),
      rates: book,
    },
    settings,
    asOf,
  );

/** Whether a planned payment is told as a commitment too, which knows better whether it was paid. */
const isExpected = (planned: string, commitments: readonly StatementsAggregate<'commitment'>[]): boolean => {
  const key = `${planned.replace(/^payroll:/, 'pay:')}:due`;
  return commitments.some(({ statements }) => statements.some((each) => each.key === key));
};

type Money = Pick<
  LedgerView,
  'availableMinor' | 'foreign' | 'restricted' | 'unvalued' | 'unvaluedDays' | 'exchange' | 'past'
>;

/** What the money is worth, what of it may be spent, and how that moved. */
const moneyIn = (
  { days, moved }: Counted,
  accounts: readonly AccountDelta[],
  { settings }: Beside,
  valuer: Valuer,
): Money => {
  const locked = (settings.accounts ?? []).filter((each) => each.restricted).map(({ account }) => account);
  const isLocked = ({ account }: { readonly account: string }): boolean => locked.includes(account);
  const valued = valuedDays(days, valuer);
  const spendable =
    locked.length === 0
      ? valued.days
      : valued.days.map((day) => ({ ...day, flows: day.flows.filter((flow) => !isLocked(flow)) }));
  const free = balancesOf(accounts.filter((each) => !isLocked(each)));
  const available = worthOf(free, valuer);
  return {
    availableMinor: available.totalMinor,
    restricted: accounts.filter(isLocked),
    unvalued: available.unvalued,
    foreign: foreignCash(free, valuer),
    unvaluedDays: valued.unvalued,
    exchange: exchangeGains(days, moved, valued.days, valuer),
    past: dayFlows(spendable, valuer.base),
  };
};

/** Reads a tenant's aggregates as one view. @param days of the months that `monthsNeeded` names. */
export const ledgerView = (
  overview: {
    readonly months: readonly MonthAggregate[];
    readonly plan: PlanAggregate | undefined;
    readonly review: ReviewAggregate | undefined;
    readonly adaptation?: Adaptation;
  },
  days: readonly DayAggregate[],
  baseCurrency: Currency,
  beside: Beside,
): LedgerView => {
  const { payouts, commitments, asOf, feeds = [], rates = [], invoices = [], cloud } = beside;
  const valuer = { base: baseCurrency, asOf, book: rateBook(rates.flatMap(({ statements }) => statements)) };
  const counted = count(days, beside, valuer);
  const { months, plan, review, adaptation } = overview;
  const accounts = sumAccounts(
    isToldByBank(months)
      ? [...counted.days.flatMap((day) => day.accounts), ...counted.moved]
      : months.flatMap((month) => month.accounts),
  );
  const money = moneyIn(counted, accounts, beside, valuer);
  const billed = invoices.flatMap(({ statements }) => statements);
  const firstDates = months.flatMap((month) => month.firstDate ?? []).sort();
  return {
    rows:
      rowsOf(months) +
      (plan?.rows ?? 0) +
      (review?.rows ?? 0) +
      rowsOf([
        ...payouts,
        ...commitments,
        ...feeds,
        ...rates,
        ...invoices,
        ...(cloud?.costs ?? []),
        ...(cloud?.lots ?? []),
      ]),
    firstDate: firstDates[0] as CivilDate | undefined,
    balances: balancesOf(accounts),
    ...(billed.length > 0 && { invoices: fromInvoices(billed, asOf) }),
    valuer,
    ...money,
    days: money.past.filter(({ date }) => monthOf(date) >= firstMonth(asOf)),
    estimatedCount: months.reduce((sum, month) => sum + month.estimatedCount, 0),
    latest: mergeLatest(months.map((month) => month.latest)),
    plan: (plan?.items ?? []).filter(({ id }) => !isExpected(id, commitments)),
    ...(adaptation && { adaptation }),
    ...(cloud && {
      cloud: {
        costs: cloud.costs.flatMap(({ statements }) => statements),
        lots: cloud.lots.flatMap(({ statements }) => statements),
      },
    }),
    conflicts: review?.conflicts ?? 0,
    quarantined: review?.quarantined ?? 0,
    accounts,
    expected: valuedExpected(counted.expected, valuer),
    attention: [...staleFeeds(beside.settings, feeds), ...counted.attention],
    notes: [...silentFeeds(beside.settings, feeds), ...counted.notes],
  };
};
