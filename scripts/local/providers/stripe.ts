import type { ServiceRequest, ServiceResponse } from '../service.ts';

/** A balance transaction as `POST /_issue` takes it: with an id and a time of creation, all else as in Stripe's API. */
interface Issued {
  readonly id: string;
  readonly created: number;
  readonly [member: string]: unknown;
}

const DEFAULT_LIMIT = 10;
const MAX_LIMIT = 100;

const answer = (status: number, body: unknown): ServiceResponse => ({
  status,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
});

const failure = (status: number, error: Record<string, string>): ServiceResponse =>
  answer(status, { error: { type: 'invalid_request_error', ...error } });

const missing = (id: string): ServiceResponse =>
  failure(404, {
    code: 'resource_missing',
    message: `No such balance transaction: '${id}'`,
    param: 'id',
  });

const isIssued = (value: unknown): value is Issued =>
  typeof value === 'object' &&
  value !== null &&
  typeof (value as Partial<Issued>).id === 'string' &&
  typeof (value as Partial<Issued>).created === 'number';

/** Newest first; equal times by id, so that paging sees each transaction once. */
const newestFirst = (a: Issued, b: Issued): number =>
  b.created - a.created || (a.id < b.id ? 1 : a.id > b.id ? -1 : 0);

const list = (issued: ReadonlyMap<string, Issued>, query: URLSearchParams): ServiceResponse => {
  const bound = (name: string, otherwise: number): number => {
    const text = query.get(`created[${name}]`);
    return text === null ? otherwise : Number.parseInt(text, 10);
  };
  const from = Math.max(bound('gte', Number.NEGATIVE_INFINITY), bound('gt', Number.NEGATIVE_INFINITY) + 1);
  const before = Math.min(bound('lt', Number.POSITIVE_INFINITY), bound('lte', Number.POSITIVE_INFINITY) + 1);
  const limit = Number.parseInt(query.get('limit') ?? `${DEFAULT_LIMIT}`, 10);
  if (!(limit >= 1 && limit <= MAX_LIMIT))
    return failure(400, { message: `limit must be between 1 and ${MAX_LIMIT}`, param: 'limit' });
  const matching = [...issued.values()]
    .filter((transaction) => transaction.created >= from && transaction.created < before)
    .sort(newestFirst);
  const after = query.get('starting_after');
  const cursor = after === null ? undefined : issued.get(after);
  if (after !== null && cursor === undefined) return missing(after);
  const rest =
    cursor === undefined ? matching : matching.filter((transaction) => newestFirst(cursor, transaction) < 0);
  return answer(200, {
    object: 'list',
    url: '/v1/balance_transactions',
    has_more: rest.length > limit,
    data: rest.slice(0, limit),
  });
};

const issue = (issued: Map<string, Issued>, body: Buffer): ServiceResponse => {
  let value: unknown;
  try {
    value = JSON.parse(body.toString('utf8'));
  } catch {
    return failure(400, { message: 'the body is no JSON' });
  }
  if (!isIssued(value))
    return failure(400, { message: 'a balance transaction needs an id and a created time' });
  const transaction = { object: 'balance_transaction', ...value };
  issued.set(value.id, transaction);
  return answer(200, transaction);
};

/** The sum of what was issued: all of it available, none of it paid out but by a transaction of its own. */
const balance = (issued: ReadonlyMap<string, Issued>): ServiceResponse => {
  const sums = new Map<string, number>();
  for (const { net, currency } of issued.values())
    if (typeof net === 'number' && typeof currency === 'string')
      sums.set(currency, (sums.get(currency) ?? 0) + net);
  return answer(200, {
    object: 'balance',
    available: [...sums].map(([currency, amount]) => ({ amount, currency })),
    pending: [...sums.keys()].map((currency) => ({ amount: 0, currency })),
  });
};

/**
 * The part of Stripe's API that settles estimates, for the local run. It knows the balance transactions that were issued
 * to it by `POST /_issue`, and answers 404 for every other, as Stripe does.
 */
export const stripeStub = (): ((request: ServiceRequest) => ServiceResponse) => {
  const issued = new Map<string, Issued>();
  return (request) => {
    const url = new URL(request.path, 'http://stripe.local');
    if (request.method === 'POST' && url.pathname === '/_issue') return issue(issued, request.body);
    if (!/^Bearer .+/.test(request.headers['authorization'] ?? ''))
      return failure(401, { message: 'You did not provide an API key.' });
    if (request.method === 'GET' && url.pathname === '/v1/balance_transactions')
      return list(issued, url.searchParams);
    if (request.method === 'GET' && url.pathname === '/v1/balance') return balance(issued);
    const id = /^\/v1\/balance_transactions\/([^/]+)$/.exec(url.pathname)?.[1];
    if (request.method !== 'GET' || id === undefined)
      return failure(404, { message: `Unrecognized request URL (${request.method}: ${url.pathname}).` });
    const transaction = issued.get(id);
    return transaction === undefined ? missing(id) : answer(200, transaction);
  };
};
