/** Where a tenant's billing and payroll are, in the configuration. */
import * as v from 'valibot';
import { section } from './section.ts';

/** A site at Chargebee, as written. */
export interface ChargebeeSite {
  readonly site: string;
}

/** A company at Gusto, as written. */
export interface GustoCompany {
  readonly company: string;
  readonly taxes: 'impound' | 'monthly' | 'semi_weekly';
}

const chargebeeSection = section({
  site: v.pipe(
    v.string('expected the name of the site'),
    v.regex(
      /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/,
      'write what stands before .chargebee.com, such as acme-test',
    ),
  ),
});
export const chargebeeSite: v.GenericSchema<unknown, ChargebeeSite> = chargebeeSection;

const gustoSection = section({
  company: v.pipe(
    v.string('expected the company’s uuid'),
    v.regex(/^[A-Za-z0-9-]{1,64}$/, 'copy company_uuid from Gusto as it is'),
  ),
  taxes: v.optional(
    v.picklist(
      ['impound', 'monthly', 'semi_weekly'],
      'expected impound (Gusto remits payroll taxes), monthly or semi_weekly (you do, and how often)',
    ),
    'impound',
  ),
});
export const gustoCompany: v.GenericSchema<unknown, GustoCompany> = gustoSection;

/** What is wrong with a key. */
export interface Complaint {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/** A site, a company or a bill belongs to one tenant, or what is said of it would be said of both. */
export const doubledSources = (
  tenants: readonly {
    readonly chargebee?: ChargebeeSite | undefined;
    readonly gusto?: GustoCompany | undefined;
    readonly aws?: { readonly payer: string } | undefined;
    readonly gcp?: { readonly billing_account: string } | undefined;
  }[],
): Complaint[] => {
  const complaintsAbout = (
    key: 'chargebee' | 'gusto' | 'aws' | 'gcp',
    member: string,
    values: readonly (string | undefined)[],
  ) =>
    values.flatMap((value, index): Complaint[] =>
      value !== undefined && values.indexOf(value) < index
        ? [{ path: ['tenants', index, key, member], message: `${value} is another tenant’s already` }]
        : [],
    );
  return [
    ...complaintsAbout(
      'chargebee',
      'site',
      tenants.map(({ chargebee }) => chargebee?.site),
    ),
    ...complaintsAbout(
      'gusto',
      'company',
      tenants.map(({ gusto }) => gusto?.company),
    ),
    ...complaintsAbout(
      'aws',
      'payer',
      tenants.map(({ aws }) => aws?.payer),
    ),
    ...complaintsAbout(
      'gcp',
      'billing_account',
      tenants.map(({ gcp }) => gcp?.billing_account),
    ),
  ];
};
