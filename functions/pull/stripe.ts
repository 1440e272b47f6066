import type { Archive } from '../../shared/aws/archive.ts';
import type { LedgerStore } from '../../shared/aws/ledger-store.ts';
import type { WebhookSecrets } from '../../shared/aws/webhook-secrets.ts';
import { canonicalJson, sha256Of } from '../../shared/canonical/canonical.ts';
import { METRICS } from '../../shared/contract/names.ts';
import type { TenantSettings } from '../../shared/contract/tenant.ts';
import { EXTERNAL } from '../../shared/event/account.ts';
import type { CashFact } from '../../shared/event/fact.ts';
import { recordDelivery } from '../../shared/intake/record.ts';
import type { Invocation } from '../../shared/lambda/invocation.ts';
import type { FactRow, LedgerRow } from '../../shared/ledger/row.ts';
import type { StripeApi } from '../../shared/providers/stripe/api.ts';
import {
  type BalanceTransaction,
  balanceTransaction,
  feeKey,
  settledFacts,
  transactionKey,
} from '../../shared/providers/stripe/balance-transaction.ts';
import { parseDoorbell } from '../../shared/providers/stripe/doorbell.ts';
import { STRIPE_NORMALISER } from '../../shared/providers/stripe/webhook.ts';
import { readBilling } from './stripe-billing.ts';
import { readHistory } from './stripe-history.ts';
import { newsOf } from './stripe-news.ts';
import { pageOf, sweepPayouts } from './stripe-payouts.ts';

export interface StripeDeps {
  readonly ledger: LedgerStore;
  readonly archive: Archive;
  readonly secrets: WebhookSecrets;
  readonly stripe: StripeApi;
}

const SOURCE = 'stripe';

type CashRow = FactRow & { readonly fact: CashFact };
const isCash = (row: LedgerRow): row is CashRow => row.kind === 'fact' && row.fact.kind === 'cash';

/**
 * Whether there is nothing left to fetch. A transfer between own accounts has its fee in a fact of its own: where only the
 * transfer is known, a run may have died between the two, so it is asked for again.
 */
const isSettled = async (
  deps: StripeDeps,
  { tenant, livemode }: TenantSettings,
  id: string,
  account: string | undefined,
): Promise<boolean> => {
  const key = transactionKey(account, livemode, id);
  const known = async (factKey: string): Promise<CashFact | undefined> =>
    (await deps.ledger.factRows(tenant, factKey))
      .filter(isCash)
      .map(({ fact }) => fact)
      .find((fact) => !fact.estimated);
  const main = await known(key);
  return main !== undefined && (main.counterAccount === EXTERNAL || (await known(feeKey(key))) !== undefined);
};

/** What we fetched is a delivery like any other: kept as it came, and named in its facts. */
const recordSettled = async (
  deps: StripeDeps,
  settings: TenantSettings,
  value: unknown,
  transaction: BalanceTransaction | string,
  facts: readonly CashFact[] | undefined,
  context: Invocation,
): Promise<void> => {
  const body = Buffer.from(canonicalJson(value));
  const bodyHash = sha256Of(body);
  const delivery = {
    tenant: settings.tenant,
    source: SOURCE,
    deliveryId: typeof transaction === 'string' ? `fetched:${bodyHash}` : `fetched:${transaction.id}`,
    kept: await deps.archive.keep(settings.tenant, bodyHash, body),
    bodyHash,
    receivedAt: new Date(context.nowMs).toISOString(),
    traceparent: context.traceparent,
  };
  const recorded = await recordDelivery(
    deps.ledger,
    delivery,
    settings,
    STRIPE_NORMALISER,
    facts === undefined
      ? { outcome: 'quarantined', reason: typeof transaction === 'string' ? transaction : 'no such amount' }
      : { outcome: 'facts', events: facts.map((fact) => ({ id: fact.key, fact })), doorbells: [] },
  );
  const accepted = recorded.events.filter((event) => event.status === 'accepted').length;
  context.metrics(
    { [METRICS.eventsIngested]: accepted },
    { tenant: settings.tenant, source: SOURCE, result: 'fetched' },
  );
};

/** One doorbell. A tenant without an API key stays with its estimates; an estimate that Stripe does not know (yet) stays one; the hourly sweep asks again. */
export const answerStripe = async (
  deps: StripeDeps,
  settings: TenantSettings,
  doorbell: string,
  context: Invocation,
): Promise<void> => {
  const asked = parseDoorbell(doorbell);
  const apiKey = await deps.secrets.apiKey(settings.tenant, SOURCE, context.nowMs);
  if (asked === undefined || apiKey === undefined) return;
  if (asked.object !== 'balance_transaction')
    return readBilling(deps, deps.stripe, settings, { ...asked, object: asked.object, apiKey }, context);
  if (await isSettled(deps, settings, asked.id, asked.account)) return;
  const fetched = await deps.stripe.balanceTransaction(asked.id, apiKey, asked.account);
  if (fetched.outcome === 'refused')
    context.log.error('Stripe refused our request', {
      tenant: settings.tenant,
      doorbell,
      status: fetched.status,
    });
  if (fetched.outcome !== 'found') return;
  const transaction = balanceTransaction(fetched.value);
  const facts =
    typeof transaction === 'string' ? undefined : settledFacts(transaction, asked.account, settings);
  await recordSettled(deps, settings, fetched.value, transaction, facts, context);
};

/** Takes in a transaction that Stripe lists, as far as the ledger does not say the same. */
const keepListed = async (
  deps: StripeDeps,
  settings: TenantSettings,
  value: unknown,
  transaction: BalanceTransaction | string,
  context: Invocation,
): Promise<void> => {
  const facts = typeof transaction === 'string' ? undefined : settledFacts(transaction, undefined, settings);
  if (typeof transaction === 'string' || facts === undefined)
    return recordSettled(deps, settings, value, transaction, undefined, context);
  const key = transactionKey(undefined, settings.livemode, transaction.id);
  const known = await Promise.all(
    [key, feeKey(key)].map(async (of) => (await deps.ledger.factRows(settings.tenant, of)).filter(isCash)),
  );
  const told = known.flatMap((rows) => rows.at(-1)?.fact ?? []);
  const news = newsOf(facts, told, context.nowMs);
  if (news.corrected.length > 0)
    context.log.warn('Stripe tells a transaction otherwise than before: the ledger follows', {
      tenant: settings.tenant,
      facts: news.corrected,
    });
  if (news.facts.length > 0) await recordSettled(deps, settings, value, transaction, news.facts, context);
};

/** Webhooks are retried for three days; a fourth covers what they and their doorbells missed. */
const SWEEP_DAYS = 4;
const DAY_SECONDS = 86_400;

/** Takes in what Stripe lists of these seconds. @returns how many transactions it listed; undefined where it refused. */
const readRange = async (
  deps: StripeDeps,
  settings: TenantSettings,
  apiKey: string,
  range: { readonly fromSeconds: number; readonly beforeSeconds: number },
  context: Invocation,
): Promise<number | undefined> => {
  let listed = 0;
  let startingAfter: string | undefined;
  do {
    const fetched = await deps.stripe.balanceTransactions(
      startingAfter === undefined ? range : { ...range, startingAfter },
      apiKey,
    );
    if (fetched.outcome !== 'found') {
      context.log.error('Stripe refused to list', { tenant: settings.tenant, ...fetched });
      return undefined;
    }
    const page = pageOf(fetched.value);
    listed += page.data.length;
    let last: string | undefined;
    for (const value of page.data) {
      const transaction = balanceTransaction(value);
      if (typeof transaction !== 'string') last = transaction.id;
      await keepListed(deps, settings, value, transaction, context);
    }
    startingAfter = page.has_more ? last : undefined;
  } while (startingAfter !== undefined);
  await sweepPayouts(deps, deps.stripe.payouts, settings, apiKey, range, context);
  return listed;
};

/**
 * Reads a tenant's recent transactions, so that a webhook that never came costs an hour and no money. A look further back than
 * usual also goes on with what was before the first look, until all of it is in.
 */
export const sweepStripe = async (
  deps: StripeDeps,
  settings: TenantSettings,
  context: Invocation,
  sweepDays: number = SWEEP_DAYS,
): Promise<void> => {
  const apiKey = await deps.secrets.apiKey(settings.tenant, SOURCE, context.nowMs);
  if (apiKey === undefined) return;
  // An upper bound fixed for the whole run: rows that arrive meanwhile would shift nothing, but they belong to the next.
  const beforeSeconds = Math.floor(context.nowMs / 1000);
  const range = { fromSeconds: beforeSeconds - sweepDays * DAY_SECONDS, beforeSeconds };
  const listed = await readRange(deps, settings, apiKey, range, context);
  if (listed === undefined || sweepDays <= SWEEP_DAYS) return;
  await readHistory(deps, settings, range.fromSeconds, context, (older) =>
    readRange(deps, settings, apiKey, older, context),
  );
};
