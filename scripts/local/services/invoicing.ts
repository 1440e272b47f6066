/** AWS Invoicing: what an account was billed for its months, as it was put. */
import type { ProviderStub } from '../local-paths.ts';
import type { LocalService, ServiceResponse } from '../service.ts';
import { ServiceFault } from './fault.ts';
import { type Input, jsonService } from './json-protocol.ts';

export interface LocalInvoicing {
  readonly service: LocalService;
  /** Takes what `/_control/invoices` and `/_control/limits` are told. */
  readonly control: ProviderStub;
}

/** An invoice as it is put: days as `2026-12-03`, and what is left out as an ordinary monthly bill has it. */
interface Put {
  readonly id: string;
  readonly account: string;
  /** `2026-11` */
  readonly month: string;
  readonly due: string;
  readonly amount: string;
  readonly currency?: string;
  readonly type?: 'INVOICE' | 'CREDIT_MEMO' | 'PAYMENT_RECEIPT';
  readonly bill?: 'ANNIVERSARY' | 'PURCHASE' | 'REFUND';
  readonly original?: string;
}

const invalid = (message: string): ServiceFault => new ServiceFault('ValidationException', message);

const seconds = (date: string): number => Date.parse(`${date}T01:00:00Z`) / 1_000;

const periodOf = (month: string): { Year: number; Month: number } => {
  const [Year = 0, Month = 0] = month.split('-').map(Number);
  return { Year, Month };
};

const summaryOf = ({ id, account, month, due, amount, currency = 'USD', type, bill, original }: Put) => ({
  AccountId: account,
  InvoiceId: id,
  IssuedDate: seconds(due),
  DueDate: seconds(due),
  BillingPeriod: periodOf(month),
  Entity: { InvoicingEntity: 'Amazon Web Services, Inc.', BillingEntity: 'AWS' },
  InvoiceFrequency: 'RECURRING',
  BillType: bill ?? 'ANNIVERSARY',
  InvoiceType: type ?? 'INVOICE',
  ...(original !== undefined && { OriginalInvoiceId: original }),
  BaseCurrencyAmount: { TotalAmount: amount, CurrencyCode: currency },
  PaymentCurrencyAmount: { TotalAmount: amount, CurrencyCode: currency },
});

/** What a request asks for: one account's invoices of one month; nothing else is answered here. */
const askedOf = ({ Selector, Filter }: Input): { account: string; month: string } => {
  const { ResourceType, Value = '' } = (Selector ?? {}) as { ResourceType?: string; Value?: string };
  if (ResourceType !== 'ACCOUNT_ID' || !/^\d{12}$/.test(Value)) throw invalid('Selector is not an account');
  const { Year = 0, Month = 0 } =
    (Filter as { BillingPeriod?: { Year?: number; Month?: number } } | undefined)?.BillingPeriod ?? {};
  if (Year < 2005 || Month < 1 || Month > 12) throw invalid('BillingPeriod is not a month');
  return { account: Value, month: `${Year}-${String(Month).padStart(2, '0')}` };
};

const answer = (status: number, body: object): ServiceResponse => ({
  status,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
});

/** @param pageSize most invoices on a page, however many are asked for. */
export const localInvoicing = ({ pageSize = 100 }: { readonly pageSize?: number } = {}): LocalInvoicing => {
  const invoices = new Map<string, Put>();
  let turnedAway = 0;

  const summaries = (input: Input): object => {
    if (turnedAway > 0) {
      turnedAway -= 1;
      throw new ServiceFault('ThrottlingException', 'Rate exceeded');
    }
    const { account, month } = askedOf(input);
    const wanted = [...invoices.values()].filter((one) => one.account === account && one.month === month);
    const from = Number(input['NextToken'] ?? 0);
    const to = from + Math.min(pageSize, Number(input['MaxResults'] ?? pageSize));
    return {
      InvoiceSummaries: wanted.slice(from, to).map(summaryOf),
      ...(to < wanted.length && { NextToken: String(to) }),
    };
  };

  return {
    service: jsonService({
      signingName: 'invoicing',
      target: 'Invoicing',
      version: '1.0',
      operations: {
        ListInvoiceSummaries: {
          access: () => [{ action: 'invoicing:ListInvoiceSummaries', resource: '*' }],
          handle: summaries,
        },
      },
    }),
    control: ({ path, body }) => {
      const asked = JSON.parse(body.toString() || '{}') as Record<string, unknown>;
      if (path === '/_control/limits') {
        turnedAway = Number(asked['times'] ?? 1);
        return answer(200, {});
      }
      if (path !== '/_control/invoices') return answer(404, { message: `no such control: ${path}` });
      for (const one of (asked['put'] ?? []) as Put[]) invoices.set(one.id, one);
      for (const { id } of (asked['remove'] ?? []) as Put[]) invoices.delete(id);
      return answer(200, { invoices: invoices.size });
    },
  };
};
