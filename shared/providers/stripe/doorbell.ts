const DOORBELL = /^stripe:balance_transaction:([A-Za-z0-9_]+)(?::([A-Za-z0-9_]+))?$/;

/** Asks for a balance transaction to be fetched; `account` names a connected account. */
export const transactionDoorbell = (id: string, account: string | undefined): string =>
  `stripe:balance_transaction:${id}${account === undefined ? '' : `:${account}`}`;

/** What a doorbell asks for; undefined where it is none of Stripe's. */
export const parseDoorbell = (
  doorbell: string,
): { readonly id: string; readonly account: string | undefined } | undefined => {
  const match = DOORBELL.exec(doorbell);
  return match?.[1] === undefined ? undefined : { id: match[1], account: match[2] };
};
