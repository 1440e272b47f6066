import { type SigningEnvironment, signer } from './signing.ts';

/** An operation of a service for which the SDK has no client, or one larger than all that is asked of it. */
export interface SignedCall {
  /** As AWS scopes signatures for it. */
  readonly service: string;
  readonly region: string;
  readonly url: string;
  /** `AWSBudgetServiceGateway.DescribeBudget` */
  readonly target: string;
  readonly version: '1.0' | '1.1';
  readonly timeoutMs: number;
}

/** Sends one request in AWS's JSON protocol, signed for the role that runs; once. */
export const signedJson = async (
  { service, region, url: address, target, version, timeoutMs }: SignedCall,
  input: object,
  environment: SigningEnvironment,
): Promise<{ readonly status: number; readonly text: string }> => {
  const url = new URL(address);
  const body = JSON.stringify(input);
  const signed = await signer(service, region, environment).sign({
    method: 'POST',
    protocol: url.protocol,
    hostname: url.hostname,
    ...(url.port !== '' && { port: Number(url.port) }),
    path: '/',
    headers: {
      host: url.host,
      'content-type': `application/x-amz-json-${version}`,
      'x-amz-target': target,
    },
    body,
  });
  const response = await fetch(new URL('/', url), {
    method: 'POST',
    headers: signed.headers,
    body,
    signal: AbortSignal.timeout(timeoutMs),
  });
  return { status: response.status, text: await response.text() };
};
