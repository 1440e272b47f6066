import { createHash, createHmac } from 'node:crypto';
import { SignatureV4 } from '@smithy/signature-v4';

/** A token opens connections for 15 minutes; ElastiCache allows no longer. */
const TOKEN_SECONDS = 900;

type Bytes = string | ArrayBuffer | ArrayBufferView;
const bytesOf = (data: Bytes): Uint8Array =>
  typeof data === 'string'
    ? Buffer.from(data)
    : ArrayBuffer.isView(data)
      ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
      : new Uint8Array(data);

/** SHA-256 in the shape the signer asks for; the signer keys it for HMAC. */
class Sha256 {
  readonly #hash: { update(data: Uint8Array): unknown; digest(): Buffer };
  constructor(secret?: Bytes) {
    this.#hash = secret === undefined ? createHash('sha256') : createHmac('sha256', bytesOf(secret));
  }
  update(data: Bytes): void {
    this.#hash.update(bytesOf(data));
  }
  async digest(): Promise<Uint8Array> {
    return this.#hash.digest();
  }
  reset(): void {
    throw new Error('a digest is used once');
  }
}

/** Credentials and region that Lambda puts into the environment. */
export interface SigningEnvironment {
  readonly AWS_ACCESS_KEY_ID: string;
  readonly AWS_SECRET_ACCESS_KEY: string;
  readonly AWS_SESSION_TOKEN?: string;
  readonly AWS_REGION: string;
}

/**
 * The password with which an IAM user opens a connection to ElastiCache Serverless: a presigned request to connect,
 * without its scheme (docs.aws.amazon.com/AmazonElastiCache/latest/dg/auth-iam.html). Made locally, no call is sent.
 */
export const cacheToken = async (
  cacheName: string,
  userId: string,
  environment: SigningEnvironment,
  nowMs: number,
): Promise<string> => {
  const signer = new SignatureV4({
    service: 'elasticache',
    region: environment.AWS_REGION,
    sha256: Sha256,
    credentials: {
      accessKeyId: environment.AWS_ACCESS_KEY_ID,
      secretAccessKey: environment.AWS_SECRET_ACCESS_KEY,
      ...(environment.AWS_SESSION_TOKEN !== undefined && { sessionToken: environment.AWS_SESSION_TOKEN }),
    },
  });
  const signed = await signer.presign(
    {
      method: 'GET',
      protocol: 'https:',
      hostname: cacheName,
      path: '/',
      headers: { host: cacheName },
      query: { Action: 'connect', User: userId, ResourceType: 'ServerlessCache' },
    },
    { expiresIn: TOKEN_SECONDS, signingDate: new Date(nowMs) },
  );
  const query = new URLSearchParams(signed.query as Record<string, string>);
  return `${cacheName}/?${query}`;
};
