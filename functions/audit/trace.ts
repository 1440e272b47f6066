import { effectiveFacts } from '../../shared/aggregate/day.ts';
import type { Archive } from '../../shared/aws/archive.ts';
import type { LedgerStore } from '../../shared/aws/ledger-store.ts';
import { sha256Of } from '../../shared/canonical/canonical.ts';
import type { TenantSettings } from '../../shared/contract/tenant.ts';
import type { CashFact } from '../../shared/event/fact.ts';
import { type HttpRequest, type HttpResponse, json, problem } from '../../shared/lambda/http.ts';
import { bucketKey } from '../../shared/ledger/bucket.ts';
import { dayBuckets } from '../../shared/ledger/range.ts';
import type { DeliveryRow, FactRow } from '../../shared/ledger/row.ts';
import { decimalOf } from '../../shared/money/money.ts';
import { civilDate } from '../../shared/time/civil-date.ts';

export interface TraceDeps {
  readonly ledger: Pick<LedgerStore, 'bucketRows' | 'deliveries'>;
  readonly archive: Pick<Archive, 'read'>;
}

const LISTED = 500;

const amountIn = ({ lines, currency }: CashFact, category: string | undefined): string =>
  decimalOf(
    lines
      .filter((line) => category === undefined || line.category === category)
      .reduce((sum, line) => sum + line.amountMinor, 0n),
    currency,
  );

const factBody = (
  { fact, sk, recordedAt, contentHash, delivery }: FactRow & { readonly fact: CashFact },
  category: string | undefined,
): object => ({
  fact: fact.key,
  row: sk,
  amount: amountIn(fact, category),
  currency: fact.currency,
  account: fact.account,
  counter_account: fact.counterAccount,
  categories: [...new Set(fact.lines.map((line) => line.category))],
  source: fact.source,
  estimated: fact.estimated,
  ...(fact.counterparty !== undefined && { counterparty: fact.counterparty }),
  ...(fact.description !== undefined && { description: fact.description }),
  recorded_at: recordedAt,
  content_hash: contentHash,
  delivery,
});

/** `GET /v1/audit/trace`: the facts that make up the figure of a day, or of one category of it. */
const traceDay = async (
  { ledger }: TraceDeps,
  settings: TenantSettings,
  text: string,
  category: string | undefined,
): Promise<HttpResponse> => {
  const date = civilDate(text);
  if (date === undefined) return problem(400, 'Bad Request', 'date: write a day as YYYY-MM-DD');
  const rows = await Promise.all(
    dayBuckets(settings, { from: date, to: date }).map((bucket) => ledger.bucketRows(bucketKey(bucket))),
  );
  const facts = effectiveFacts(rows.flat()).filter(
    (row): row is FactRow & { readonly fact: CashFact } =>
      row.fact.kind === 'cash' &&
      row.fact.lines.some((line) => category === undefined || line.category === category),
  );
  return json(200, {
    date,
    category: category ?? null,
    fact_count: facts.length,
    facts: facts.slice(0, LISTED).map((row) => factBody(row, category)),
  });
};

const payloadBody = async ({ archive }: TraceDeps, row: DeliveryRow): Promise<object> => {
  const kept =
    row.body === undefined
      ? row.bodyPointer !== undefined && { bodyPointer: row.bodyPointer }
      : { body: row.body };
  const body = kept ? await archive.read(kept) : undefined;
  return {
    source: row.source,
    delivery_id: row.deliveryId,
    received_at: row.recordedAt,
    normaliser: row.normaliser,
    traceparent: row.traceparent,
    body_hash: row.bodyHash,
    /** Whether the bytes are those that came. */
    intact: body !== undefined && sha256Of(body) === row.bodyHash,
    body: body?.toString('utf8') ?? null,
    body_base64: body?.toString('base64') ?? null,
  };
};

/** The raw payload of a delivery, by the key that its facts name. */
const traceDelivery = async (deps: TraceDeps, tenant: string, key: string): Promise<HttpResponse> => {
  /** Keys hold the tenant's name; another tenant's lead nowhere. */
  if (!key.startsWith(`D#${tenant}#`)) return problem(404, 'Not Found', 'there is no such delivery');
  const rows = await deps.ledger.deliveries(key);
  if (rows.length === 0) return problem(404, 'Not Found', 'there is no such delivery');
  return json(200, {
    delivery: key,
    payloads: await Promise.all(rows.map((row) => payloadBody(deps, row))),
  });
};

/** From a figure to its facts (`date`, `category`), and from a fact to what was sent to us (`delivery`). */
export const answerTrace = (
  deps: TraceDeps,
  { query }: Pick<HttpRequest, 'query'>,
  settings: TenantSettings,
): Promise<HttpResponse> | HttpResponse => {
  const { date, category, delivery } = query;
  if (delivery !== undefined) return traceDelivery(deps, settings.tenant, delivery);
  if (date !== undefined) return traceDay(deps, settings, date, category);
  return problem(400, 'Bad Request', 'date or delivery: is missing');
};
