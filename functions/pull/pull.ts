import { attemptAll } from '../../shared/concurrency/attempt-all.ts';
import type { TenantSettings } from '../../shared/contract/tenant.ts';
import type { Invocation } from '../../shared/lambda/invocation.ts';
import type { DeliveryRow, LedgerRow } from '../../shared/ledger/row.ts';
import { parseConfirmationDoorbell, parseCostsDoorbell } from '../../shared/providers/aws-costs/doorbell.ts';
import { parseGustoDoorbell } from '../../shared/providers/gusto/doorbell.ts';
import { parseItemDoorbell } from '../../shared/providers/plaid/doorbell.ts';
import { plaidItemOf } from '../../shared/providers/plaid/webhook.ts';
import { type AwsDeps, sweepAwsCosts } from './aws-costs.ts';
import { type AwsInvoiceDeps, sweepAwsInvoices } from './aws-invoices.ts';
import { answerGusto, sweepGusto } from './gusto.ts';
import type { GustoDeps } from './gusto-company.ts';
import { type PlaidDeps, syncItem } from './plaid.ts';
import { confirmSubscription, type SnsDeps } from './sns.ts';
import { answerStripe, type StripeDeps, sweepStripe } from './stripe.ts';

export interface PullDeps extends StripeDeps, PlaidDeps, GustoDeps, AwsDeps, AwsInvoiceDeps, SnsDeps {
  readonly tenants: readonly TenantSettings[];
}

/** A ledger row as the stream brought it. */
export interface StreamedRow {
  readonly sequenceNumber: string;
  readonly row: LedgerRow;
}

const isDoorbell = (row: LedgerRow): row is DeliveryRow & { readonly doorbell: readonly string[] } =>
  row.kind === 'delivery' && row.doorbell !== undefined;

const answerDoorbell = async (
  deps: PullDeps,
  settings: TenantSettings,
  doorbell: string,
  context: Invocation,
): Promise<void> => {
  const paid = parseGustoDoorbell(doorbell);
  if (paid !== undefined) return answerGusto(deps, settings, paid, context);
  const payer = parseCostsDoorbell(doorbell);
  if (payer !== undefined)
    return payer === settings.aws?.payer ? sweepAwsCosts(deps, settings, context, true) : undefined;
  const subscription = parseConfirmationDoorbell(doorbell);
  if (subscription !== undefined) return confirmSubscription(deps, settings, subscription, context);
  const item = parseItemDoorbell(doorbell);
  if (item === undefined) return answerStripe(deps, settings, doorbell, context);
  // An item may have been taken out of the configuration since it rang.
  if (plaidItemOf(settings, item) !== undefined) await syncItem(deps, settings, item, context);
};

/**
 * Fetches what the batch's deliveries ring for; what several of them ring for, once.
 * @returns sequence numbers of the rows to be tried again.
 */
export const pull = async (
  deps: PullDeps,
  streamed: readonly StreamedRow[],
  context: Invocation,
): Promise<readonly string[]> => {
  const failed: string[] = [];
  const answers = new Map<string, Promise<void>>();
  for (const { sequenceNumber, row } of streamed) {
    if (!isDoorbell(row)) continue;
    const settings = deps.tenants.find((candidate) => candidate.tenant === row.tenant);
    if (settings === undefined) continue;
    try {
      for (const doorbell of row.doorbell) {
        const name = `${settings.tenant} ${doorbell}`;
        const answer = answers.get(name) ?? answerDoorbell(deps, settings, doorbell, context);
        answers.set(name, answer);
        await answer;
      }
    } catch (error) {
      context.log.warn('a doorbell will be answered later', { tenant: row.tenant, delivery: row.pk, error });
      failed.push(sequenceNumber);
    }
  }
  return failed;
};

/**
 * Asks every tenant's providers for what is new, because doorbells may get lost. One provider's failure keeps nobody else's
 * money out.
 * @param stripeDays how far back Stripe is asked: its list is by time, while the others tell what changed.
 * @throws AggregateError of what failed.
 */
export const sweep = (deps: PullDeps, context: Invocation, stripeDays?: number): Promise<void> =>
  attemptAll(
    deps.tenants.flatMap((settings) => [
      () => sweepStripe(deps, settings, context, stripeDays),
      () => sweepGusto(deps, settings, context),
      () => sweepAwsCosts(deps, settings, context),
      () => sweepAwsInvoices(deps, settings, context),
      ...(settings.plaid ?? []).map(
        ({ item }) =>
          () =>
            syncItem(deps, settings, item, context),
      ),
    ]),
  );

/** The schedule may ask for a longer look back than usual: what it finds closes gaps that no webhook will. */
export const scheduledSweep = (deps: PullDeps, event: unknown, context: Invocation): Promise<void> => {
  const days = (event as { readonly stripe_days?: unknown } | null)?.stripe_days;
  return sweep(deps, context, typeof days === 'number' ? days : undefined);
};
