import { type SigningEnvironment, signer } from './signing.ts';

/** A token opens connections for 15 minutes; ElastiCache allows no longer. */
const TOKEN_SECONDS = 900;

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
  const signed = await signer('elasticache', environment.AWS_REGION, environment).presign(
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
