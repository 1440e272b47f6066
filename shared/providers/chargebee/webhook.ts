import * as v from 'valibot';
import { sha256Of } from '../../canonical/canonical.ts';
import { hasBasicCredentials } from '../basic-auth.ts';
import type { EventReading, Interpretation, SecretSigned } from '../provider.ts';
import { jsonIn } from '../text.ts';
import { readCreditNote, readInvoice } from './invoice.ts';
import { readPayment } from './payment.ts';
import type { ReadResource } from './resource.ts';
import { readSubscription } from './subscription.ts';

/** The only shape of events we read. */
const API_VERSION = 'v2';

const eventId = v.pipe(v.string(), v.regex(/^[\w-]{1,100}$/));
const envelope = v.object({
  id: eventId,
  event_type: v.string(),
  api_version: v.nullish(v.string()),
  content: v.looseObject({}),
});

export type ResourceName = 'transaction' | 'invoice' | 'subscription' | 'credit_note';

/** Readers by the name a resource has in an event and in a list. */
export const RESOURCES: Readonly<Record<ResourceName, ReadResource>> = {
  transaction: readPayment,
  invoice: readInvoice,
  subscription: readSubscription,
  credit_note: readCreditNote,
};

/** For webhooks and for what is fetched: changes with any change in what is made of either. */
export const CHARGEBEE_NORMALISER = 'chargebee/1';

/**
 * An event carries its resources as they are after it, so each of them is read, whatever the event is about. None of them is
 * cash: a payment by Chargebee's word is money that its gateway or the bank counts.
 */
const interpret: SecretSigned['interpret'] = (body, settings): Interpretation => {
  const parsed = v.safeParse(envelope, jsonIn(body));
  if (!parsed.success) return { outcome: 'quarantined', reason: 'not a Chargebee event with its content' };
  const { event_type: type, api_version: version, content } = parsed.output;
  if (version && version !== API_VERSION)
    return {
      outcome: 'quarantined',
      reason: `an event of API version ${version}: set the webhook to ${API_VERSION}`,
    };
  const isGone = type.endsWith('_deleted');
  const events: EventReading[] = [];
  for (const [name, read] of Object.entries(RESOURCES)) {
    const resource = content[name];
    if (typeof resource !== 'object' || resource === null) continue;
    const gone = isGone && type === `${name}_deleted`;
    const fact = read(gone ? { ...resource, deleted: true } : resource, settings);
    if (typeof fact === 'string') return { outcome: 'quarantined', reason: `${type}: ${fact}` };
    events.push({ id: fact.key, fact });
  }
  return events.length === 0
    ? { outcome: 'ignored', reason: `nothing to do for ${type}`, doorbells: [] }
    : { outcome: 'facts', events, doorbells: [] };
};

/** One event keeps its id through all its deliveries, while its body tells of those before; a body without is named by hash. */
const deliveryIdOf = (body: Buffer): string => {
  const parsed = v.safeParse(v.object({ id: eventId }), jsonIn(body));
  return parsed.success ? parsed.output.id : sha256Of(body).replace(':', '-');
};

export const chargebee: SecretSigned = {
  normaliser: CHARGEBEE_NORMALISER,
  verify: hasBasicCredentials,
  deliveryId: ({ body }) => deliveryIdOf(body),
  interpret,
};
