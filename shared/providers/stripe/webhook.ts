import { createHash } from 'node:crypto';
import * as v from 'valibot';
import type { TenantSettings } from '../../contract/tenant.ts';
import { EXTERNAL, STRIPE_TRANSIT } from '../../event/account.ts';
import type { EventReading, Interpretation, Provider } from '../provider.ts';
import { stripeFact, stripeId, stripeSeconds, transactionKey } from './balance-transaction.ts';
import { billingDoorbell, transactionDoorbell } from './doorbell.ts';
import { fromStripe } from './exponents.ts';
import { type Movements, movementsOf } from './movements.ts';
import { payoutStatement } from './payout.ts';
import { verifyStripe } from './signature.ts';

const envelope = v.object({
  id: v.string(),
  type: v.string(),
  livemode: v.boolean(),
  created: v.nullish(stripeSeconds),
  account: v.nullish(stripeId),
  data: v.object({ object: v.looseObject({}) }),
});

/** Its object is read anew rather than believed: events of one second come in no order. */
const BILLING_EVENT = /^(customer\.subscription|invoice)\.(?!upcoming)/;

const parse = (body: Buffer): unknown => {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
};

/** Ids of webhook deliveries are event ids; a body without one is named by its own hash. */
const deliveryIdOf = (body: Buffer): string => {
  const id = v.safeParse(v.object({ id: stripeId }), parse(body));
  return id.success ? id.output.id : `sha256-${createHash('sha256').update(body).digest('hex')}`;
};

const readingsOf = (
  movements: Extract<Movements, { kind: 'movements' }>,
  account: string | undefined,
  settings: TenantSettings,
): readonly EventReading[] | string => {
  const readings: EventReading[] = movements.settled.map((fact) => ({ id: fact.key, fact }));
  for (const gross of movements.estimated) {
    const amount = fromStripe(gross.amount, gross.currency);
    if (amount === undefined) return `${gross.id}: no such amount of ${gross.currency}`;
    const fact = stripeFact(
      {
        key: transactionKey(account, settings.livemode, gross.id),
        createdSeconds: gross.createdSeconds,
        counterAccount: gross.own ? STRIPE_TRANSIT : EXTERNAL,
        currency: amount.currency,
        lines: [{ category: gross.category, amountMinor: amount.amountMinor }],
        estimated: true,
      },
      settings,
    );
    readings.push({ id: fact.key, fact });
  }
  return readings;
};

/**
 * Cash is counted by balance transaction, whichever event names it: two events about one charge, a second event object
 * for one change and a fetched list all meet in one fact. Events of the other mode are another company's world.
 */
const interpret = (body: Buffer, settings: TenantSettings): Interpretation => {
  const parsed = v.safeParse(envelope, parse(body));
  if (!parsed.success) return { outcome: 'quarantined', reason: 'not a Stripe event with its data' };
  const { type, livemode, created, data } = parsed.output;
  const account = parsed.output.account ?? undefined;
  if (livemode !== settings.livemode)
    return { outcome: 'ignored', reason: 'event of the other mode', doorbells: [] };
  const billing = BILLING_EVENT.exec(type)?.[1];
  if (billing !== undefined) {
    const id = v.safeParse(v.looseObject({ id: stripeId }), data.object);
    if (!id.success) return { outcome: 'quarantined', reason: `${type}: the object has no id` };
    const object = billing === 'invoice' ? 'invoice' : 'subscription';
    const rings = [billingDoorbell(object, id.output.id, account)];
    return { outcome: 'ignored', reason: `the ${object} is read anew`, doorbells: rings };
  }
  const movements = movementsOf(type, data.object, account, settings);
  if (movements.kind === 'unreadable') return { outcome: 'quarantined', reason: movements.reason };
  const doorbells = movements.named.map((id) => transactionDoorbell(id, account));
  const statement = /^(payout|topup)\./.test(type)
    ? payoutStatement(data.object, created ?? 0, account, settings)
    : undefined;
  const stated = statement === undefined ? [] : [{ id: statement.key, fact: statement }];
  if (movements.kind === 'none')
    return stated.length === 0
      ? { outcome: 'ignored', reason: movements.reason, doorbells }
      : { outcome: 'facts', events: stated, doorbells };
  const events = readingsOf(movements, account, settings);
  return typeof events === 'string'
    ? { outcome: 'quarantined', reason: events }
    : { outcome: 'facts', events: [...events, ...stated], doorbells };
};

/** For webhooks and for what is fetched: one code reads both. */
export const STRIPE_NORMALISER = 'stripe/2';

export const stripe: Provider = {
  normaliser: STRIPE_NORMALISER,
  verify: verifyStripe,
  deliveryId: (request) => deliveryIdOf(request.body),
  interpret,
};
