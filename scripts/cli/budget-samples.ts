/** Deliveries that try the door of AWS Budgets. SNS signs them, and only SNS can: the local stand-in, or nobody. */
import { generateKeyPairSync } from 'node:crypto';
import { signedMessage } from '../local/providers/sns.ts';
import { post, urlOf } from './api.ts';
import { Failure } from './failure.ts';
import type { Sample } from './sample-deliveries.ts';

export const BUDGETS = 'aws-budgets';
/** As the documentation names it. */
const LOCAL_TOPIC = 'arn:aws:sns:us-east-1:123456789012:budgets';
const STALE_MS = 2 * 3_600_000;

export interface Tested {
  readonly api: string;
  /** ARN of the topic that the tenant's configuration names. */
  readonly topic?: string;
  /** Whether the stand-in for SNS is there to sign. */
  readonly isLocal: boolean;
}

type Fields = Readonly<Record<string, string>>;

/** A message that the local stand-in signs, as SNS would. */
const signedLocally = async (api: string, fields: Fields): Promise<string> => {
  const response = await post(api, '/_local/stub/sns/_control/signed', {}, JSON.stringify(fields));
  if (!response.ok)
    throw new Failure(`${urlOf(api, '/')} has no stand-in for SNS: is it a pipeline of npm start?`);
  return response.text();
};

const of = (what: string, expected: string, body: string): Sample => ({
  what,
  source: BUDGETS,
  headers: { 'content-type': 'text/plain; charset=UTF-8' },
  body,
  expected,
});

const altered = (message: string, fields: Fields): string =>
  JSON.stringify({ ...(JSON.parse(message) as object), ...fields });

const local = async (api: string, topic: string, nowMs: number): Promise<readonly Sample[]> => {
  const usual = { TopicArn: topic, Subject: 'capstack webhooks test', Message: 'Nothing happened.' };
  const genuine = await signedLocally(api, usual);
  const foreign = await signedLocally(api, { ...usual, TopicArn: `${topic}-of-somebody-else` });
  const stale = await signedLocally(api, {
    ...usual,
    Timestamp: new Date(nowMs - STALE_MS).toISOString(),
  });
  return [
    of('an alert, signed by SNS', '200 ignored', genuine),
    of('the same again', '200 ignored', genuine),
    of('changed after it was signed', '401', altered(genuine, { Message: 'Something happened.' })),
    of('signed two hours ago', '401', stale),
    of('signed by SNS for another topic', '401', foreign),
  ];
};

/** What a stranger can send anywhere. Each is right but for the one thing, as far as a stranger can make it so. */
const strange = (topic: string, nowMs: number): readonly Sample[] => {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const signed = (fields: Fields): string =>
    JSON.stringify(signedMessage({ privateKey, certificate: '' }, { TopicArn: topic, ...fields }, nowMs));
  const elsewhere = 'https://sns.us-east-1.amazonaws.com.example.com/SimpleNotificationService-1.pem';
  return [
    of('signed by somebody else', '401', signed({})),
    of('with a certificate from somewhere else', '401', signed({ SigningCertURL: elsewhere })),
    of('a subscription that nobody may confirm', '401', signed({ Type: 'SubscriptionConfirmation' })),
    of('without a signature', '401', altered(signed({}), { Signature: '' })),
  ];
};

/** To be sent in this order. */
export const budgetSamples = async (
  { api, topic, isLocal }: Tested,
  nowMs: number,
): Promise<readonly Sample[]> => {
  if (!isLocal && topic === undefined)
    throw new Failure(
      'name the topic of the configuration with --topic: a message of another is refused before it is looked at',
    );
  const named = topic ?? LOCAL_TOPIC;
  return [...(isLocal ? await local(api, named, nowMs) : []), ...strange(named, nowMs)];
};

/** What the samples leave open. */
export const untested = ({ isLocal }: Tested): string =>
  isLocal
    ? ''
    : 'That a genuine alert is taken only SNS can show, for nobody else can sign one: subscribe the topic, or publish to it with\n' +
      '  aws sns publish --topic-arn TOPIC --subject "capstack test" --message "Nothing happened."\n' +
      'and look for the alert in the log of ingest.\n';
