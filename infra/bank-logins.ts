/** Bank logins in the configuration. */
import * as v from 'valibot';
import { section } from './section.ts';

/** One bank login at Plaid, as written. */
export interface BankLogin {
  readonly item_id: string;
  /** Names of our own by account_id. */
  readonly accounts: Readonly<Record<string, string>>;
}

interface Complaint {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/** As Plaid gives them; they are case-sensitive. */
const plaidId = (what: string) =>
  v.pipe(v.string(`expected ${what}`), v.regex(/^[A-Za-z0-9_-]{1,100}$/, `copy ${what} from Plaid as it is`));

/** Names that other sources post to, or that stand for no place of its own. */
const TAKEN_ACCOUNT = /^(external$|manual$|stripe|transit|suspense|plaid:)/;

const ownAccount = v.pipe(
  v.string('expected a name of your own for this account, such as bank:checking'),
  v.regex(/^[a-z0-9][a-z0-9:_-]{0,63}$/, 'use up to 64 of a-z, 0-9, and : _ -, such as bank:checking'),
  v.check((account) => !TAKEN_ACCOUNT.test(account), 'that name has a meaning already; choose another'),
);

const schema = section({
  item_id: plaidId('the item_id'),
  accounts: v.optional(v.record(plaidId('the account_id'), ownAccount), {}),
});

export const bankLogin: v.GenericSchema<unknown, BankLogin> = schema;

/** A bank login belongs to one tenant, and a bank account is read through one login: money would count twice. */
export const doubledLogins = (
  tenants: readonly { readonly name: string; readonly plaid?: readonly BankLogin[] | undefined }[],
): Complaint[] => {
  const owners = new Map<string, string>();
  const taken = (name: string, owner: string): boolean => {
    const known = owners.get(name);
    owners.set(name, known ?? owner);
    return known !== undefined && known !== owner;
  };
  return tenants.flatMap(({ name: tenantName, plaid = [] }, tenantAt) =>
    plaid.flatMap(({ item_id: item, accounts }, itemAt): Complaint[] => {
      const path = ['tenants', tenantAt, 'plaid', itemAt] as const;
      const place = `${tenantAt}/${itemAt}`;
      const complaints: Complaint[] = [];
      if (taken(`item ${item}`, place))
        complaints.push({ path: [...path, 'item_id'], message: `${item} is there already` });
      for (const [account, own] of Object.entries(accounts))
        if (taken(`account ${account}`, place) || taken(`own ${tenantName} ${own}`, place))
          complaints.push({
            path: [...path, 'accounts', account],
            message: `${own} is read through another item; keep one of the two, or its money counts twice`,
          });
      return complaints;
    }),
  );
};
