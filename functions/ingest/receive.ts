import type { Archive } from '../../shared/aws/archive.ts';
import type { DeliveryBuffer } from '../../shared/aws/delivery-buffer.ts';
import type { LedgerStore } from '../../shared/aws/ledger-store.ts';
import type { WebhookSecrets } from '../../shared/aws/webhook-secrets.ts';
import { sha256Of } from '../../shared/canonical/canonical.ts';
import { METRICS, WEBHOOK_SOURCES } from '../../shared/contract/names.ts';
import type { TenantSettings } from '../../shared/contract/tenant.ts';
import type { Delivery, KeptBody } from '../../shared/intake/delivery.ts';
import { type Keepable, type Recorded, recordDelivery } from '../../shared/intake/record.ts';
import { type HttpRequest, type HttpResponse, json, problem } from '../../shared/lambda/http.ts';
import type { Invocation } from '../../shared/lambda/invocation.ts';
import {
  type Interpretation,
  type KeySigned,
  PROVIDERS,
  type Provider,
  type SecretSigned,
  type SignedRequest,
} from '../../shared/providers/provider.ts';
import type { VerificationKeys } from './verification-keys.ts';

const MAX_BODY_BYTES = 1024 * 1024;

export interface ReceiveDeps {
  readonly tenants: readonly TenantSettings[];
  readonly ledger: LedgerStore;
  readonly buffer: DeliveryBuffer;
  readonly archive: Archive;
  readonly secrets: WebhookSecrets;
  readonly verificationKeys: VerificationKeys;
}

/** The same bytes whether the tenant, the signature or the clock was wrong: a stranger learns nothing from them. */
const unauthorized = (): HttpResponse => problem(401, 'Unauthorized');

const unavailable = (): HttpResponse =>
  problem(503, 'Service Unavailable', 'nothing was stored; send it again', { 'retry-after': '30' });

/** Tries the cached secrets, then once those of this minute, for a secret may just have been changed. */
const isSignedBySecret = async (
  secrets: WebhookSecrets,
  provider: SecretSigned,
  tenant: string | undefined,
  source: string,
  signed: SignedRequest,
  nowMs: number,
): Promise<boolean> => {
  if (tenant === undefined) return provider.verify(signed, [], nowMs);
  if (provider.verify(signed, await secrets.of(tenant, source, nowMs), nowMs)) return true;
  const fresh = await secrets.refreshed(tenant, source, nowMs);
  return fresh !== undefined && provider.verify(signed, fresh, nowMs);
};

const isSignedByKey = async (
  keys: VerificationKeys,
  provider: KeySigned,
  settings: TenantSettings | undefined,
  signed: SignedRequest,
  nowMs: number,
): Promise<boolean> => {
  const keyId = settings && provider.keyId(signed, settings, nowMs);
  if (settings === undefined || keyId === undefined) return false;
  const key = await keys.keyOf(settings.tenant, keyId, nowMs);
  return key !== undefined && provider.verifyWith(signed, key);
};

const isAuthentic = (
  deps: ReceiveDeps,
  provider: Provider,
  settings: TenantSettings | undefined,
  source: string,
  request: HttpRequest,
): Promise<boolean> => {
  const signed = { headers: request.headers, body: request.rawBody };
  return 'keyId' in provider
    ? isSignedByKey(deps.verificationKeys, provider, settings, signed, request.nowMs)
    : isSignedBySecret(deps.secrets, provider, settings?.tenant, source, signed, request.nowMs);
};

/** A fault in our own reading must not lose what a provider will not send again. */
const interpreted = (
  provider: Provider,
  request: HttpRequest,
  settings: TenantSettings,
  context: Invocation,
): Interpretation => {
  try {
    return provider.interpret(request.rawBody, settings);
  } catch (error) {
    context.log.error('a body could not be interpreted', { error });
    return { outcome: 'quarantined', reason: `${provider.normaliser} failed on it` };
  }
};

/**
 * A provider's offer of the secret it will sign with. What is offered while nobody waits for it is a stranger's, as far as
 * anyone can tell.
 */
const answerOffer = async (
  deps: ReceiveDeps,
  settings: TenantSettings | undefined,
  source: string,
  secret: string,
  { nowMs }: HttpRequest,
  context: Invocation,
): Promise<HttpResponse> => {
  const where = { tenant: settings?.tenant, source };
  let kept: boolean;
  try {
    kept = settings !== undefined && (await deps.secrets.offer(settings.tenant, source, secret, nowMs));
  } catch (error) {
    context.log.error('an offered secret could not be kept', { ...where, error });
    return unavailable();
  }
  context.log.warn(
    kept ? 'a signing secret was offered and kept for the operator' : 'a signing secret was offered unasked',
    where,
  );
  return kept ? json(200, { status: 'accepted', events: [] }) : unauthorized();
};

const count = (recorded: Recorded, status: string): number =>
  recorded.events.filter((event) => event.status === status).length;

const answer = (recorded: Recorded, delivery: Delivery, context: Invocation): HttpResponse => {
  const { tenant, source } = delivery;
  context.metrics(
    {
      [METRICS.eventsIngested]: count(recorded, 'accepted'),
      [METRICS.eventsDuplicate]: count(recorded, 'duplicate'),
      [METRICS.eventsRejected]:
        count(recorded, 'rejected') +
        count(recorded, 'conflict') +
        (recorded.quarantined === undefined ? 0 : 1),
    },
    { tenant, source, result: recorded.status },
  );
  if (recorded.quarantined !== undefined || recorded.status === 'conflict')
    context.log.warn('a delivery is held for review', {
      tenant,
      source,
      delivery: delivery.deliveryId,
      ...recorded,
    });
  return json(200, recorded);
};

/** Ledger first, buffer where the ledger fails, 503 where both do: a 2xx is given only for what is stored. */
const store = async (
  deps: ReceiveDeps,
  delivery: Delivery,
  settings: TenantSettings,
  normaliser: string,
  reading: Keepable,
  context: Invocation,
): Promise<HttpResponse> => {
  const where = { tenant: delivery.tenant, source: delivery.source, delivery: delivery.deliveryId };
  try {
    return answer(
      await recordDelivery(deps.ledger, delivery, settings, normaliser, reading),
      delivery,
      context,
    );
  } catch (error) {
    context.log.error('the ledger failed, the delivery goes to the buffer', { ...where, error });
  }
  try {
    await deps.buffer.send(delivery);
    return json(202, { status: 'buffered', events: [] });
  } catch (error) {
    context.log.error('the buffer failed too, nothing was stored', { ...where, error });
    return unavailable();
  }
};

const rejected = (
  reading: Extract<Interpretation, { outcome: 'malformed' }>,
  context: Invocation,
  properties: Record<string, string>,
): HttpResponse => {
  context.metrics(
    { [METRICS.eventsRejected]: Math.max(1, reading.events.length) },
    { ...properties, result: 'malformed' },
  );
  return json(
    400,
    {
      type: 'about:blank',
      title: 'Bad Request',
      status: 400,
      detail: reading.problems.slice(0, 20).join('\n'),
      events: reading.events.map((event) => ({
        id: event.id,
        status: 'rejected',
        ...('rejected' in event ? { reason: event.rejected } : {}),
      })),
    },
    { 'content-type': 'application/problem+json' },
  );
};

/** One webhook delivery: size, source, signature, then stored with its facts before it is answered. */
export const receive = async (
  deps: ReceiveDeps,
  request: HttpRequest,
  context: Invocation,
): Promise<HttpResponse> => {
  const { tenant, source = '' } = request.pathParameters;
  if (request.rawBody.length > MAX_BODY_BYTES) return problem(413, 'Content Too Large', 'at most 1 MB');
  const provider = (WEBHOOK_SOURCES as readonly string[]).includes(source)
    ? PROVIDERS.get(source)
    : undefined;
  if (provider === undefined) return problem(404, 'Not Found', 'no such webhook source');

  const settings = deps.tenants.find((candidate) => candidate.tenant === tenant);
  const offered = 'offeredSecret' in provider ? provider.offeredSecret?.(request.rawBody) : undefined;
  if (offered !== undefined) return answerOffer(deps, settings, source, offered, request, context);
  let authentic: boolean;
  try {
    authentic = await isAuthentic(deps, provider, settings, source, request);
  } catch (error) {
    context.log.error('the secrets or keys that sign webhooks could not be read', { source, error });
    return unavailable();
  }
  if (settings === undefined || !authentic) {
    context.metrics({ [METRICS.eventsRejected]: 1 }, { source, result: 'unauthorized' });
    return unauthorized();
  }

  const reading = interpreted(provider, request, settings, context);
  if (reading.outcome === 'malformed') return rejected(reading, context, { tenant: settings.tenant, source });
  if (reading.outcome === 'ignored' && reading.attention !== undefined)
    context.log.warn(reading.attention, { tenant: settings.tenant, source });
  const bodyHash = sha256Of(request.rawBody);
  let kept: KeptBody;
  try {
    kept = await deps.archive.keep(settings.tenant, bodyHash, request.rawBody);
  } catch (error) {
    context.log.error('the archive failed, nothing was stored', { tenant: settings.tenant, source, error });
    return unavailable();
  }
  const delivery: Delivery = {
    tenant: settings.tenant,
    source,
    deliveryId: provider.deliveryId({ headers: request.headers, body: request.rawBody }),
    kept,
    bodyHash,
    receivedAt: new Date(request.nowMs).toISOString(),
    traceparent: request.traceparent,
  };
  return store(deps, delivery, settings, provider.normaliser, reading, context);
};
