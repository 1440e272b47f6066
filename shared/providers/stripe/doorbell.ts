import type { BillingObject } from './billing.ts';

interface Asked {
  readonly object: 'balance_transaction' | BillingObject;
  readonly id: string;
  readonly account: string | undefined;
}

const DOORBELL = /^stripe:(balance_transaction|subscription|invoice):([A-Za-z0-9_]+)(?::([A-Za-z0-9_]+))?$/;

/** Asks for a balance transaction to be fetched; `account` names a connected account. */
export const transactionDoorbell = (id: string, account: string | undefined): string =>
  `stripe:balance_transaction:${id}${account === undefined ? '' : `:${account}`}`;

/** Asks for an object of Stripe's billing to be read anew. */
export const billingDoorbell = (object: BillingObject, id: string, account: string | undefined): string =>
  `stripe:${object}:${id}${account === undefined ? '' : `:${account}`}`;

/** What a doorbell asks for; undefined where it is none of Stripe's. */
export const parseDoorbell = (doorbell: string): Asked | undefined => {
  const [, object, id, account] = DOORBELL.exec(doorbell) ?? [];
  return object === undefined || id === undefined
    ? undefined
    : { object: object as Asked['object'], id, account };
};
