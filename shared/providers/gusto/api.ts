import * as v from 'valibot';
import type { CivilDate } from '../../time/civil-date.ts';
import type { Ask } from '../patience.ts';
import type { GustoObject } from './doorbell.ts';

/** The version whose shapes we read; pinned, so that Gusto's own upgrades change nothing here. */
const API_VERSION = '2025-06-15';
const TIMEOUT_MS = 10_000;
const PAGE_SIZE = '100';
/** Left out, Gusto names no payrolls beside the regular ones. */
const EVERY_TYPE = 'regular,off_cycle,external';
const INCLUDED = 'totals,payroll_status_meta,reversals';

/** `missing`: Gusto knows no such object. `refused`: our token or request is wrong, and repeating it is no use. */
export type GustoAnswer =
  | { readonly outcome: 'found'; readonly value: unknown; readonly pages: number }
  | { readonly outcome: 'missing' }
  | { readonly outcome: 'refused'; readonly status: number };

export interface GustoCredentials {
  readonly clientId: string;
  readonly clientSecret: string;
  /** Where the application was registered with one. */
  readonly redirectUri?: string | undefined;
}

export interface GustoTokens {
  readonly accessToken: string;
  /** Good for one refresh. */
  readonly refreshToken: string;
  readonly expiresInSeconds: number;
}

export interface GustoApi {
  /** @returns undefined where the refresh token is good for nothing (any longer). */
  readonly refreshed: (
    credentials: GustoCredentials,
    refreshToken: string,
  ) => Promise<GustoTokens | undefined>;
  readonly payroll: (accessToken: string, company: string, payroll: string) => Promise<GustoAnswer>;
  /** One page of payrolls by payday, from the first page on. */
  readonly payrolls: (accessToken: string, company: string, range: GustoRange) => Promise<GustoAnswer>;
  readonly receipt: (accessToken: string, payroll: string) => Promise<GustoAnswer>;
  readonly contractorPayment: (accessToken: string, company: string, payment: string) => Promise<GustoAnswer>;
  /** One page of contractor payments by their day. */
  readonly contractorPayments: (
    accessToken: string,
    company: string,
    range: GustoRange,
  ) => Promise<GustoAnswer>;
  /** What moved for one payroll or one contractor payment. */
  readonly achTransactions: (
    accessToken: string,
    company: string,
    of: { readonly kind: GustoObject; readonly id: string; readonly page: number },
  ) => Promise<GustoAnswer>;
  /** Debits that failed, whatever became of them. */
  readonly recoveryCases: (accessToken: string, company: string, page: number) => Promise<GustoAnswer>;
}

/** One page of what is paid in a range of days. */
export interface GustoRange {
  readonly from: CivilDate;
  readonly to: CivilDate;
  readonly page: number;
}

const tokensSchema = v.object({
  access_token: v.string(),
  refresh_token: v.string(),
  expires_in: v.pipe(v.number(), v.minValue(0)),
});

const paged = (page: number): Record<string, string> => ({ page: page.toString(), per: PAGE_SIZE });

/** The few reads of Gusto's API that we make. Throws where a later attempt may do better. */
export const gustoApi = (baseUrl: string, ask: Ask): GustoApi => {
  const base = baseUrl.replace(/\/+$/, '');
  const failing = (status: number): void => {
    if (status === 429 || status >= 500) throw new Error(`Gusto answered ${status}`);
  };
  const get = async (
    path: string,
    accessToken: string,
    query: Record<string, string> = {},
  ): Promise<GustoAnswer> => {
    const search = new URLSearchParams(query).toString();
    const response = await ask(`${base}${path}${search && `?${search}`}`, {
      headers: { authorization: `Bearer ${accessToken}`, 'x-gusto-api-version': API_VERSION },
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const { status, headers } = response;
    const text = await response.text();
    failing(status);
    if (status === 404) return { outcome: 'missing' };
    if (status !== 200) return { outcome: 'refused', status };
    return { outcome: 'found', value: JSON.parse(text), pages: Number(headers.get('x-total-pages') ?? 1) };
  };
  return {
    refreshed: async ({ clientId, clientSecret, redirectUri }, refreshToken) => {
      const response = await ask(`${base}/oauth/token`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({
          grant_type: 'refresh_token',
          client_id: clientId,
          client_secret: clientSecret,
          refresh_token: refreshToken,
          ...(redirectUri !== undefined && { redirect_uri: redirectUri }),
        }),
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      const text = await response.text();
      failing(response.status);
      if (response.status !== 200) return undefined;
      const tokens = v.parse(tokensSchema, JSON.parse(text));
      return {
        accessToken: tokens.access_token,
        refreshToken: tokens.refresh_token,
        expiresInSeconds: tokens.expires_in,
      };
    },
    payroll: (accessToken, company, payroll) =>
      get(`/v1/companies/${company}/payrolls/${payroll}`, accessToken, { include: INCLUDED }),
    payrolls: (accessToken, company, { from, to, page }) =>
      get(`/v1/companies/${company}/payrolls`, accessToken, {
        processing_statuses: 'processed,unprocessed',
        payroll_types: EVERY_TYPE,
        include: INCLUDED,
        date_filter_by: 'check_date',
        start_date: from,
        end_date: to,
        ...paged(page),
      }),
    receipt: (accessToken, payroll) => get(`/v1/payrolls/${payroll}/receipt`, accessToken),
    contractorPayment: (accessToken, company, payment) =>
      get(`/v1/companies/${company}/contractor_payments/${payment}`, accessToken),
    contractorPayments: (accessToken, company, { from, to, page }) =>
      get(`/v1/companies/${company}/contractor_payments`, accessToken, {
        start_date: from,
        end_date: to,
        ...paged(page),
      }),
    achTransactions: (accessToken, company, { kind, id, page }) =>
      get(`/v1/companies/${company}/ach_transactions`, accessToken, { [`${kind}_uuid`]: id, ...paged(page) }),
    recoveryCases: (accessToken, company, page) =>
      get(`/v1/companies/${company}/recovery_cases`, accessToken, paged(page)),
  };
};
