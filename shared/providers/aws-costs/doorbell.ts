const COSTS = /^aws:costs:(\d{12})$/;
const CONFIRMATION =
  /^aws-budgets:confirm:(arn:aws(?:-[a-z]+)*:sns:[a-z0-9-]+:\d{12}:[A-Za-z0-9_-]{1,256})\/([A-Za-z0-9]{1,2048})$/;

/** Asks for the costs of an account as they are now. */
export const costsDoorbell = (payer: string): string => `aws:costs:${payer}`;

/** The account whose costs a doorbell rings for; undefined where it rings for something else. */
export const parseCostsDoorbell = (doorbell: string): string | undefined => COSTS.exec(doorbell)?.[1];

/** A subscription to a topic that is to be confirmed. */
export interface Confirmation {
  readonly topic: string;
  readonly token: string;
}

/** Asks for a subscription to be confirmed. */
export const confirmationDoorbell = ({ topic, token }: Confirmation): string =>
  `aws-budgets:confirm:${topic}/${token}`;

/** The subscription that a doorbell rings for; undefined where it rings for something else. */
export const parseConfirmationDoorbell = (doorbell: string): Confirmation | undefined => {
  const [, topic, token] = CONFIRMATION.exec(doorbell) ?? [];
  return topic === undefined || token === undefined ? undefined : { topic, token };
};
