/** What senders send in a story in which a little of everything happens, and how each of them signs. */
import Stripe from 'stripe';
import { certified } from '../../../scripts/local/providers/certificate.ts';
import { LOCAL_REFRESH_TOKEN } from '../../../scripts/local/providers/gusto-tokens.ts';
import { localAccessToken } from '../../../scripts/local/providers/plaid.ts';
import { signedMessage } from '../../../scripts/local/providers/sns.ts';
import type { CreditsAnswer } from '../../../shared/aws/billing-credits.ts';
import type { CostAnswer } from '../../../shared/aws/cost-explorer.ts';
import type { InvoiceAnswer } from '../../../shared/aws/invoicing.ts';
import type { TenantSettings } from '../../../shared/contract/tenant.ts';
import { basicAuthorization } from '../../../shared/providers/basic-auth.ts';
import { signedHeaders } from '../../../shared/providers/generic/signature.ts';
import { hmacSha256 } from '../../../shared/providers/signing.ts';
import { AT, event as billingEvent, invoice, subscription } from '../../support/chargebee-payloads.ts';
import { COMPANY, PAYROLL, payroll, receipt, transfer } from '../../support/gusto-payloads.ts';
import { payrollRun } from '../../support/payroll.ts';
import {
  bankRow,
  CHECKING,
  ITEM,
  plaidSignature,
  plaidWebhook,
  type TestKey,
  testKey,
} from '../../support/plaid-payloads.ts';
import { settingsOf } from '../../support/settings.ts';
import { charge, event, payout, refund, transaction } from '../../support/stripe-payloads.ts';

export type Source = 'stripe' | 'generic' | 'payroll' | 'chargebee' | 'gusto' | 'plaid' | 'aws-budgets';

export interface Sending {
  readonly source: Source;
  /** As the pipeline names it. */
  readonly deliveryId: string;
  readonly body: Buffer;
}

/** After everything that the story tells of. */
export const NOW: number = AT * 1000 + 3_600_000;
export const SITE = 'acme-test';
export const PLAID_KEY: TestKey = testKey('key-1');

const TOPIC = 'arn:aws:sns:us-east-1:123456789012:budgets';
const SNS = certified('sns.amazonaws.com', [NOW - 86_400_000, NOW + 86_400_000]);
export const SNS_KEY: { readonly certificate: string } = SNS;

export const SETTINGS: TenantSettings = settingsOf({
  accountingZone: 'America/New_York',
  plaid: [{ item: ITEM, accounts: { [CHECKING]: 'bank:checking' } }],
  chargebee: { site: SITE },
  gusto: { company: COMPANY, taxes: 'impound' },
  aws: { payer: '123456789012', requestsPerDay: 12, budgetsTopic: TOPIC, credits: [] },
});

const SIGNING = { stripe: 'whsec_a', generic: 'gen', payroll: 'pay', chargebee: 'user:word', gusto: 'token' };

export const SECRETS: Readonly<Record<string, readonly string[]>> = {
  ...Object.fromEntries(Object.entries(SIGNING).map(([source, secret]) => [`acme/${source}`, [secret]])),
  'acme/stripe/api': ['sk_test_1'],
  'acme/chargebee/api': ['cb_test_1'],
  'acme/plaid/api/client_id': ['client'],
  'acme/plaid/api/secret': ['secret'],
  [`acme/plaid/api/access_token/${ITEM}`]: [localAccessToken(ITEM)],
  'acme/gusto/api/client_id': ['client'],
  'acme/gusto/api/client_secret': ['secret'],
  'acme/gusto/api/refresh_token': [LOCAL_REFRESH_TOKEN],
};

/** @param secret another than the sender should have. */
export const headersOf = async (
  { source, deliveryId, body }: Sending,
  nowMs: number,
  secret?: string,
): Promise<Record<string, string>> => {
  switch (source) {
    case 'stripe':
      return {
        'stripe-signature': Stripe.webhooks.generateTestHeaderString({
          payload: body.toString(),
          secret: secret ?? SIGNING.stripe,
          timestamp: Math.floor(nowMs / 1000),
        }),
      };
    case 'generic':
    case 'payroll':
      return signedHeaders(secret ?? SIGNING[source], deliveryId, body, nowMs);
    case 'chargebee': {
      const [user = '', password = ''] = (secret ?? SIGNING.chargebee).split(':');
      return { authorization: basicAuthorization(user, password) };
    }
    case 'gusto':
      return { 'x-gusto-signature': hmacSha256(secret ?? SIGNING.gusto, body).toString('hex') };
    case 'aws-budgets':
      return {};
    case 'plaid':
      return { 'plaid-verification': await plaidSignature(PLAID_KEY, body, Math.floor(nowMs / 1000)) };
  }
};

const sending = (source: Source, deliveryId: string, body: object): Sending => ({
  source,
  deliveryId,
  body: Buffer.from(JSON.stringify(body)),
});

const stripe = (id: string, type: string, object: object, fields: object = {}): Sending =>
  sending('stripe', id, event(type, object, { id, ...fields }));

const billing = (id: string, version: number, quantity: number): Sending =>
  sending(
    'chargebee',
    id,
    billingEvent(
      { subscription: team(version, quantity), invoice: invoice() },
      { id, event_type: 'subscription_changed' },
    ),
  );

/** The team's subscription as a change left it. */
const team = (version: number, quantity: number): object =>
  subscription({ plan_quantity: quantity, mrr: quantity * 1_000, resource_version: AT * 1000 + version });

const payment = (fields: object): object => ({
  ...{ id: 'rent', type: 'expense', amount: '1200.00', currency: 'USD', occurred_at: '2026-02-01T04:59:59Z' },
  ...fields,
});

/** One delivery of the tenant's own systems. */
export const generic = (id: string, ...events: object[]): Sending =>
  sending('generic', id, { schema: 1, events });

/** Two charges of one amount in one second. */
const twins = ['1', '2'].map((n) => charge({ id: `ch_${n}`, balance_transaction: `txn_ch${n}` }));

/** In the order in which it happened. */
export const STORY: readonly Sending[] = [
  ...twins.map((each, index) => stripe(`evt_charge${index}`, 'charge.succeeded', each)),
  stripe('evt_updated', 'charge.updated', { ...twins[0], description: 'renamed' }),
  stripe('evt_refund', 'refund.created', refund()),
  stripe('evt_refunded', 'charge.refunded', { ...twins[0], refunds: { data: [refund()] } }),
  stripe('evt_payout', 'payout.created', payout()),
  stripe('evt_paid', 'payout.paid', payout()),
  stripe('evt_odd', 'charge.succeeded', { object: 'charge', amount: 'much' }),
  generic('g-1', payment({}), payment({ id: 'fee', amount: '9.99', occurred_at: '2026-02-01T05:00:00Z' })),
  generic('g-2', payment({ revision: 1, amount: '1250.00' })),
  generic(
    'g-3',
    payment({ revision: 2, occurred_at: '2026-02-01T05:00:00Z' }),
    payment({ id: 'fee', amount: '9.99', occurred_at: '2026-02-01T05:00:00Z' }),
  ),
  sending('payroll', 'p-1', payrollRun()),
  sending('payroll', 'p-2', payrollRun({ eventId: 'evt-2', revision: 2, status: 'paid' })),
  billing('ev_first', 100, 10),
  billing('ev_second', 200, 12),
  sending('gusto', 'e0000000-0000-4000-8000-000000000001', {
    ...{ uuid: 'e0000000-0000-4000-8000-000000000001', event_type: 'payroll.processed' },
    ...{ resource_type: 'Company', resource_uuid: COMPANY, entity_type: 'Payroll', entity_uuid: PAYROLL },
  }),
  { source: 'plaid', deliveryId: '', body: plaidWebhook() },
  sending('aws-budgets', 'alert', signedMessage(SNS, { TopicArn: TOPIC }, NOW)),
];

/** What the providers tell whoever asks. */
export const AT_PROVIDERS: {
  readonly stripe: readonly Readonly<Record<string, unknown>>[];
  readonly plaid: readonly object[];
  readonly chargebee: object;
  readonly gusto: object;
} = {
  stripe: [
    ...['1', '2'].map((n) => transaction({ id: `txn_ch${n}`, source: `ch_${n}` })),
    transaction({ id: 'txn_re1', amount: -1000, fee: 0, type: 'refund', source: 're_1' }),
    transaction({ id: 'txn_po1', amount: -3000, fee: 30, type: 'payout', source: 'po_1' }),
  ],
  plaid: [
    bankRow(),
    bankRow({ transaction_id: 'tx-2', amount: -30, date: '2026-02-02' }),
    bankRow({ transaction_id: 'tx-3', amount: 1250, date: '2026-02-01' }),
  ],
  chargebee: { subscription: [team(200, 12)], invoice: [invoice()] },
  gusto: { payrolls: [payroll()], receipts: [receipt()], ach_transactions: [transfer()] },
};

/** What AWS says is left of its credits. */
export const CREDITS: CreditsAnswer = {
  outcome: 'credits',
  credits: [
    {
      creditId: '77',
      remainingAmount: { currencyAmount: '100.00', currencyCode: 'USD' },
      endDate: Date.parse('2026-12-31T23:59:59Z') / 1_000,
      creditStatus: 'ENABLED',
    },
  ],
};

/** What AWS answers of its invoices, whatever month it is asked for. */
export const INVOICES: InvoiceAnswer = {
  outcome: 'page',
  invoices: [
    {
      InvoiceId: 'inv-1',
      InvoiceType: 'INVOICE',
      DueDate: '2026-03-03T01:00:00.000Z',
      BillingPeriod: { Year: 2026, Month: 2 },
      PaymentCurrencyAmount: { TotalAmount: '12.50', CurrencyCode: 'USD' },
    },
  ],
};

/** What Cost Explorer answers, whatever days it is asked for: one day that cost something. */
export const COSTS: CostAnswer = {
  outcome: 'page',
  days: [
    {
      TimePeriod: { Start: '2026-02-27', End: '2026-02-28' },
      Estimated: false,
      Groups: [
        { Keys: ['Amazon EC2', 'Usage'], Metrics: { UnblendedCost: { Amount: '12.5', Unit: 'USD' } } },
      ],
    },
  ],
};
