/** What invoices say that is no cash: money received for service still owed, and money that is still to come. */
import type { Invoice, Statement } from '../event/statement.ts';
import { dividedBy } from '../money/half-even.ts';
import type { Minor } from '../money/money.ts';
import { type CivilDate, daysBetween } from '../time/civil-date.ts';

/** An amount in the currency of its invoice. */
export interface Told {
  readonly currency: string;
  readonly amountMinor: Minor;
}

export interface Collection extends Told {
  /** Null where no day was agreed. */
  readonly dueDate: CivilDate | null;
}

export interface FromInvoices {
  /** Of what was paid for a period, the part that pays for days to come, day by day the same. */
  readonly deferred: readonly Told[];
  /** What customers are to be paid back. */
  readonly refundsDue: readonly Told[];
  /** Open invoices, the earliest due first. */
  readonly collections: readonly Collection[];
}

/** Owed by nobody, or not yet. */
const UNOWED = ['voided', 'void', 'draft', 'pending', 'uncollectible'];

const deferredOf = (invoice: Invoice, asOf: CivilDate): Minor => {
  const { totalMinor, dueMinor, periodFrom, periodTo, periodMinor = totalMinor } = invoice;
  if (periodFrom === undefined || periodTo === undefined || totalMinor === 0n) return 0n;
  const days = daysBetween(periodFrom, periodTo) + 1;
  const ahead = Math.min(days, daysBetween(asOf, periodTo));
  if (days <= 0 || ahead <= 0) return 0n;
  const share = periodMinor * (totalMinor - dueMinor) * BigInt(ahead);
  const [numerator, denominator] = totalMinor < 0n ? [-share, -totalMinor] : [share, totalMinor];
  return dividedBy(numerator, denominator * BigInt(days));
};

const summed = (told: readonly Told[]): readonly Told[] =>
  [...Map.groupBy(told, ({ currency }) => currency)]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([currency, of]) => ({
      currency,
      amountMinor: of.reduce((sum, each) => sum + each.amountMinor, 0n),
    }))
    .filter(({ amountMinor }) => amountMinor !== 0n);

/** @param asOf the accounting day; what it pays for itself is earned. */
export const fromInvoices = (
  invoices: readonly Pick<Statement<'invoice'>, 'body'>[],
  asOf: CivilDate,
): FromInvoices => {
  const bodies = invoices.map(({ body }) => body).filter(({ status }) => !UNOWED.includes(status));
  const due = bodies.filter(({ status }) => status !== 'paid');
  const open = due.filter(({ dueMinor }) => dueMinor > 0n);
  const byDay = [...Map.groupBy(open, ({ dueDate }) => dueDate ?? null)].sort(([a], [b]) =>
    (a ?? '9') < (b ?? '9') ? -1 : 1,
  );
  return {
    deferred: summed(
      bodies.map((each) => ({ currency: each.currency, amountMinor: deferredOf(each, asOf) })),
    ),
    refundsDue: summed(
      due
        .filter(({ dueMinor }) => dueMinor < 0n)
        .map(({ currency, dueMinor }) => ({ currency, amountMinor: -dueMinor })),
    ),
    collections: byDay.flatMap(([dueDate, of]) =>
      summed(of.map(({ currency, dueMinor }) => ({ currency, amountMinor: dueMinor }))).map((told) => ({
        ...told,
        dueDate,
      })),
    ),
  };
};
