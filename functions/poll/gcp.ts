import type { WebhookSecrets } from '../../shared/aws/webhook-secrets.ts';
import { takenBy } from '../../shared/cloud/credits.ts';
import type { TenantSettings } from '../../shared/contract/tenant.ts';
import { revision } from '../../shared/event/fact.ts';
import type { StatementBodies } from '../../shared/event/statement.ts';
import { tellLots } from '../../shared/fetch/credit-lots.ts';
import { type FetchedFor, type KeepDeps, noteProgress, recordFetched } from '../../shared/fetch/fetched.ts';
import { snapshotOf } from '../../shared/fetch/snapshot.ts';
import type { Invocation } from '../../shared/lambda/invocation.ts';
import { monthsOf } from '../../shared/ledger/range.ts';
import type { GoogleApi } from '../../shared/providers/gcp/api.ts';
import {
  costsQuery,
  GCP,
  GCP_NORMALISER,
  gcpKeyPrefix,
  readExport,
} from '../../shared/providers/gcp/costs.ts';
import { type CivilDate, civilDateIn, monthOf } from '../../shared/time/civil-date.ts';
import { tellGcpInvoices } from './gcp-invoices.ts';

export interface GcpDeps extends KeepDeps {
  readonly secrets: WebhookSecrets;
  readonly google: GoogleApi;
}

/** A little early, because the clock strikes by the hour: the export comes several times a day. */
const READ_EVERY_MS = 5.5 * 3_600_000;
/** Invoices before those of the last two months move no more; at first a year of them. */
const MONTHS = 2;
const FIRST_MONTHS = 12;

const monthsBefore = (date: CivilDate, months: number): CivilDate => {
  const [year = 0, month = 0] = date.split('-').map(Number);
  return new Date(Date.UTC(year, month - 1 - months, 1)).toISOString().slice(0, 10) as CivilDate;
};

/**
 * Reads what Google Cloud cost from the tenant's own export of its bill. A tenant without the key of a service account has
 * none. What was exported before the last reading's is an old view of the table, and is left.
 */
export const sweepGcpCosts = async (
  deps: GcpDeps,
  settings: TenantSettings,
  context: Invocation,
): Promise<void> => {
  const { gcp, tenant } = settings;
  const key = gcp && (await deps.secrets.apiKey(tenant, GCP, context.nowMs));
  if (gcp === undefined || key === undefined) return;
  const of: FetchedFor = { settings, source: GCP, normaliser: GCP_NORMALISER, context };
  const feed = `${GCP}:${gcp.billingAccount}:costs`;
  const last = await deps.ledger.lastProgress(tenant, feed);
  if (last !== undefined && context.nowMs - Date.parse(last.recordedAt) < READ_EVERY_MS) return;
  const today = civilDateIn('UTC', context.nowMs);
  const from = monthsBefore(today, last === undefined ? FIRST_MONTHS : MONTHS);
  const answer = await deps.google.rows(key, costsQuery(gcp, monthOf(from), context.nowMs), context.nowMs);
  if (answer.outcome === 'refused') {
    context.log.error('Google refused our request', { tenant, reason: answer.reason });
    return;
  }
  const { facts, unreadable, exportedMs } = readExport(answer.rows, gcp, context.nowMs);
  if (exportedMs < Number(last?.cursor ?? 0)) {
    context.log.warn('BigQuery showed an export older than the last', { tenant, exportedMs });
    return;
  }
  const snapshot = await snapshotOf(deps, settings, 'cost', monthsOf({ from, to: today }));
  const rank = revision('final', context.nowMs);
  const isOurs = ({ key: of }: { key: string }): boolean => of.startsWith(gcpKeyPrefix(gcp));
  const news = snapshot.newsIn(facts);
  const gone = unreadable.length === 0 ? snapshot.withdrawn(isOurs, rank) : [];
  const document = { rows: answer.rows, read_at: new Date(context.nowMs).toISOString() };
  const delivery = await recordFetched(deps, of, 'costs', document, {
    facts: [...news, ...gone],
    unreadable,
  });
  const costs = snapshot
    .stated()
    .filter(isOurs)
    .map(({ date, body }) => ({ date, body: JSON.parse(body ?? '{}') as StatementBodies['cost'] }));
  await tellGcpInvoices(deps, of, gcp, { costs, from, today, isWhole: unreadable.length === 0 });
  await tellLots(deps, of, {
    provider: GCP,
    prefix: `gcpcred:${gcp.billingAccount}:`,
    grants: gcp.credits,
    taken: takenBy(GCP, costs),
    today,
  });
  await noteProgress(deps, of, feed, (last?.ordinal ?? 0) + 1, exportedMs.toString(), delivery);
};
