import { confirmationDoorbell, costsDoorbell } from '../aws-costs/doorbell.ts';
import type { Interpretation, KeySigned } from '../provider.ts';
import { certificatePlace, isRecent, isSignedByCertificate, snsMessage } from './signature.ts';

export const AWS_BUDGETS = 'aws-budgets';

/** `Budget Name: cloud` and the like: AWS writes the message for people, and may write it another way tomorrow. */
const FIELDS = [
  'Budget Name',
  'Alert Type',
  'Alert Threshold',
  'ACTUAL Amount',
  'FORECASTED Amount',
] as const;

/** What a person should know of an alert; no figure of it is ever a fact. */
const told = (subject: string | null | undefined, text: string): string => {
  const fields = FIELDS.flatMap((name) => {
    const value = new RegExp(`^${name}: (.{1,100})$`, 'm').exec(text)?.[1];
    return value === undefined ? [] : [`${name}: ${value.trim()}`];
  });
  return [subject ?? 'AWS Budgets has an alert', ...fields].join('; ').slice(0, 500);
};

/** An alert says that costs have moved, so they are read; a subscription is confirmed where its topic is the tenant's. */
const interpret: KeySigned['interpret'] = (body, { aws }): Interpretation => {
  const message = snsMessage(body);
  const ignored = { outcome: 'ignored', doorbells: [] } as const;
  if (message === undefined || aws === undefined)
    return { outcome: 'quarantined', reason: 'not a message of SNS to this tenant' };
  if (message.Type === 'Notification')
    return {
      ...ignored,
      reason: 'there are costs to read',
      doorbells: [costsDoorbell(aws.payer)],
      attention: told(message.Subject, message.Message),
    };
  if (message.Type === 'UnsubscribeConfirmation')
    return {
      ...ignored,
      reason: 'the topic no longer tells us anything',
      attention: `${message.TopicArn} no longer sends alerts here: subscribe again if that was not meant`,
    };
  return {
    ...ignored,
    reason: 'there is a subscription to confirm',
    doorbells: [confirmationDoorbell({ topic: message.TopicArn, token: message.Token })],
    attention: `${message.TopicArn} asks to send alerts here: it is the topic of the configuration, so that is confirmed`,
  };
};

/**
 * SNS signs for all its customers alike, so a good signature says nothing of the tenant: only the topic does. It is looked
 * at first, and a stranger's message makes us fetch nothing.
 */
export const awsBudgets: KeySigned = {
  normaliser: 'aws-budgets/1',
  keyId: ({ body }, { aws }, nowMs) => {
    const message = snsMessage(body);
    if (message === undefined || message.TopicArn !== aws?.budgetsTopic || !isRecent(message, nowMs))
      return undefined;
    return certificatePlace(message.SigningCertURL) === undefined ? undefined : message.SigningCertURL;
  },
  verifyWith: async ({ body }, key) => {
    const message = snsMessage(body);
    return message !== undefined && 'certificate' in key && isSignedByCertificate(message, key);
  },
  deliveryId: ({ body }) => snsMessage(body)?.MessageId ?? '',
  interpret,
};
