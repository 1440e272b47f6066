import * as v from 'valibot';
import { chargebeeId, type ReadResource, readerOf, resourceSchema, seconds } from './resource.ts';

const schema = v.intersect([
  resourceSchema,
  v.object({
    type: v.string(),
    status: v.nullish(v.string()),
    amount: v.pipe(v.number(), v.safeInteger()),
    date: seconds,
    gateway: v.nullish(v.string()),
    id_at_gateway: v.nullish(v.string()),
    payment_method: v.nullish(v.string()),
    customer_id: v.nullish(chargebeeId),
  }),
]);

/** An authorisation moves nothing. */
const SIGNS: Readonly<Record<string, bigint>> = { payment: 1n, refund: -1n, payment_reversal: -1n };

/**
 * A transaction, as a label for the money that another source counts: the gateway's own feed, or for cash, checks and
 * transfers the bank's. Only a success is one, and one that fails late is none again.
 */
export const readPayment: ReadResource = readerOf('txn', schema, (transaction, money) => {
  const { type, status, gateway, payment_method: method } = transaction;
  const amountMinor = money.of(transaction.amount);
  if (amountMinor === undefined) return 'no such amount';
  const sign = Object.hasOwn(SIGNS, type) ? SIGNS[type] : undefined;
  const counts = sign !== undefined && status === 'success' && transaction.deleted !== true;
  return {
    subject: 'payment',
    second: transaction.date,
    description: method === 'chargeback' ? 'chargeback' : type.replaceAll('_', ' '),
    counterparty: transaction.customer_id,
    metadata: { type, status: status ?? 'unknown', ...(method && { payment_method: method }) },
    body: counts
      ? {
          gateway: gateway ?? 'not_applicable',
          ...(transaction.id_at_gateway && { idAtGateway: transaction.id_at_gateway }),
          amountMinor: sign * amountMinor,
          currency: money.currency,
        }
      : null,
  };
});
