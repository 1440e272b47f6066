/** What a reader of the runway should know of and must not add to it: stated beside the number, in none of its sums. */
import type { Told } from '../beside/invoices.ts';
import { rateOn } from '../fx/rates.ts';
import { type Currency, currency as currencyOf } from '../money/currency.ts';
import { decimalOf, type Minor } from '../money/money.ts';
import type { LedgerView } from './ledger-view.ts';
import { type Valuer, worthOf } from './valuation.ts';

/** An amount in the base currency by today's rates, and what it is made of. */
interface Stated {
  readonly amount: string;
  readonly currency: string;
  readonly by_currency: Readonly<Record<string, string>>;
  /** Currencies without a rate: they are in no sum. */
  readonly unvalued: readonly string[];
}

interface Gain {
  readonly amount: string;
  readonly currency: string;
}

export interface BesideNumbers {
  /** Null where no source tells of invoices. */
  readonly liabilities: { readonly deferred_revenue: Stated; readonly refunds_due: Stated } | null;
  /** Null where no account is restricted. */
  readonly restricted_cash: (Stated & { readonly accounts: readonly string[] }) | null;
  readonly receivables: (Stated & { readonly overdue: string }) | null;
  /** What customers are to pay, by the day on which it is due. */
  readonly collections: readonly {
    readonly due: string | null;
    readonly amount: string;
    readonly currency: string;
  }[];
  /** Gained (lost: negative) by the rates on foreign money that is held; null where none ever was. */
  readonly unrealised_fx:
    | (Gain & {
        readonly holdings: readonly {
          readonly currency: string;
          readonly amount: string;
          readonly value: string;
          readonly unrealised: string;
          readonly rate_date: string | null;
        }[];
      })
    | null;
  /** The same on foreign money that has left, and what exchanging it brought against the reference rates. */
  readonly realised_fx: (Gain & { readonly held: string; readonly exchanged: string }) | null;
}

const known = (told: readonly Told[]): readonly (readonly [Currency, Minor])[] =>
  told.flatMap(({ currency: code, amountMinor }) => {
    const currency = currencyOf(code);
    return currency === undefined ? [] : [[currency, amountMinor] as const];
  });

const stated = (amounts: readonly (readonly [Currency, Minor])[], valuer: Valuer): Stated => {
  const sums = new Map<Currency, Minor>();
  for (const [currency, minor] of amounts) sums.set(currency, (sums.get(currency) ?? 0n) + minor);
  const { totalMinor, unvalued } = worthOf(sums, valuer);
  return {
    amount: decimalOf(totalMinor, valuer.base),
    currency: valuer.base,
    by_currency: Object.fromEntries(
      [...sums].sort(([a], [b]) => (a < b ? -1 : 1)).map(([code, minor]) => [code, decimalOf(minor, code)]),
    ),
    unvalued: unvalued.map(({ currency }) => currency),
  };
};

const exchanged = ({
  exchange,
  valuer,
}: LedgerView): Pick<BesideNumbers, 'unrealised_fx' | 'realised_fx'> => {
  const { holdings, settledMinor } = exchange;
  if (holdings.length === 0) return { unrealised_fx: null, realised_fx: null };
  const { base, book, asOf } = valuer;
  const amount = (minor: Minor): string => decimalOf(minor, base);
  const unrealisedMinor = holdings.reduce((sum, each) => sum + each.unrealisedMinor, 0n);
  const realisedMinor = holdings.reduce((sum, each) => sum + each.realisedMinor, 0n);
  return {
    unrealised_fx: {
      amount: amount(unrealisedMinor),
      currency: base,
      holdings: holdings
        .filter(({ heldMinor }) => heldMinor !== 0n)
        .map((each) => ({
          currency: each.currency,
          amount: decimalOf(each.heldMinor, each.currency),
          value: amount(each.valueMinor),
          unrealised: amount(each.unrealisedMinor),
          rate_date: rateOn(book, each.currency, asOf)?.date ?? null,
        })),
    },
    realised_fx: {
      amount: amount(realisedMinor + settledMinor),
      currency: base,
      held: amount(realisedMinor),
      exchanged: amount(settledMinor),
    },
  };
};

const billed = ({
  invoices,
  valuer,
}: LedgerView): Pick<BesideNumbers, 'liabilities' | 'receivables' | 'collections'> => {
  if (invoices === undefined) return { liabilities: null, receivables: null, collections: [] };
  const { deferred, refundsDue, collections } = invoices;
  const overdue = collections.filter(({ dueDate }) => dueDate !== null && dueDate < valuer.asOf);
  return {
    liabilities: {
      deferred_revenue: stated(known(deferred), valuer),
      refunds_due: stated(known(refundsDue), valuer),
    },
    receivables: {
      ...stated(known(collections), valuer),
      overdue: stated(known(overdue), valuer).amount,
    },
    collections: collections.flatMap((each) =>
      known([each]).map(([currency, minor]) => ({
        due: each.dueDate,
        amount: decimalOf(minor, currency),
        currency,
      })),
    ),
  };
};

/** Everything beside the number that the ledger knows of. */
export const besideNumbers = (view: LedgerView): BesideNumbers => {
  const { restricted, valuer } = view;
  return {
    ...billed(view),
    restricted_cash:
      restricted.length === 0
        ? null
        : {
            ...stated(
              restricted.map(({ currency, deltaMinor }) => [currency, deltaMinor]),
              valuer,
            ),
            accounts: [...new Set(restricted.map(({ account }) => account))].sort(),
          },
    ...exchanged(view),
  };
};
