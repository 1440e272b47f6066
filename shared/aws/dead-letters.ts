import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';

export interface DeadLetters {
  readonly send: (letter: Readonly<Record<string, string>>) => Promise<void>;
}

/** The queue of what no retry can deliver; a message in it rings the alarm that goes by mail. */
export const deadLetters = (client: SQSClient, queueUrl: string): DeadLetters => ({
  send: async (letter) => {
    await client.send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: JSON.stringify(letter) }));
  },
});
