import * as v from 'valibot';
import { sha256Of } from '../../canonical/canonical.ts';
import type { Interpretation, SecretSigned } from '../provider.ts';
import { jsonIn } from '../text.ts';
import { type GustoObject, gustoDoorbell } from './doorbell.ts';
import { offeredToken, verifyGusto } from './signature.ts';

export const GUSTO = 'gusto';

export const gustoId: v.GenericSchema<string> = v.pipe(v.string(), v.regex(/^[\w-]{1,64}$/));

const envelope = v.object({
  event_type: v.string(),
  resource_uuid: v.nullish(gustoId),
  entity_type: v.nullish(v.string()),
  entity_uuid: v.nullish(gustoId),
});

/** What events are about, as far as it moves money. */
const OBJECTS: Readonly<Record<string, GustoObject>> = {
  Payroll: 'payroll',
  ContractorPayment: 'contractor_payment',
};

/** What a person has to see to; the money of it follows from what is fetched. */
const ATTENTION: Readonly<Record<string, string>> = {
  'payroll.processing_failed': 'a payroll could not be processed',
  'payroll.reversed': 'a payroll was reversed',
  'payroll.partially_reversed': 'a payroll was reversed in part',
};

/** Events name what changed and say nothing of it: that is fetched. */
const interpret: SecretSigned['interpret'] = (body, { gusto: configured }): Interpretation => {
  const parsed = v.safeParse(envelope, jsonIn(body));
  if (!parsed.success) return { outcome: 'quarantined', reason: 'not a Gusto event' };
  const { event_type: type, resource_uuid: company, entity_type: entity, entity_uuid: id } = parsed.output;
  const ignored = { outcome: 'ignored', doorbells: [] } as const;
  if (configured === undefined)
    return {
      ...ignored,
      reason: 'no company of this tenant at Gusto is configured',
      attention: 'events of Gusto arrive, and tenants[].gusto names no company',
    };
  if (company && company !== configured.company) return { ...ignored, reason: 'an event of another company' };
  const kind = entity && Object.hasOwn(OBJECTS, entity) ? OBJECTS[entity] : undefined;
  if (kind === undefined || !id) return { ...ignored, reason: `nothing to do for ${type}` };
  const attention = Object.hasOwn(ATTENTION, type) ? ATTENTION[type] : undefined;
  return {
    ...ignored,
    reason: `there is a ${kind.replaceAll('_', ' ')} to fetch`,
    doorbells: [gustoDoorbell(kind, id)],
    ...(attention !== undefined && { attention: `payroll ${id}: ${attention}` }),
  };
};

/** Events of older versions have no uuid, and are named by their hash. */
const deliveryIdOf = (body: Buffer): string => {
  const parsed = v.safeParse(v.object({ uuid: gustoId }), jsonIn(body));
  return parsed.success ? parsed.output.uuid : sha256Of(body).replace(':', '-');
};

/** For webhooks and for what is fetched: changes with any change in what is made of either. */
export const GUSTO_NORMALISER = 'gusto/1';

export const gusto: SecretSigned = {
  normaliser: GUSTO_NORMALISER,
  verify: verifyGusto,
  offeredSecret: offeredToken,
  deliveryId: ({ body }) => deliveryIdOf(body),
  interpret,
};
