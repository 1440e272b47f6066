import type { ServiceRequest, ServiceResponse } from '../service.ts';

/**
 * A balance transaction or a payout as `POST /_issue` takes it: with an id and a time of creation, all else as in Stripe's
 * API. Issued again, it has changed; issued with an older time, it is a late row.
 */
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

const missing = (id: string, what: string = 'balance transaction'): ServiceResponse =>
  failure(404, {
    code: 'resource_missing',
    message: `No such ${what}: '${id}'`,
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

const list = (issued: ReadonlyMap<string, Issued>, url: URL): ServiceResponse => {
  const query = url.searchParams;
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
    url: url.pathname,
    has_more: rest.length > limit,
    data: rest.slice(0, limit),
  });
};

const issue = (account: Account, body: Buffer): ServiceResponse => {
  let value: unknown;
  try {
    value = JSON.parse(body.toString('utf8'));
  } catch {
    return failure(400, { message: 'the body is no JSON' });
  }
  if (!isIssued(value)) return failure(400, { message: 'what is issued needs an id and a created time' });
  const object = { object: 'balance_transaction', ...value };
  const kinds = new Map([
    ['payout', account.payouts],
    ['subscription', account.subscriptions],
    ['invoice', account.invoices],
  ]);
  (kinds.get(object.object) ?? account.transactions).set(value.id, object);
  return answer(200, object);
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

/** What one Stripe account holds. */
interface Account {
  readonly transactions: Map<string, Issued>;
  readonly payouts: Map<string, Issued>;
  readonly subscriptions: Map<string, Issued>;
  readonly invoices: Map<string, Issued>;
  /** Requests still to be turned away. */
  refusals: number;
}

/** `POST /_limit {"requests": n}`: the next n requests meet the rate limit. */
const limit = (account: Account, body: Buffer): ServiceResponse => {
  const { requests } = JSON.parse(body.toString('utf8')) as { requests?: unknown };
  account.refusals = typeof requests === 'number' ? requests : 1;
  return answer(200, { requests: account.refusals });
};

const read = (account: Account, url: URL): ServiceResponse => {
  const { transactions, payouts, subscriptions, invoices } = account;
  if (url.pathname === '/v1/balance_transactions') return list(transactions, url);
  if (url.pathname === '/v1/payouts') return list(payouts, url);
  if (url.pathname === '/v1/balance') return balance(transactions);
  const [, kind = '', id] = /^\/v1\/(\w+)\/([^/]+)$/.exec(url.pathname) ?? [];
  const objects = new Map([
    ['balance_transactions', transactions],
    ['payouts', payouts],
    ['subscriptions', subscriptions],
    ['invoices', invoices],
  ]).get(kind);
  if (id === undefined || objects === undefined)
    return failure(404, { message: `Unrecognized request URL (GET: ${url.pathname}).` });
  const object = objects.get(id);
  return object === undefined ? missing(id, kind.slice(0, -1).replaceAll('_', ' ')) : answer(200, object);
};

/**
 * The part of Stripe's API that settles estimates, for the local run. It knows the balance transactions and payouts that were
 * issued to it by `POST /_issue`, and answers 404 for every other, as Stripe does.
 */
export const stripeStub = (): ((request: ServiceRequest) => ServiceResponse) => {
  const account: Account = {
    transactions: new Map(),
    payouts: new Map(),
    subscriptions: new Map(),
    invoices: new Map(),
    refusals: 0,
  };
  return (request) => {
    const url = new URL(request.path, 'http://stripe.local');
    if (request.method === 'POST' && url.pathname === '/_issue') return issue(account, request.body);
    if (request.method === 'POST' && url.pathname === '/_limit') return limit(account, request.body);
    if (!/^Bearer .+/.test(request.headers['authorization'] ?? ''))
      return failure(401, { message: 'You did not provide an API key.' });
    if (account.refusals > 0) {
      account.refusals -= 1;
      return failure(429, { code: 'rate_limit', message: 'Request rate limit exceeded.' });
    }
    return request.method === 'GET'
      ? read(account, url)
      : failure(404, { message: `Unrecognized request URL (${request.method}: ${url.pathname}).` });
  };
};
