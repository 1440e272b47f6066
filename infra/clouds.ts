/** Where a tenant's cloud bills are, in the configuration. */
import * as v from 'valibot';
import type { AwsAccount, CreditGrant, GcpBilling } from '../shared/contract/tenant.ts';
import { civilDate } from '../shared/time/civil-date.ts';
import { section } from './section.ts';

/** A lot of credits, as written. */
interface Credits {
  readonly id: string;
  readonly remaining: number;
  readonly currency: string;
  readonly as_of: string;
  readonly expires_on: string;
}

/** An account at AWS, as written. */
interface AwsBilling {
  readonly payer: string;
  readonly requests_per_day: number;
  readonly budgets_topic?: string | undefined;
  readonly credits: readonly Credits[];
}

/** A billing account at Google Cloud, as written. */
interface GcpExport {
  readonly billing_account: string;
  readonly project: string;
  readonly dataset: string;
  readonly table?: string | undefined;
  readonly location?: string | undefined;
  readonly invoiced?: { readonly due_day: number } | undefined;
  readonly credits: readonly Credits[];
}

const day = v.pipe(
  v.string('expected a day such as 2026-12-31'),
  v.check((text) => civilDate(text) !== undefined, 'not a day; write it as 2026-12-31'),
);

const credits = v.optional(
  v.array(
    section({
      id: v.pipe(
        v.string('expected a name for the credits'),
        v.regex(
          /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/,
          'use 1 to 64 letters, digits, dots, dashes, underscores',
        ),
      ),
      remaining: v.pipe(
        v.number('expected an amount'),
        v.minValue(0, 'expected 0 or more'),
        v.maxValue(1e12, 'expected less than a trillion'),
      ),
      currency: v.optional(
        v.picklist(Intl.supportedValuesOf('currency'), 'not a currency; write its ISO 4217 code such as USD'),
        'USD',
      ),
      as_of: day,
      expires_on: day,
    }),
    'expected a list with one entry per lot of credits',
  ),
  [],
);

const awsSection = section({
  payer: v.pipe(
    v.string('expected the account id in quotes'),
    v.regex(/^\d{12}$/, 'write the 12 digits of the account that pays the bill, in quotes'),
  ),
  requests_per_day: v.optional(
    v.pipe(
      v.number('expected a number of requests'),
      v.integer('expected a whole number of requests'),
      v.minValue(1, 'expected 1 or more'),
      v.maxValue(1000, 'expected at most 1000: each costs a cent'),
    ),
    12,
  ),
  budgets_topic: v.optional(
    v.pipe(
      v.string('expected the ARN of a topic'),
      v.regex(
        /^arn:aws(?:-[a-z]+)*:sns:[a-z0-9-]+:\d{12}:[A-Za-z0-9_-]{1,256}$/,
        'copy the ARN of the SNS topic, such as arn:aws:sns:us-east-1:123456789012:budgets',
      ),
    ),
  ),
  credits,
});

const gcpSection = section({
  billing_account: v.pipe(
    v.string('expected the id of the billing account'),
    v.regex(/^[0-9A-F]{6}-[0-9A-F]{6}-[0-9A-F]{6}$/, 'copy it from the console: 01AB23-CD45EF-678901'),
  ),
  project: v.pipe(
    v.string('expected the project that holds the export'),
    v.regex(/^[a-z][a-z0-9.:-]{4,60}[a-z0-9]$/, 'write the project’s id, not its name'),
  ),
  dataset: v.pipe(
    v.string('expected the data set that holds the export'),
    v.regex(/^\w{1,1024}$/, 'a data set has letters, digits and underscores only'),
  ),
  table: v.optional(
    v.pipe(
      v.string('expected the table of the export'),
      v.regex(/^\w{1,1024}$/, 'a table has letters, digits and underscores only'),
    ),
  ),
  location: v.optional(
    v.pipe(v.string('expected a location'), v.regex(/^[A-Za-z0-9-]{2,40}$/, 'write it such as europe-west3')),
  ),
  invoiced: v.optional(
    section({
      due_day: v.pipe(
        v.number('expected a day of the month'),
        v.integer('expected a whole day of the month'),
        v.minValue(1, 'expected 1 to 31'),
        v.maxValue(31, 'expected 1 to 31'),
      ),
    }),
  ),
  credits,
});
/** The cloud bills of a tenant, as written. */
export interface CloudBills {
  readonly aws?: AwsBilling | undefined;
  readonly gcp?: GcpExport | undefined;
}

/** Entries of a tenant's section. */
export const cloudBills: {
  readonly aws: v.OptionalSchema<v.GenericSchema<unknown, AwsBilling>, undefined>;
  readonly gcp: v.OptionalSchema<v.GenericSchema<unknown, GcpExport>, undefined>;
} = { aws: v.optional(awsSection), gcp: v.optional(gcpSection) };

const grantOf = ({ id, remaining, currency, as_of: asOf, expires_on: expiresOn }: Credits): CreditGrant => ({
  id,
  remaining: String(Number(remaining.toFixed(2))),
  currency,
  asOf,
  expiresOn,
});

/** As the functions are told of it. */
export const awsAccount = ({ payer, requests_per_day, budgets_topic, credits }: AwsBilling): AwsAccount => ({
  payer,
  requestsPerDay: requests_per_day,
  ...(budgets_topic !== undefined && { budgetsTopic: budgets_topic }),
  credits: credits.map(grantOf),
});

/** As the functions are told of it; Google names the table after the account. */
export const gcpBilling = (written: GcpExport): GcpBilling => ({
  billingAccount: written.billing_account,
  project: written.project,
  dataset: written.dataset,
  table: written.table ?? `gcp_billing_export_v1_${written.billing_account.replaceAll('-', '_')}`,
  ...(written.location !== undefined && { location: written.location }),
  ...(written.invoiced !== undefined && { dueDay: written.invoiced.due_day }),
  credits: written.credits.map(grantOf),
});
