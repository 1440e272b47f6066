import { InvoicingClient, ListInvoiceSummariesCommand } from '@aws-sdk/client-invoicing';

/**
 * `busy`: later is a better time. `refused`: asking again is no use; the account has no invoices of its own, or nobody may
 * read them.
 */
export type InvoiceAnswer =
  | { readonly outcome: 'page'; readonly invoices: readonly unknown[]; readonly next?: string }
  | { readonly outcome: 'busy' | 'refused'; readonly reason: string };

export interface Invoicing {
  /** A page of what AWS billed an account for a month, `YYYY-MM`. */
  readonly invoices: (account: string, month: string, page: string | undefined) => Promise<InvoiceAnswer>;
}

/** AWS keeps invoices in one region for all. */
const REGION = 'us-east-1';
const PAGE_SIZE = 100;

export const invoicingClient = (): InvoicingClient =>
  new InvoicingClient({
    region: REGION,
    maxAttempts: 3,
    requestHandler: { connectionTimeout: 2_000, requestTimeout: 10_000, throwOnRequestTimeout: true },
  });

/** Days and amounts as text, as they are kept. */
const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

const failed = (error: unknown): InvoiceAnswer => {
  const { name, message, $fault: fault } = error as Error & { $fault?: 'client' | 'server' };
  const isRefused = fault === 'client' && name !== 'ThrottlingException';
  return { outcome: isRefused ? 'refused' : 'busy', reason: `${name}: ${message}` };
};

export const invoicing = (client: InvoicingClient): Invoicing => ({
  invoices: async (account, month, page) => {
    const [year = 0, number = 0] = month.split('-').map(Number);
    try {
      const { InvoiceSummaries: summaries = [], NextToken: next } = await client.send(
        new ListInvoiceSummariesCommand({
          Selector: { ResourceType: 'ACCOUNT_ID', Value: account },
          Filter: { BillingPeriod: { Year: year, Month: number } },
          MaxResults: PAGE_SIZE,
          ...(page !== undefined && { NextToken: page }),
        }),
      );
      return {
        outcome: 'page',
        invoices: summaries.map(plain),
        ...(next !== undefined && next !== '' && { next }),
      };
    } catch (error) {
      return failed(error);
    }
  },
});
