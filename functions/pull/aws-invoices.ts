import type { Invoicing } from '../../shared/aws/invoicing.ts';
import type { AwsAccount, TenantSettings } from '../../shared/contract/tenant.ts';
import { revision } from '../../shared/event/fact.ts';
import type { StatementFact } from '../../shared/event/statement.ts';
import { type FetchedFor, type KeepDeps, noteProgress, recordFetched } from '../../shared/fetch/fetched.ts';
import { snapshotOf } from '../../shared/fetch/snapshot.ts';
import type { Delivery } from '../../shared/intake/delivery.ts';
import type { Invocation } from '../../shared/lambda/invocation.ts';
import { AWS, AWS_NORMALISER } from '../../shared/providers/aws-costs/costs.ts';
import { billedMonth, invoiceKeyPrefix, readInvoices } from '../../shared/providers/aws-costs/invoices.ts';
import { civilDateIn, monthOf } from '../../shared/time/civil-date.ts';

export interface AwsInvoiceDeps extends KeepDeps {
  readonly invoicing: Invoicing;
}

/** Twice a day, a little early because the clock strikes by the hour. */
const READ_EVERY_MS = 11.5 * 3_600_000;
/** Months whose invoices may still be joined by others; at first a year of them, so that the bank's payments are known again. */
const MONTHS = 2;
const FIRST_MONTHS = 12;
/** What is due later than that is told again at each reading, which adds nothing. */
const MONTHS_DUE = 4;

const monthsFrom = (month: string, from: number, to: number): readonly string[] => {
  const [year = 0, number = 0] = month.split('-').map(Number);
  return Array.from({ length: to - from + 1 }, (_, index) =>
    new Date(Date.UTC(year, number - 1 + from + index, 1)).toISOString().slice(0, 7),
  );
};

type Reading =
  | { readonly outcome: 'read'; readonly summaries: readonly unknown[] }
  | { readonly outcome: 'busy' | 'refused'; readonly reason: string };

/** Every page of every month, or why not all of them. */
const readMonths = async (
  { invoicing }: AwsInvoiceDeps,
  { payer }: AwsAccount,
  months: readonly string[],
): Promise<Reading> => {
  const summaries: unknown[] = [];
  for (const month of months) {
    let page: string | undefined;
    do {
      const answer = await invoicing.invoices(payer, month, page);
      if (answer.outcome !== 'page') return answer;
      summaries.push(...answer.invoices);
      page = answer.next;
    } while (page !== undefined);
  }
  return { outcome: 'read', summaries };
};

/** Tells what differs from what the ledger states of these months, and takes back what AWS lists no more. */
const keep = async (
  deps: AwsInvoiceDeps,
  of: FetchedFor,
  { payer }: AwsAccount,
  months: readonly string[],
  summaries: readonly unknown[],
): Promise<Delivery> => {
  const { settings, context } = of;
  const { facts, unreadable } = readInvoices(summaries, { payer, readMs: context.nowMs });
  const due = new Set([
    ...monthsFrom(months[0] ?? '', 0, months.length + MONTHS_DUE),
    ...facts.map(({ date }) => monthOf(date)),
  ]);
  const snapshot = await snapshotOf(deps, settings, 'commitment', [...due]);
  const news = snapshot.newsIn(facts);
  const isOurs = (fact: StatementFact): boolean =>
    fact.key.startsWith(invoiceKeyPrefix({ payer })) && months.includes(billedMonth(fact));
  // One that is listed and not understood has not gone.
  const gone = unreadable.length === 0 ? snapshot.withdrawn(isOurs, revision('final', context.nowMs)) : [];
  const document = { payer, months, InvoiceSummaries: summaries, withdrawn: gone.map(({ key }) => key) };
  return recordFetched(deps, of, 'invoices', document, { facts: [...news, ...gone], unreadable });
};

/**
 * Reads what AWS will have paid, and when. Its invoices name the payments that the bank will show; what they are for is told
 * by the costs. An account whose invoices cannot be read has its costs all the same.
 */
export const sweepAwsInvoices = async (
  deps: AwsInvoiceDeps,
  settings: TenantSettings,
  context: Invocation,
): Promise<void> => {
  const { aws, tenant } = settings;
  if (aws === undefined) return;
  const of: FetchedFor = { settings, source: AWS, normaliser: AWS_NORMALISER, context };
  const feed = `${AWS}:${aws.payer}:invoices`;
  const last = await deps.ledger.lastProgress(tenant, feed);
  if (last !== undefined && context.nowMs - Date.parse(last.recordedAt) < READ_EVERY_MS) return;
  const isFirst = last === undefined || last.cursor === '';
  const thisMonth = monthOf(civilDateIn('UTC', context.nowMs));
  const months = monthsFrom(thisMonth, -(isFirst ? FIRST_MONTHS : MONTHS), 0);
  const reading = await readMonths(deps, aws, months);
  const ordinal = (last?.ordinal ?? 0) + 1;
  if (reading.outcome === 'read') {
    const delivery = await keep(deps, of, aws, months, reading.summaries);
    return noteProgress(deps, of, feed, ordinal, thisMonth, delivery);
  }
  const { outcome, reason } = reading;
  context.log.warn('AWS gave no invoices: what it will have paid is not known before the bank tells', {
    ...{ tenant, payer: aws.payer, outcome, reason },
  });
  if (outcome === 'busy') return;
  // Asked again in half a day, and from the beginning.
  const refusal = await recordFetched(
    deps,
    of,
    'invoices',
    { payer: aws.payer, reason },
    {
      ...{ facts: [], unreadable: [] },
    },
  );
  await noteProgress(deps, of, feed, ordinal, last?.cursor ?? '', refusal);
};
