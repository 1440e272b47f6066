import * as v from 'valibot';
import type { TenantSettings } from '../../contract/tenant.ts';
import { revision } from '../../event/fact.ts';
import { type Payout, type StatementFact, statementFact } from '../../event/statement.ts';
import { civilDateIn } from '../../time/civil-date.ts';
import { isoInstant } from '../../time/instant.ts';
import { stripeId, stripeInteger, stripeSeconds, transactionKey } from './balance-transaction.ts';
import { fromStripe } from './exponents.ts';

const STATUSES: Readonly<Record<string, Payout['status']>> = {
  pending: 'pending',
  in_transit: 'in_transit',
  paid: 'paid',
  failed: 'failed',
  canceled: 'canceled',
  succeeded: 'paid',
  reversed: 'failed',
};
/** A payout that was paid may fail all the same; none that failed is paid. */
const RANK: Readonly<Record<Payout['status'], number>> = {
  pending: 0,
  in_transit: 1,
  paid: 2,
  failed: 3,
  canceled: 3,
};
/** More than any second until the year 5138. */
const SECONDS = 100_000_000_000;

const reference = v.nullish(v.union([stripeId, v.looseObject({ id: stripeId })]));
const schema = v.object({
  id: stripeId,
  object: v.picklist(['payout', 'topup']),
  amount: stripeInteger,
  currency: v.string(),
  created: stripeSeconds,
  status: v.string(),
  arrival_date: v.nullish(stripeSeconds),
  expected_availability_date: v.nullish(stripeSeconds),
  balance_transaction: reference,
  destination: reference,
  trace_id: v.nullish(v.looseObject({ value: v.nullish(v.string()) })),
});

const idOf = (named: v.InferOutput<typeof reference>): string | undefined =>
  typeof named === 'string' ? named : (named?.id ?? undefined);

/**
 * What a payout says of itself; a top-up is one the other way round. Its day of arrival is a date that Stripe writes as
 * midnight UTC, in no other zone.
 * @param toldSeconds when it was in this state: of two tellings of one status, the later counts.
 * @returns undefined where it does not say enough to be looked for at a bank.
 */
export const payoutStatement = (
  value: unknown,
  toldSeconds: number,
  account: string | undefined,
  settings: TenantSettings,
): StatementFact | undefined => {
  const parsed = v.safeParse(schema, value);
  if (!parsed.success) return undefined;
  const { id, object, created, arrival_date, expected_availability_date, trace_id } = parsed.output;
  const amount = fromStripe(parsed.output.amount, parsed.output.currency);
  const status = Object.hasOwn(STATUSES, parsed.output.status) ? STATUSES[parsed.output.status] : undefined;
  const arrives = arrival_date ?? expected_availability_date;
  if (amount === undefined || status === undefined || typeof arrives !== 'number') return undefined;
  const transaction = idOf(parsed.output.balance_transaction);
  const destination = idOf(parsed.output.destination);
  const trace = trace_id?.value ?? undefined;
  const scope = `stripe:${account ?? 'self'}:${settings.livemode ? 'live' : 'test'}`;
  return statementFact(
    {
      key: `${scope}:${object === 'payout' ? 'po' : 'tu'}:${id}`,
      revision: revision('final', RANK[status] * SECONDS + toldSeconds),
      source: 'stripe',
      date: civilDateIn(settings.accountingZone, created * 1000),
      occurredAt: isoInstant(created * 1000),
    },
    'payout',
    {
      amountMinor: object === 'payout' ? amount.amountMinor : -amount.amountMinor,
      currency: amount.currency,
      arrivalDate: civilDateIn('UTC', arrives * 1000),
      status,
      ...(trace !== undefined && { traceId: trace }),
      ...(destination !== undefined && { destination }),
      ...(transaction !== undefined && {
        transaction: transactionKey(account, settings.livemode, transaction),
      }),
    },
  );
};
