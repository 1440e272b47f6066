import * as v from 'valibot';
import { sha256Of } from '../../canonical/canonical.ts';
import type { PlaidItem, TenantSettings } from '../../contract/tenant.ts';
import type { Interpretation, KeySigned } from '../provider.ts';
import { itemDoorbell } from './doorbell.ts';
import { isRecentTokenOf, isSignedWith, PLAID_HEADER, plaidToken } from './signature.ts';

export const plaidId: v.GenericSchema<string> = v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{1,100}$/));

const envelope = v.object({ webhook_type: v.string(), webhook_code: v.string(), item_id: plaidId });

/** What the bank login is in need of, by the code of an ITEM webhook; while it lasts, no new transactions come. */
const HEALTH: Readonly<Record<string, string>> = {
  ERROR: 'the bank login is broken: its owner has to sign in again',
  PENDING_EXPIRATION: 'consent to read the bank account ends soon',
  PENDING_DISCONNECT: 'the bank login will be disconnected soon',
  USER_PERMISSION_REVOKED: 'permission to read the bank account was withdrawn',
};

const parse = (body: Buffer): v.InferOutput<typeof envelope> | undefined => {
  try {
    const parsed = v.safeParse(envelope, JSON.parse(body.toString('utf8')));
    return parsed.success ? parsed.output : undefined;
  } catch {
    return undefined;
  }
};

/** The tenant's bank login of this id. */
export const plaidItemOf = (settings: TenantSettings, item: string): PlaidItem | undefined =>
  settings.plaid?.find((candidate) => candidate.item === item);

/** Webhooks carry no data: they say that there is some, or that there will be none. */
const interpret = (body: Buffer): Interpretation => {
  const webhook = parse(body);
  if (webhook === undefined) return { outcome: 'quarantined', reason: 'not a webhook about an item' };
  const { webhook_type: type, webhook_code: code, item_id: item } = webhook;
  const ignored = { outcome: 'ignored', doorbells: [itemDoorbell(item)] } as const;
  if (type === 'TRANSACTIONS' && code === 'SYNC_UPDATES_AVAILABLE')
    return { ...ignored, reason: 'there are transactions to fetch' };
  if (type === 'ITEM' && code === 'LOGIN_REPAIRED') {
    const reason = 'the bank login works again';
    return { ...ignored, reason, attention: `item ${item}: ${reason}` };
  }
  const health = type === 'ITEM' && Object.hasOwn(HEALTH, code) ? HEALTH[code] : undefined;
  return health === undefined
    ? { outcome: 'ignored', reason: `nothing to do for ${type}/${code}`, doorbells: [] }
    : { outcome: 'ignored', reason: health, doorbells: [], attention: `item ${item}: ${health} (${code})` };
};

/** For webhooks and for what is fetched: changes with any change in what is made of either. */
export const PLAID_NORMALISER = 'plaid/1';

/**
 * Plaid signs for all its customers with the same keys, so a good signature says nothing of the tenant: only the item does,
 * whose id nobody else knows. It is looked at first, and a stranger cannot make us fetch keys.
 */
export const plaid: KeySigned = {
  normaliser: PLAID_NORMALISER,
  keyId: (request, settings, nowMs) => {
    const item = parse(request.body)?.item_id;
    if (item === undefined || plaidItemOf(settings, item) === undefined) return undefined;
    const token = plaidToken(request);
    return token !== undefined && isRecentTokenOf(token, request.body, nowMs) ? token.keyId : undefined;
  },
  verifyWith: isSignedWith,
  /** Plaid numbers no webhooks, and two that say the same within a second are still two: each has a token of its own. */
  deliveryId: ({ headers }) => `webhook:${sha256Of(headers[PLAID_HEADER] ?? '').replace('sha256:', '')}`,
  interpret,
};
