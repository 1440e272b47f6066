import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { Delivery } from '../intake/delivery.ts';

export interface DeliveryBuffer {
  readonly send: (delivery: Delivery) => Promise<void>;
}

/** The queue that takes verified deliveries while the ledger does not. */
export const deliveryBuffer = (client: SQSClient, queueUrl: string): DeliveryBuffer => ({
  send: async (delivery) => {
    await client.send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: encodeDelivery(delivery) }));
  },
});

export const encodeDelivery = ({ kept, ...delivery }: Delivery): string =>
  JSON.stringify({
    ...delivery,
    ...(kept.body === undefined
      ? { bodyPointer: kept.bodyPointer }
      : { body: Buffer.from(kept.body).toString('base64') }),
  });

/** Reads what `encodeDelivery` wrote; the queue takes messages from nobody else. */
export const decodeDelivery = (message: string): Delivery => {
  const { body, bodyPointer, ...delivery } = JSON.parse(message);
  return {
    ...delivery,
    kept: typeof body === 'string' ? { body: Buffer.from(body, 'base64') } : { bodyPointer },
  };
};
