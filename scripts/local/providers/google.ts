import { generateKeyPairSync } from 'node:crypto';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import type { ServiceRequest, ServiceResponse } from '../service.ts';

export interface GoogleStubOptions {
  /** Most rows on a page, so that a small story has several. */
  readonly pageSize?: number;
  readonly now?: () => number;
}

export type GoogleStub = (request: ServiceRequest) => ServiceResponse;

/** A service account's key as Google hands it out, good for nothing but the stand-in. */
export const localServiceAccount = (): string =>
  JSON.stringify({
    type: 'service_account',
    client_email: 'local@capstack.iam.gserviceaccount.com',
    private_key: generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({
      type: 'pkcs8',
      format: 'pem',
    }),
  });

/** A row of the export: its table only grows, and a correction is a further row. */
interface ExportRow {
  readonly billing_account_id: string;
  readonly invoice_month: string;
  readonly service_id: string;
  readonly service: string;
  readonly cost_type?: string;
  readonly currency?: string;
  readonly cost: string;
  readonly credits?: readonly { readonly type: string; readonly amount: string }[];
  readonly export_time: string;
}

type Cells = readonly (string | null)[];

const answer = (status: number, body: unknown): ServiceResponse => ({
  status,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
});

const failure = (status: number, reason: string, message: string): ServiceResponse =>
  answer(status, { error: { code: status, message, errors: [{ reason, message }] } });

const SCALE = 9;

/** Units of 10^-9, as NUMERIC counts. */
const units = (decimal: string): bigint => {
  const [whole = '0', fraction = ''] = decimal.replace('-', '').split('.');
  const size = BigInt(whole + fraction.padEnd(SCALE, '0').slice(0, SCALE));
  return decimal.startsWith('-') ? -size : size;
};

const decimal = (value: bigint): string => {
  const digits = (value < 0n ? -value : value).toString().padStart(SCALE + 1, '0');
  const text = `${digits.slice(0, -SCALE)}.${digits.slice(-SCALE)}`.replace(/\.?0+$/, '');
  return value < 0n ? `-${text}` : text;
};

const sum = (values: readonly string[]): string =>
  decimal(values.reduce((total, each) => total + units(each), 0n));

/** The one query that the pipeline asks: sums by invoice month, service, type and currency. */
const costs = (
  rows: readonly ExportRow[],
  parameters: Readonly<Record<string, string>>,
): readonly Cells[] => {
  const wanted = rows.filter(
    (row) =>
      row.billing_account_id === parameters['account'] &&
      row.invoice_month >= (parameters['month'] ?? '') &&
      Date.parse(row.export_time) < Date.parse(parameters['now'] ?? ''),
  );
  const keyOf = ({ invoice_month, service_id, cost_type = 'regular', currency = 'USD' }: ExportRow): string =>
    [invoice_month, service_id, cost_type, currency].join('|');
  const credits = (of: readonly ExportRow[], isPromotion: boolean): string =>
    sum(
      of
        .flatMap((row) => row.credits ?? [])
        .filter(({ type }) => (type === 'PROMOTION') === isPromotion)
        .map(({ amount }) => amount),
    );
  return [...Map.groupBy(wanted, keyOf)]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, of]) => {
      const [month = '', service = '', type = '', currency = ''] = key.split('|');
      return [
        month,
        service,
        of[0]?.service ?? null,
        type,
        currency,
        sum(of.map(({ cost }) => cost)),
        credits(of, true),
        credits(of, false),
        Math.max(...of.map(({ export_time }) => Date.parse(export_time))).toString(),
      ];
    });
};

interface Asked {
  readonly query: string;
  readonly queryParameters: readonly {
    readonly name: string;
    readonly parameterValue: { readonly value: string };
  }[];
}

/**
 * As much of Google as a billing export needs, for the local run: `/oauth2/token` gives a token for a service account's
 * statement, `/bigquery/...` answers the pipeline's query in pages, at first not done yet, from the rows put to
 * `/_control/rows`; `/_control/limits` turns the next requests away.
 */
export const googleStub = ({ pageSize = 3, now = Date.now }: GoogleStubOptions = {}): GoogleStub => {
  const rows: ExportRow[] = [];
  const jobs = new Map<string, readonly Cells[]>();
  const tokens = new Set<string>();
  let turnedAway = 0;

  const token = (body: string): ServiceResponse => {
    try {
      const assertion = new URLSearchParams(body).get('assertion') ?? '';
      const { aud, iss, exp = 0 } = decodeJwt(assertion);
      const isGood =
        decodeProtectedHeader(assertion).alg === 'RS256' &&
        aud === 'https://oauth2.googleapis.com/token' &&
        iss !== undefined &&
        exp * 1_000 > now();
      if (!isGood) return answer(400, { error: 'invalid_grant' });
      const access = `ya29.${tokens.size}`;
      tokens.add(access);
      return answer(200, { access_token: access, expires_in: 3_599, token_type: 'Bearer' });
    } catch {
      return answer(400, { error: 'invalid_grant' });
    }
  };

  const page = (jobId: string, from: number): ServiceResponse => {
    const all = jobs.get(jobId);
    if (all === undefined) return failure(404, 'notFound', `Not found: Job ${jobId}`);
    const next = from + pageSize;
    return answer(200, {
      kind: 'bigquery#getQueryResultsResponse',
      jobComplete: true,
      jobReference: { jobId, location: 'US' },
      totalRows: all.length.toString(),
      rows: all.slice(from, next).map((cells) => ({ f: cells.map((cell) => ({ v: cell })) })),
      ...(next < all.length && { pageToken: next.toString() }),
    });
  };

  const start = (asked: Asked): ServiceResponse => {
    if (!asked.query.includes('@month')) return failure(400, 'invalidQuery', 'not a query of the pipeline');
    const parameters = Object.fromEntries(
      asked.queryParameters.map(({ name, parameterValue: { value } }) => [name, value]),
    );
    const jobId = `job_${jobs.size}`;
    jobs.set(jobId, costs(rows, parameters));
    return answer(200, { jobComplete: false, jobReference: { jobId, location: 'US' } });
  };

  return ({ method, path, headers, body }) => {
    const url = new URL(path, 'http://google.local');
    const text = body.toString('utf8');
    if (url.pathname === '/_control/rows') {
      rows.push(...(JSON.parse(text) as ExportRow[]));
      return answer(200, { rows: rows.length });
    }
    if (url.pathname === '/_control/limits') {
      turnedAway = Number((JSON.parse(text || '{}') as { times?: number }).times ?? 1);
      return answer(200, {});
    }
    if (url.pathname === '/oauth2/token') return token(text);
    if (!tokens.has((headers['authorization'] ?? '').replace('Bearer ', '')))
      return failure(401, 'authError', 'Request had invalid authentication credentials.');
    if (turnedAway > 0) {
      turnedAway -= 1;
      return failure(429, 'rateLimitExceeded', 'Exceeded rate limits');
    }
    const [, jobId] =
      /^\/bigquery\/bigquery\/v2\/projects\/[^/]+\/queries(?:\/([\w-]+))?$/.exec(url.pathname) ?? [];
    if (method === 'POST') return start(JSON.parse(text) as Asked);
    return page(jobId ?? '', Number(url.searchParams.get('pageToken') ?? 0));
  };
};
