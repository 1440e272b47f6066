import { createSign, randomBytes, randomUUID } from 'node:crypto';
import { type SnsMessage, signedText } from '../../../shared/providers/aws-budgets/signature.ts';
import type { ServiceRequest, ServiceResponse } from '../service.ts';
import { type Certified, certified } from './certificate.ts';

export interface SnsStubOptions {
  /** Where messages go: `{url}/v1/webhooks/{tenant}/aws-budgets`. */
  readonly apiUrl: string;
  readonly now?: () => number;
}

export type SnsStub = (request: ServiceRequest) => Promise<ServiceResponse>;

type Fields = Readonly<Record<string, unknown>>;

const TOPIC = 'arn:aws:sns:us-east-1:123456789012:budgets';
const CERTIFICATE = 'SimpleNotificationService-0123456789abcdef.pem';
const YEAR_MS = 365 * 86_400_000;

const answer = (status: number, body: string, type = 'application/json'): ServiceResponse => ({
  status,
  headers: { 'content-type': type },
  body,
});

/** As AWS Budgets words an alert. */
const alertText = (budget: string, amount: string): string =>
  [
    'You requested that we alert you when the ACTUAL Cost associated with your budget exceeds its threshold.',
    '',
    `Budget Name: ${budget}`,
    'Budget Type: Cost',
    'Budgeted Amount: $1,000.00',
    'Alert Type: ACTUAL',
    'Alert Threshold: > $800.00',
    `ACTUAL Amount: ${amount}`,
    '',
  ].join('\n');

/** A message in the name of a topic, signed with a key. @param asked members that differ from the usual ones. */
export const signedMessage = ({ privateKey }: Certified, asked: Fields, nowMs: number): SnsMessage => {
  const isNotification = (asked['Type'] ?? 'Notification') === 'Notification';
  const topic = String(asked['TopicArn'] ?? TOPIC);
  const region = topic.split(':')[3] ?? '';
  const token = randomBytes(64).toString('hex');
  const message = {
    Type: 'Notification',
    MessageId: randomUUID(),
    TopicArn: topic,
    ...(isNotification
      ? { Subject: 'AWS Budgets: cloud has exceeded your alert threshold' }
      : {
          Token: token,
          SubscribeURL: `https://sns.${region}.amazonaws.com/?Action=ConfirmSubscription&TopicArn=${topic}&Token=${token}`,
        }),
    Message: isNotification ? alertText('cloud', '$912.40') : `You have chosen to subscribe to ${topic}.`,
    Timestamp: new Date(nowMs).toISOString(),
    SignatureVersion: '2',
    SigningCertURL: `https://sns.${region}.amazonaws.com/${CERTIFICATE}`,
    ...asked,
    Signature: '',
  } as SnsMessage;
  const algorithm = message.SignatureVersion === '1' ? 'RSA-SHA1' : 'RSA-SHA256';
  const signature = createSign(algorithm).update(signedText(message), 'utf8').sign(privateKey, 'base64');
  return { ...message, Signature: signature };
};

/**
 * SNS as far as a subscriber sees it, for the local run: `/_control/messages` signs a message and sends it, such as
 * `{"TopicArn":"arn:...","Type":"SubscriptionConfirmation"}`; `/_control/signed` only signs it; `/{region}/...pem` is the certificate, and
 * `/{region}/?Action=ConfirmSubscription` takes each token once.
 */
export const snsStub = ({ apiUrl, now = Date.now }: SnsStubOptions): SnsStub => {
  const tokens = new Set<string>();
  let confirmed = 0;
  let made: Certified | undefined;
  const key = (): Certified => {
    made ??= certified('sns.amazonaws.com', [now() - YEAR_MS, now() + YEAR_MS]);
    return made;
  };

  const send = async ({ tenant = 'demo', ...asked }: Fields): Promise<ServiceResponse> => {
    const message = signedMessage(key(), asked, now());
    if (message.Type !== 'Notification') tokens.add(message.Token);
    const response = await fetch(`${apiUrl}/v1/webhooks/${String(tenant)}/aws-budgets`, {
      method: 'POST',
      headers: { 'content-type': 'text/plain; charset=UTF-8', 'x-amz-sns-message-type': message.Type },
      body: JSON.stringify(message),
    });
    return answer(response.status, await response.text());
  };

  return async ({ method, path, body }) => {
    const url = new URL(path, 'http://sns.local');
    const asked = (): Fields => JSON.parse(body.toString('utf8') || '{}') as Fields;
    if (method === 'POST' && url.pathname === '/_control/signed')
      return answer(200, JSON.stringify(signedMessage(key(), asked(), now())));
    if (method === 'POST' && url.pathname === '/_control/messages') return send(asked());
    if (url.pathname === '/_control/subscriptions') return answer(200, JSON.stringify({ confirmed }));
    if (url.pathname.endsWith(`/${CERTIFICATE}`)) return answer(200, key().certificate, 'text/plain');
    if (url.searchParams.get('Action') !== 'ConfirmSubscription') return answer(404, '{}');
    if (!tokens.delete(url.searchParams.get('Token') ?? ''))
      return answer(
        400,
        '<ErrorResponse><Error><Code>InvalidParameter</Code></Error></ErrorResponse>',
        'text/xml',
      );
    confirmed += 1;
    return answer(200, '<ConfirmSubscriptionResponse/>', 'text/xml');
  };
};
