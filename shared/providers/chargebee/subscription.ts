import * as v from 'valibot';
import { mrrOf, priceSchema } from './mrr.ts';
import { chargebeeId, instantOf, type ReadResource, readerOf, resourceSchema, seconds } from './resource.ts';

const schema = v.intersect([
  resourceSchema,
  priceSchema,
  v.object({
    customer_id: chargebeeId,
    status: v.string(),
    created_at: v.nullish(seconds),
    started_at: v.nullish(seconds),
    start_date: v.nullish(seconds),
    cancelled_at: v.nullish(seconds),
  }),
]);

/** Earn recurring revenue now; `future`, `in_trial`, `paused` and `cancelled` earn what Chargebee says, if it says so. */
const RUNNING = new Set(['active', 'non_renewing']);

/** A subscription and what it is worth a month. */
export const readSubscription: ReadResource = readerOf('sub', schema, (subscription, money) => {
  const { status, customer_id: customer, cancelled_at: cancelledAt } = subscription;
  const startedAt = subscription.started_at ?? subscription.start_date ?? subscription.created_at;
  if (typeof startedAt !== 'number') return 'no time of its beginning';
  const { mrrMinor, origin } = mrrOf(subscription, RUNNING.has(status), money);
  return {
    subject: 'subscription',
    second: subscription.created_at ?? startedAt,
    description: `subscription ${status.replaceAll('_', ' ')}`,
    counterparty: customer,
    metadata: { mrr: origin },
    body:
      subscription.deleted === true
        ? null
        : {
            customer,
            status,
            currency: money.currency,
            mrrMinor,
            startedAt: instantOf(startedAt),
            ...(typeof cancelledAt === 'number' && { canceledAt: instantOf(cancelledAt) }),
          },
  };
});
