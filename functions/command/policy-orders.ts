import type { PolicyStore } from '../../shared/aws/policy-store.ts';
import { canonicalJson, sha256Of } from '../../shared/canonical/canonical.ts';
import type { TenantSettings } from '../../shared/contract/tenant.ts';
import { type HttpRequest, type HttpResponse, json, problem } from '../../shared/lambda/http.ts';
import { digestOf } from '../../shared/policy/decide.ts';
import type { Decision } from '../../shared/policy/decision.ts';
import type { Intent } from '../../shared/policy/intent.ts';
import { isoInstant } from '../../shared/time/instant.ts';

type Orders = Pick<PolicyStore, 'decision' | 'ask'>;

const MAX_BODY_BYTES = 64 * 1024;
const MAX_GROUPS = 100;
/** Of an Auto Scaling group. */
const MAX_NAME_LENGTH = 255;
const DECISION_ID = /^[0-9a-f]{64}$/;

/** An empty body asks for nothing in particular; anything that is no object is undefined. */
const objectOf = ({ rawBody }: HttpRequest): Readonly<Record<string, unknown>> | undefined => {
  if (rawBody.length === 0) return {};
  if (rawBody.length > MAX_BODY_BYTES) return undefined;
  try {
    const parsed: unknown = JSON.parse(rawBody.toString('utf8'));
    return typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)
      ? (parsed as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
};

/** Why a decision cannot be approved now. */
const unapprovable = (decision: Decision, digest: unknown, now: string): string | undefined => {
  if (decision.status === 'planned') return 'this plan needs no approval: it is applied in mode apply';
  if (decision.status !== 'recommended')
    return `this decision is ${decision.status}: there is nothing to approve`;
  if (decision.expires_at === null || decision.expires_at <= now)
    return 'the recommendation has expired; approve the one that followed it';
  if (digest !== digestOf(decision))
    return 'the digest is not that of the recommendation as it stands; read it again';
  return undefined;
};

/**
 * `POST /v1/policy/decisions/{id}/approval`: somebody takes a recommendation for production upon them. It is recorded, with
 * what exactly they had read; the change itself is theirs to make, for no role of ours may touch production.
 */
export const approveDecision = async (
  orders: Orders,
  request: HttpRequest,
  tenant: TenantSettings,
  subject: string,
): Promise<HttpResponse> => {
  const id = request.pathParameters['id'] ?? '';
  const body = objectOf(request);
  if (typeof body?.['digest'] !== 'string')
    return problem(400, 'Bad Request', 'say which content you approve: {"digest":"sha256:..."}');
  const decision = DECISION_ID.test(id) ? await orders.decision(tenant.tenant, id) : undefined;
  if (decision === undefined)
    return problem(404, 'Not Found', 'there is no such decision; GET /v1/policy/decisions lists them');
  const at = isoInstant(request.nowMs);
  const why = unapprovable(decision, body['digest'], at);
  if (why !== undefined) return problem(409, 'Conflict', why);
  const { digest } = body;
  const intent: Intent = { kind: 'approval', id: `approval-${id}`, at, by: subject, decision: id, digest };
  await orders.ask(tenant.tenant, intent);
  return json(202, { status: 'approved', decision_id: id, group: decision.group, to: decision.to });
};

/** The groups asked for, null for all; undefined where the list is none. */
const groupsOf = (value: unknown): readonly string[] | null | undefined => {
  if (value === undefined) return null;
  if (!Array.isArray(value) || value.length === 0 || value.length > MAX_GROUPS) return undefined;
  const names = value.filter(
    (name) => typeof name === 'string' && name !== '' && name.length <= MAX_NAME_LENGTH,
  );
  return names.length === value.length ? [...new Set(names as string[])].sort() : undefined;
};

/** `POST /v1/policy/restore`: groups get their sizes back from the next run on, whatever the runway says. */
export const orderRestore = async (
  orders: Orders,
  request: HttpRequest,
  tenant: TenantSettings,
  subject: string,
): Promise<HttpResponse> => {
  const body = objectOf(request);
  const groups = body === undefined ? undefined : groupsOf(body['groups']);
  const unknown = Object.keys(body ?? {}).find((key) => key !== 'groups');
  if (groups === undefined || unknown !== undefined)
    return problem(
      400,
      'Bad Request',
      `name 1 to ${MAX_GROUPS} groups as {"groups":["..."]}, or none for all`,
    );
  const at = isoInstant(request.nowMs);
  const id = sha256Of(canonicalJson({ at, by: subject, groups })).slice(
    'sha256:'.length,
    'sha256:'.length + 16,
  );
  await orders.ask(tenant.tenant, { kind: 'restore', id, at, by: subject, groups });
  return json(202, { status: 'ordered', id, groups: groups ?? 'all' });
};
