import type { Archive } from '../../shared/aws/archive.ts';
import type { LedgerStore } from '../../shared/aws/ledger-store.ts';
import { canonicalJson, sha256Of } from '../../shared/canonical/canonical.ts';
import type { TenantSettings } from '../../shared/contract/tenant.ts';
import { orderOf, type PlanFact, revision } from '../../shared/event/fact.ts';
import { type RecordStatus, recordDelivery } from '../../shared/intake/record.ts';
import { type HttpRequest, type HttpResponse, json, problem } from '../../shared/lambda/http.ts';
import { accountingDay } from '../../shared/runway/accounting.ts';
import { parsePlanItem } from '../../shared/scenario/items.ts';
import { detailOf } from '../../shared/scenario/problems.ts';

export interface PlanDeps {
  readonly ledger: LedgerStore;
  readonly archive: Archive;
}

const NORMALISER = 'plan-1';
const MAX_BODY_BYTES = 1024 * 1024;
/** Source of what the owner tells the ledger directly. */
export const OWNER = 'owner';

/** No item's id is longer, and a key of the ledger holds 2,048 bytes at most. */
const MAX_ID_LENGTH = 500;

const planKey = (id: string): string => `plan:${id}`;

/** An owner's command is kept like any delivery: its body, who sent it, when. */
const record = async (
  deps: PlanDeps,
  tenant: TenantSettings,
  request: HttpRequest,
  subject: string,
  fact: PlanFact,
): Promise<RecordStatus> => {
  const body = Buffer.from(
    canonicalJson({
      subject,
      method: request.method,
      path: request.path,
      item: fact.item,
      at: request.nowMs,
    }),
  );
  const bodyHash = sha256Of(body);
  const delivery = {
    tenant: tenant.tenant,
    source: OWNER,
    deliveryId: bodyHash,
    kept: await deps.archive.keep(tenant.tenant, bodyHash, body),
    bodyHash,
    receivedAt: new Date(request.nowMs).toISOString(),
    traceparent: request.traceparent,
  };
  const reading = { outcome: 'facts' as const, events: [{ id: fact.key, fact }], doorbells: [] };
  return (await recordDelivery(deps.ledger, delivery, tenant, NORMALISER, reading)).status;
};

/** The owner's latest word counts: its instant ranks it, and never below what was said before, should a clock step back. */
const nextRevision = (before: PlanFact | undefined, nowMs: number): PlanFact['revision'] =>
  revision('final', Math.max(nowMs, before === undefined ? 0 : orderOf(before.revision) + 1));

const planFact = (
  tenant: TenantSettings,
  id: string,
  item: string | null,
  before: PlanFact | undefined,
  nowMs: number,
): PlanFact => ({
  kind: 'plan',
  key: planKey(id),
  revision: nextRevision(before, nowMs),
  source: OWNER,
  date: accountingDay(tenant, nowMs),
  item,
});

const parsedJson = (body: Buffer): unknown => {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
};

/** The latest word on the item in the ledger; undefined when there never was one. Its `item` is null once withdrawn. */
const standing = async (deps: PlanDeps, tenant: string, id: string): Promise<PlanFact | undefined> => {
  const latest = (await deps.ledger.factRows(tenant, planKey(id))).findLast((row) => row.kind === 'fact');
  return latest?.kind === 'fact' && latest.fact.kind === 'plan' ? latest.fact : undefined;
};

/**
 * `POST /v1/plan`: declares an item, or restates the one with its id. Without an id the content names it, so that a retried
 * request declares nothing twice.
 */
export const declareItem = async (
  deps: PlanDeps,
  request: HttpRequest,
  tenant: TenantSettings,
  subject: string,
): Promise<HttpResponse> => {
  if (request.rawBody.length > MAX_BODY_BYTES)
    return problem(413, 'Content Too Large', 'a plan item takes at most 1 MB');
  const parsed = parsePlanItem(parsedJson(request.rawBody));
  if (!parsed.ok) return problem(400, 'Bad Request', detailOf(parsed.problems));
  const { id: given, ...item } = parsed.value;
  const content = canonicalJson(item);
  const id = given ?? sha256Of(content).slice('sha256:'.length, 'sha256:'.length + 12);
  const before = await standing(deps, tenant.tenant, id);
  if (before?.item === content) return json(200, { status: 'duplicate', id });
  const fact = planFact(tenant, id, content, before, request.nowMs);
  const status = await record(deps, tenant, request, subject, fact);
  return json(200, { status, id });
};

/** `DELETE /v1/plan/{id}`: withdraws an item. Every version of it stays in the ledger. */
export const withdrawItem = async (
  deps: PlanDeps,
  request: HttpRequest,
  tenant: TenantSettings,
  subject: string,
): Promise<HttpResponse> => {
  const id = request.pathParameters['id'] ?? '';
  const before = id.length > MAX_ID_LENGTH ? undefined : await standing(deps, tenant.tenant, id);
  if (before === undefined || before.item === null)
    return problem(404, 'Not Found', `the plan has no item ${id.slice(0, 100)}; GET /v1/plan lists them`);
  const fact = planFact(tenant, id, null, before, request.nowMs);
  const status = await record(deps, tenant, request, subject, fact);
  return json(200, { status, id });
};
