/** One endpoint that plays every AWS service: who calls, may they, and which service answers. */
import { randomBytes, randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { ACCOUNT } from './attributes.ts';
import { answer, type ListeningServer, readBody } from './http-server.ts';
import { decide } from './iam.ts';
import type { Policies } from './policies.ts';
import type { Access, LocalService, ServiceRequest, ServiceResponse } from './service.ts';

/** Larger than what any service here takes, so that each answers by its own limit. */
const MAX_BODY_BYTES = 64 * 1024 * 1024;

export interface AccessKey {
  readonly id: string;
  readonly secret: string;
}

/** Whoever runs the machine: may do everything, as an administrator of the account. */
export const OPERATOR = 'operator';

export interface Keys {
  readonly keyFor: (roleArn: string) => AccessKey;
  readonly ownerOf: (accessKeyId: string) => string | undefined;
}

export const accessKeys = (): Keys => {
  const byOwner = new Map<string, AccessKey>();
  const owners = new Map<string, string>();
  return {
    keyFor: (roleArn) => {
      const known = byOwner.get(roleArn);
      if (known) return known;
      const key = { id: `AKIA${randomBytes(8).toString('hex').toUpperCase()}`, secret: randomUUID() };
      byOwner.set(roleArn, key);
      owners.set(key.id, roleArn);
      return key;
    },
    ownerOf: (accessKeyId) => owners.get(accessKeyId),
  };
};

export interface Gateway {
  /** While it lasts, every request to the service answers 503, and nothing of it is done. */
  readonly outage: (signingName: string, lasts: boolean) => void;
  /** Asks the policies, then the service, without going over the network. */
  readonly callAs: (owner: string, signingName: string, request: ServiceRequest) => Promise<ServiceResponse>;
}

export interface GatewayOptions {
  readonly services: readonly LocalService[];
  readonly policies: Policies;
  readonly log: (line: string) => void;
}

/** `AWS4-HMAC-SHA256 Credential=KEY/20261121/us-east-1/sqs/aws4_request, ...`, or the same in a signed address. */
const credentialOf = (request: ServiceRequest): { accessKeyId: string; signingName: string } | undefined => {
  const header = /Credential=([^,\s]+)/.exec(request.headers['authorization'] ?? '')?.[1];
  const query = new URLSearchParams(request.path.split(/\?(.*)/s)[1]).get('X-Amz-Credential');
  const [accessKeyId, , , signingName] = (header ?? query ?? '').split('/');
  return accessKeyId && signingName ? { accessKeyId, signingName } : undefined;
};

const plainError = (status: number, type: string, message: string): ServiceResponse => ({
  status,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ __type: type, message }),
});

const roleName = (arn: string): string => arn.split('/').at(-1) ?? arn;

export const openGateway = ({ services, policies, log }: GatewayOptions): Gateway => {
  const bySigningName = new Map(
    services.flatMap((service) => service.signingNames.map((name) => [name, service] as const)),
  );

  const outages = new Set<string>();

  const refusal = (owner: string, accesses: readonly Access[]): string | undefined => {
    if (owner === OPERATOR) return undefined;
    const principal = policies.principal(owner);
    for (const access of accesses) {
      const verdict = decide(principal, policies.onResource(access.resource), access);
      if (verdict.allowed) continue;
      log(`denied: ${roleName(owner)}: ${verdict.reason}`);
      const user = `arn:aws:sts::${ACCOUNT}:assumed-role/${roleName(owner)}/local`;
      return `User: ${user} is not authorized to perform: ${access.action} on resource: ${access.resource}`;
    }
    return undefined;
  };

  /** What a service does not know is denied: nobody can say what it would touch. */
  const refused = (owner: string, service: LocalService, request: ServiceRequest): string | undefined => {
    try {
      return refusal(owner, service.access(request));
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      log(`denied: ${roleName(owner)}: ${message}`);
      return message;
    }
  };

  return {
    outage: (signingName, lasts) => {
      if (lasts) outages.add(signingName);
      else outages.delete(signingName);
    },
    callAs: async (owner, signingName, request) => {
      const service = bySigningName.get(signingName);
      if (!service) {
        log(`no local service for ${signingName} (${request.headers['x-amz-target'] ?? request.path})`);
        return plainError(501, 'NotImplemented', `the local runtime has no service ${signingName}`);
      }
      if (outages.has(signingName)) return plainError(503, 'ServiceUnavailable', 'an outage was asked for');
      const message = refused(owner, service, request);
      if (message !== undefined) return service.denied(request, message);
      try {
        return await service.handle(request);
      } catch (error) {
        log(`${signingName}: ${error instanceof Error ? error.message : error}`);
        return plainError(500, 'InternalFailure', String(error));
      }
    },
  };
};

const serviceRequest = (incoming: IncomingMessage, body: Buffer): ServiceRequest => ({
  method: incoming.method ?? 'GET',
  path: incoming.url ?? '/',
  headers: Object.fromEntries(
    Object.entries(incoming.headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(',') : (value ?? ''),
    ]),
  ),
  body,
});

/** Serves the gateway to SDK clients. Signatures are not checked: the key id alone is a secret of this run. */
export const serveGateway = (
  server: ListeningServer,
  gateway: Gateway,
  keys: Keys,
  log: (line: string) => void,
): void =>
  server.serve(
    async (incoming, response) => {
      const body = await readBody(incoming, MAX_BODY_BYTES);
      if (body === undefined) return answer(response, 413, { connection: 'close' }, '');
      const request = serviceRequest(incoming, body);
      const credential = credentialOf(request);
      const owner = credential && keys.ownerOf(credential.accessKeyId);
      const result =
        credential && owner
          ? await gateway.callAs(owner, credential.signingName, request)
          : plainError(
              403,
              'UnrecognizedClientException',
              'The security token included in the request is invalid.',
            );
      answer(response, result.status, result.headers, result.body);
    },
    (error, response) => {
      log(`gateway: ${error}`);
      if (!response.headersSent) answer(response, 500, {}, String(error));
    },
  );
