import { randomUUID } from 'node:crypto';
import { hmacSha256 } from '../../../shared/providers/signing.ts';
import type { ServiceRequest, ServiceResponse } from '../service.ts';
import { tokenDesk } from './gusto-tokens.ts';
import { turnedAway } from './turned-away.ts';

export interface GustoStubOptions {
  /** Where webhooks go: `{url}/v1/webhooks/{tenant}/gusto`. */
  readonly apiUrl: string;
  /** Most rows on a page, so that a small story has several. */
  readonly pageSize?: number;
  readonly now?: () => number;
}

export type GustoStub = (request: ServiceRequest) => Promise<ServiceResponse>;

interface Fields {
  readonly [name: string]: unknown;
}

/** One company at Gusto. */
interface Company {
  readonly payrolls: Map<string, Fields>;
  /** By payroll. */
  readonly receipts: Map<string, Fields>;
  readonly transfers: Map<string, Fields>;
  readonly contractorPayments: Map<string, Fields>;
  readonly recoveryCases: Map<string, Fields>;
}

const LOCAL_SECRET = 'local-secret';

const answer = (status: number, body: unknown, headers: Record<string, string> = {}): ServiceResponse => ({
  status,
  headers: { 'content-type': 'application/json', ...headers },
  body: JSON.stringify(body),
});

const failure = (status: number, category: string, message: string): ServiceResponse =>
  answer(status, { errors: [{ error_key: 'request', category, message }] });

const NOT_FOUND = failure(404, 'not_found', 'The requested resource was not found.');

const pageOf = (rows: readonly Fields[], query: URLSearchParams, pageSize: number): ServiceResponse => {
  const per = Math.min(Number(query.get('per') ?? 25), pageSize);
  const page = Number(query.get('page') ?? 1);
  return answer(200, rows.slice((page - 1) * per, page * per), {
    'x-page': page.toString(),
    'x-total-count': rows.length.toString(),
    'x-total-pages': Math.max(1, Math.ceil(rows.length / per)).toString(),
  });
};

const isListed = (payroll: Fields, query: URLSearchParams): boolean => {
  const wanted = (query.get('payroll_types') ?? 'regular').split(',');
  const { external, off_cycle: offCycle } = payroll;
  return wanted.includes(external === true ? 'external' : offCycle === true ? 'off_cycle' : 'regular');
};

/** Contractor payments come in pages too, but by contractor. */
const byContractor = (page: ServiceResponse): ServiceResponse => {
  const payments = JSON.parse(page.body.toString()) as Fields[];
  const groups = [...Map.groupBy(payments, ({ contractor_uuid: contractor }) => contractor)];
  const contractors = groups.map(([contractor_uuid, of]) => ({ contractor_uuid, payments: of }));
  return { ...page, body: JSON.stringify({ contractor_payments: contractors }) };
};

const read = (company: Company, path: string, query: URLSearchParams, pageSize: number): ServiceResponse => {
  const within = (date: unknown): boolean =>
    String(date) >= (query.get('start_date') ?? '') && String(date) <= (query.get('end_date') ?? '9999');
  const pages = (all: Map<string, Fields>, isWanted: (row: Fields) => boolean): ServiceResponse =>
    pageOf([...all.values()].filter(isWanted), query, pageSize);
  switch (path) {
    case 'payrolls':
      return pages(company.payrolls, (row) => within(row['check_date']) && isListed(row, query));
    case 'contractor_payments':
      return byContractor(pages(company.contractorPayments, (row) => within(row['date'])));
    case 'recovery_cases':
      return pages(company.recoveryCases, () => true);
    case 'ach_transactions': {
      const event = query.get('payroll_uuid') ?? query.get('contractor_payment_uuid');
      return pages(company.transfers, (row) => event === null || row['payment_event_uuid'] === event);
    }
    default: {
      const [, kind, id = ''] = /^(payrolls|contractor_payments)\/([^/]+)$/.exec(path) ?? [];
      const found = (kind === 'payrolls' ? company.payrolls : company.contractorPayments).get(id);
      return found === undefined ? NOT_FOUND : answer(200, found);
    }
  }
};

/** Puts objects as they are from now on. */
const put = (company: Company, asked: Fields): ServiceResponse => {
  const each = (name: string, key: string, into: Map<string, Fields>): void => {
    for (const value of (asked[name] ?? []) as Fields[]) into.set(String(value[key]), value);
  };
  each('payrolls', 'payroll_uuid', company.payrolls);
  each('receipts', 'payroll_uuid', company.receipts);
  each('ach_transactions', 'uuid', company.transfers);
  each('contractor_payments', 'uuid', company.contractorPayments);
  each('recovery_cases', 'uuid', company.recoveryCases);
  for (const id of (asked['remove'] ?? []) as string[]) {
    company.payrolls.delete(id);
    company.contractorPayments.delete(id);
  }
  return answer(200, {});
};

const deliver = async (
  apiUrl: string,
  tenant: unknown,
  body: string,
  headers: Record<string, string>,
): Promise<ServiceResponse> => {
  const response = await fetch(`${apiUrl}/v1/webhooks/${String(tenant)}/gusto`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body,
  });
  return answer(response.status, await response.json());
};

const sendEvent = (apiUrl: string, asked: Fields, nowMs: number): Promise<ServiceResponse> => {
  const { tenant = 'demo', company_uuid, payroll_uuid, secret = LOCAL_SECRET, ...rest } = asked;
  const { contractor_payment_uuid: payment, ...more } = rest;
  const isPayroll = payment === undefined;
  const body = JSON.stringify({
    uuid: randomUUID(),
    event_type: isPayroll ? 'payroll.processed' : 'contractor_payment.created',
    resource_type: 'Company',
    resource_uuid: company_uuid,
    entity_type: isPayroll ? 'Payroll' : 'ContractorPayment',
    entity_uuid: payment ?? payroll_uuid,
    timestamp: Math.floor(nowMs / 1_000),
    ...more,
  });
  const signature = hmacSha256(String(secret), body).toString('hex');
  return deliver(apiUrl, tenant, body, { 'x-gusto-signature': signature });
};

/** What comes first of a new webhook subscription: the token that proves whose the address is, unsigned. */
const offerToken = (apiUrl: string, { tenant = 'demo', token }: Fields): Promise<ServiceResponse> =>
  deliver(apiUrl, tenant, JSON.stringify({ verification_token: token ?? randomUUID() }), {});

/**
 * The part of Gusto's API that the pipeline uses, for the local run. `/_control/companies` puts a company's payrolls, their
 * receipts and transfers, contractor payments and recovery cases; `/_control/webhooks` sends a signed event, `/_control/subscriptions` offers a verification token,
 * `/_control/limits` turns the next requests away (`{ "status": 429, "times": 1 }`), and `/_control/expiry` ends the access tokens,
 * with `{ "login": true }` the refresh tokens too.
 */
export const gustoStub = ({ apiUrl, pageSize = 3, now = Date.now }: GustoStubOptions): GustoStub => {
  const companies = new Map<string, Company>();
  const desk = tokenDesk();
  const away = turnedAway({ status: 429, retry_after: 0 });
  const companyOf = (uuid: string): Company => {
    const known = companies.get(uuid) ?? {
      payrolls: new Map(),
      receipts: new Map(),
      transfers: new Map(),
      contractorPayments: new Map(),
      recoveryCases: new Map(),
    };
    companies.set(uuid, known);
    return known;
  };

  const control = async (path: string, asked: Fields, request: ServiceRequest): Promise<ServiceResponse> => {
    switch (path) {
      case '/_control/companies':
        return put(companyOf(String(asked['company_uuid'])), asked);
      case '/_control/webhooks':
        return sendEvent(apiUrl, asked, now());
      case '/_control/subscriptions':
        return offerToken(apiUrl, asked);
      case '/_control/limits':
        return away.order(request);
      case '/_control/expiry':
        desk.expire(now(), asked['login'] === true);
        return answer(200, {});
      default:
        return NOT_FOUND;
    }
  };

  const exchange = ({ client_id, client_secret, refresh_token }: Fields): ServiceResponse => {
    const tokens = client_id && client_secret ? desk.exchange(refresh_token, now()) : undefined;
    return tokens === undefined
      ? answer(400, {
          error: 'invalid_grant',
          error_description: 'The provided authorization grant is invalid.',
        })
      : answer(200, { ...tokens, token_type: 'bearer', scope: 'payrolls:read' });
  };

  return async (request) => {
    const url = new URL(request.path, 'http://gusto.local');
    const path = url.pathname;
    if (request.method === 'POST') {
      const asked = JSON.parse(request.body.toString('utf8') || '{}') as Fields;
      if (path === '/oauth/token') return exchange(asked);
      return path.startsWith('/_control/') ? control(path, asked, request) : NOT_FOUND;
    }
    if (!desk.isGood(request.headers['authorization'], now()))
      return failure(401, 'authentication_error', 'The access token is invalid or has expired.');
    const turned = away.next();
    if (turned !== undefined) return turned;
    const receipt = /^\/v1\/payrolls\/([^/]+)\/receipt$/.exec(path)?.[1];
    if (receipt !== undefined) {
      const found = [...companies.values()].map(({ receipts }) => receipts.get(receipt)).find(Boolean);
      return found === undefined ? NOT_FOUND : answer(200, found);
    }
    const [, company, rest] = /^\/v1\/companies\/([^/]+)\/(.+)$/.exec(path) ?? [];
    return company === undefined || rest === undefined
      ? NOT_FOUND
      : read(companyOf(company), rest, url.searchParams, pageSize);
  };
};
