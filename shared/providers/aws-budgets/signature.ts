/** How SNS signs what it sends over HTTPS: with a certificate of its own, whose address is in the message. */
import { createVerify, X509Certificate } from 'node:crypto';
import * as v from 'valibot';
import { instantMs } from '../../time/instant.ts';
import type { CertifiedKey } from '../provider.ts';
import { jsonIn } from '../text.ts';

const MAX_AGE_MS = 3_600_000;
/** A clock a minute ahead is the most we believe. */
const MAX_LEAD_MS = 60_000;

const line = v.pipe(v.string(), v.maxLength(4_096));

const common = {
  MessageId: v.pipe(v.string(), v.regex(/^[\w-]{1,100}$/)),
  TopicArn: v.pipe(v.string(), v.maxLength(400)),
  Message: v.pipe(v.string(), v.maxLength(262_144)),
  Timestamp: line,
  SignatureVersion: v.picklist(['1', '2']),
  Signature: line,
  SigningCertURL: line,
};
interface Common {
  readonly MessageId: string;
  readonly TopicArn: string;
  readonly Message: string;
  readonly Timestamp: string;
  readonly SignatureVersion: '1' | '2';
  readonly Signature: string;
  readonly SigningCertURL: string;
}

/** What SNS sends; nothing of it is proven. */
export type SnsMessage =
  | (Common & { readonly Type: 'Notification'; readonly Subject?: string | null | undefined })
  | (Common & {
      readonly Type: 'SubscriptionConfirmation' | 'UnsubscribeConfirmation';
      readonly SubscribeURL: string;
      readonly Token: string;
    });

const schema: v.GenericSchema<unknown, SnsMessage> = v.variant('Type', [
  v.object({ Type: v.literal('Notification'), Subject: v.nullish(line), ...common }),
  v.object({
    Type: v.picklist(['SubscriptionConfirmation', 'UnsubscribeConfirmation']),
    SubscribeURL: line,
    Token: v.pipe(v.string(), v.regex(/^[A-Za-z0-9]{1,2048}$/)),
    ...common,
  }),
]);

export const snsMessage = (body: Buffer): SnsMessage | undefined => {
  const parsed = v.safeParse(schema, jsonIn(body));
  return parsed.success ? parsed.output : undefined;
};

/** Hosts that only AWS can answer from, and in `[1]` their region. */
const HOST = /^sns\.([a-z0-9-]{3,30})\.amazonaws\.com$/;
const PATH = /^\/SimpleNotificationService-[A-Za-z0-9]{1,64}\.pem$/;

/** Where a certificate of SNS's lies. */
export interface CertificatePlace {
  readonly region: string;
  readonly path: string;
}

/** The place of a certificate, or undefined where the address is none of SNS's. */
export const certificatePlace = (address: string): CertificatePlace | undefined => {
  const url = URL.parse(address);
  const region = url === null ? undefined : HOST.exec(url.host)?.[1];
  if (url === null || region === undefined || url.protocol !== 'https:' || !PATH.test(url.pathname))
    return undefined;
  const isPlain = url.search === '' && url.hash === '' && url.username === '' && url.password === '';
  return isPlain ? { region, path: url.pathname } : undefined;
};

/** Whether a message is of now. */
export const isRecent = ({ Timestamp }: SnsMessage, nowMs: number): boolean => {
  const sentMs = instantMs(Timestamp);
  return sentMs !== undefined && nowMs - sentMs <= MAX_AGE_MS && sentMs - nowMs <= MAX_LEAD_MS;
};

/** The bytes that are signed: names and values, each on a line, in the order of the names. */
export const signedText = (message: SnsMessage): string => {
  const { Message, MessageId, Timestamp, TopicArn, Type } = message;
  const fields =
    message.Type === 'Notification'
      ? {
          Message,
          MessageId,
          ...(message.Subject && { Subject: message.Subject }),
          Timestamp,
          TopicArn,
          Type,
        }
      : {
          Message,
          MessageId,
          SubscribeURL: message.SubscribeURL,
          Timestamp,
          Token: message.Token,
          TopicArn,
          Type,
        };
  return Object.entries(fields)
    .map(([name, value]) => `${name}\n${value}\n`)
    .join('');
};

const ALGORITHMS = { 1: 'RSA-SHA1', 2: 'RSA-SHA256' } as const;

/** Whether the holder of the certificate signed the message, while it was good. */
export const isSignedByCertificate = (message: SnsMessage, { certificate }: CertifiedKey): boolean => {
  try {
    const { publicKey, validFromDate, validToDate } = new X509Certificate(certificate);
    const sent = new Date(message.Timestamp);
    if (publicKey.asymmetricKeyType !== 'rsa' || sent < validFromDate || sent > validToDate) return false;
    return createVerify(ALGORITHMS[message.SignatureVersion])
      .update(signedText(message), 'utf8')
      .verify(publicKey, message.Signature, 'base64');
  } catch {
    return false;
  }
};
