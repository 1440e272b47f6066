/** Accounts in the configuration: only those whose authority is another than their facts suggest. */
import * as v from 'valibot';
import { civilDate } from '../shared/time/civil-date.ts';
import { section } from './section.ts';

/** One account, as written. */
export interface OwnAccount {
  readonly name: string;
  readonly kind: 'bank' | 'card' | 'stripe' | 'manual';
  readonly authority: string;
  readonly from?: string | undefined;
  readonly stripe_destination?: string | undefined;
  readonly restricted?: boolean | undefined;
}

interface Complaint {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

const KINDS = ['bank', 'card', 'stripe', 'manual'] as const;
const AUTHORITIES = ['plaid', 'csv', 'stripe', 'payroll', 'gusto', 'generic'] as const;

const schema = section({
  name: v.pipe(
    v.string('expected the account’s name, as its facts have it'),
    v.regex(/^[A-Za-z0-9][A-Za-z0-9:_-]{0,99}$/, 'use the name its facts have, such as bank:checking'),
  ),
  kind: v.picklist(KINDS, `expected one of ${KINDS.join(', ')}`),
  authority: v.picklist(AUTHORITIES, `expected one of ${AUTHORITIES.join(', ')}`),
  from: v.optional(
    v.pipe(
      v.string('expected a day such as 2026-01-31'),
      v.check((day) => civilDate(day) !== undefined, 'not a day; write one such as 2026-01-31'),
    ),
  ),
  stripe_destination: v.optional(
    v.pipe(
      v.string('expected Stripe’s id of the account'),
      v.regex(/^(ba|card)_[A-Za-z0-9]{1,100}$/, 'copy it from the payout’s destination at Stripe: ba_...'),
    ),
  ),
  restricted: v.optional(v.boolean('expected true (money that must not be spent) or false')),
});

export const ownAccount: v.GenericSchema<unknown, OwnAccount> = schema;

/** An account has one authority, and Stripe pays out to one account of an id. */
export const doubledAccounts = (
  tenants: readonly { readonly accounts?: readonly OwnAccount[] | undefined }[],
): Complaint[] =>
  tenants.flatMap(({ accounts = [] }, tenantAt) =>
    (['name', 'stripe_destination'] as const).flatMap((key) => {
      const told = accounts.map((account) => account[key]);
      return told.flatMap((value, index): Complaint[] =>
        value !== undefined && told.indexOf(value) < index
          ? [{ path: ['tenants', tenantAt, 'accounts', index, key], message: `${value} is there already` }]
          : [],
      );
    }),
  );
