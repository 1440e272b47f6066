import { createHash, generateKeyPairSync, type KeyObject, randomUUID } from 'node:crypto';
import { SignJWT } from 'jose';
import type { ServiceRequest, ServiceResponse } from '../service.ts';
import { type ItemHistory, itemHistory, type Transaction } from './plaid-item.ts';

export interface PlaidStubOptions {
  /** Where webhooks go: `{url}/v1/webhooks/{tenant}/plaid`. */
  readonly apiUrl: string;
  /** Most rows on a page, so that a small story has several. */
  readonly pageSize?: number;
}

export type PlaidStub = (request: ServiceRequest) => Promise<ServiceResponse>;

/** What the local run stores as the item's access token. */
export const localAccessToken = (item: string): string => `access-local-${item}`;

const answer = (status: number, body: unknown): ServiceResponse => ({
  status,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
});

const failure = (error_type: string, error_code: string, error_message: string): ServiceResponse =>
  answer(400, { error_type, error_code, error_message, display_message: null, request_id: randomUUID() });

interface Fields {
  readonly [name: string]: unknown;
}

interface SigningKey {
  readonly id: string;
  readonly privateKey: KeyObject;
  readonly publicKey: Fields;
}

const signingKey = (): SigningKey => {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const id = randomUUID();
  const { x, y } = publicKey.export({ format: 'jwk' });
  return {
    id,
    privateKey,
    publicKey: {
      ...{ alg: 'ES256', crv: 'P-256', kid: id, kty: 'EC', use: 'sig', x, y },
      created_at: Math.floor(Date.now() / 1000),
      expired_at: null,
    },
  };
};

/** Plaid's webhooks are indented, and the signature covers them as they are. */
const signedWebhook = async (key: SigningKey, fields: Fields): Promise<{ body: string; token: string }> => {
  const body = JSON.stringify(fields, null, 2);
  const token = await new SignJWT({ request_body_sha256: createHash('sha256').update(body).digest('hex') })
    .setProtectedHeader({ alg: 'ES256', kid: key.id, typ: 'JWT' })
    .setIssuedAt()
    .sign(key.privateKey);
  return { body, token };
};

/** Sends one webhook and answers with what it was answered. */
const ring = async (key: SigningKey, apiUrl: string, asked: Fields): Promise<ServiceResponse> => {
  const { tenant = 'demo', item_id, webhook_type, webhook_code, ...more } = asked;
  const { body, token } = await signedWebhook(key, {
    webhook_type: webhook_type ?? 'TRANSACTIONS',
    webhook_code: webhook_code ?? 'SYNC_UPDATES_AVAILABLE',
    item_id,
    initial_update_complete: true,
    historical_update_complete: true,
    environment: 'sandbox',
    ...more,
  });
  const response = await fetch(`${apiUrl}/v1/webhooks/${tenant}/plaid`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'plaid-verification': token },
    body,
  });
  return answer(response.status, await response.json());
};

/** What a test or a demonstration makes happen at the bank. */
const control = async (
  path: string,
  asked: Fields,
  history: (item: string) => ItemHistory,
  send: (asked: Fields) => Promise<ServiceResponse>,
): Promise<ServiceResponse> => {
  const item = asked['item_id'];
  if (typeof item !== 'string') return failure('INVALID_REQUEST', 'MISSING_FIELDS', 'item_id: expected text');
  const bank = history(item);
  switch (path) {
    case '/_control/transactions':
      for (const transaction of (asked['put'] ?? []) as Transaction[]) bank.put(transaction);
      for (const id of (asked['remove'] ?? []) as string[]) bank.remove(id);
      return answer(200, { transactions: bank.current() });
    case '/_control/mutations':
      bank.failPages(Number(asked['times'] ?? 1));
      return answer(200, {});
    case '/_control/errors':
      bank.breakLogin(typeof asked['error_code'] === 'string' ? asked['error_code'] : undefined);
      return answer(200, {});
    case '/_control/webhooks':
      return send(asked);
    default:
      return failure('INVALID_REQUEST', 'NOT_FOUND', path);
  }
};

/** Fields of the request, or undefined where the body is no JSON object. */
const fieldsOf = (body: Buffer): Fields | undefined => {
  try {
    const value: unknown = JSON.parse(body.toString('utf8'));
    return typeof value === 'object' && value !== null ? (value as Fields) : undefined;
  } catch {
    return undefined;
  }
};

/**
 * The part of Plaid's API that the pipeline uses, for the local run: what a test puts to a bank account by
 * `/_control/transactions` is read by `/transactions/sync` as at Plaid, and `/_control/webhooks` rings for it, signed.
 */
export const plaidStub = ({ apiUrl, pageSize = 3 }: PlaidStubOptions): PlaidStub => {
  const key = signingKey();
  const items = new Map<string, ItemHistory>();
  const history = (item: string): ItemHistory => {
    const known = items.get(item) ?? itemHistory();
    items.set(item, known);
    return known;
  };

  const sync = (asked: Fields): ServiceResponse => {
    const [, item] = /^access-local-(.+)$/.exec(String(asked['access_token'])) ?? [];
    if (item === undefined)
      return failure('INVALID_INPUT', 'INVALID_ACCESS_TOKEN', 'could not find matching access token');
    const broken = history(item).broken();
    if (broken !== undefined)
      return failure('ITEM_ERROR', broken, 'the login details of this item have changed');
    const count = Math.min(Number(asked['count'] ?? 100), pageSize);
    const page = history(item).page(asked['cursor'] as string | undefined, count);
    return page === 'mutated'
      ? failure(
          'TRANSACTIONS_ERROR',
          'TRANSACTIONS_SYNC_MUTATION_DURING_PAGINATION',
          'Underlying transaction data changed since last page was fetched. Please restart pagination.',
        )
      : answer(200, {
          ...page,
          transactions_update_status: 'HISTORICAL_UPDATE_COMPLETE',
          request_id: randomUUID(),
        });
  };

  return async (request) => {
    const { pathname } = new URL(request.path, 'http://plaid.local');
    const asked = fieldsOf(request.body);
    if (request.method !== 'POST' || asked === undefined)
      return failure('INVALID_REQUEST', 'INVALID_BODY', 'body could not be parsed as JSON');
    if (pathname.startsWith('/_control/'))
      return control(pathname, asked, history, (fields) => ring(key, apiUrl, fields));
    if (typeof asked['client_id'] !== 'string' || typeof asked['secret'] !== 'string')
      return failure('INVALID_INPUT', 'INVALID_API_KEYS', 'invalid client_id or secret provided');
    switch (pathname) {
      case '/transactions/sync':
        return sync(asked);
      case '/webhook_verification_key/get':
        return asked['key_id'] === key.id
          ? answer(200, { key: key.publicKey, request_id: randomUUID() })
          : failure(
              'INVALID_INPUT',
              'INVALID_WEBHOOK_VERIFICATION_KEY_ID',
              'invalid webhook verification key id',
            );
      default:
        return failure('INVALID_REQUEST', 'NOT_FOUND', `no such endpoint: ${pathname}`);
    }
  };
};
