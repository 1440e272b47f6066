import * as v from 'valibot';
import type { GcpBilling } from '../../contract/tenant.ts';
import { revision } from '../../event/fact.ts';
import { type StatementFact, statementFact } from '../../event/statement.ts';
import { type CivilDate, civilDate } from '../../time/civil-date.ts';
import { plainDecimal } from '../decimal.ts';
import type { BillingQuery } from './api.ts';

export const GCP = 'gcp';
/** Changes with any change in what is asked or made of an answer. */
export const GCP_NORMALISER = 'gcp/1';

const RECORD_TYPES: Readonly<Record<string, string>> = {
  regular: 'usage',
  tax: 'tax',
  adjustment: 'adjustment',
  rounding_error: 'rounding',
};

export const gcpKeyPrefix = ({ billingAccount }: Pick<GcpBilling, 'billingAccount'>): string =>
  `gcp:${billingAccount}:`;

/**
 * Sums by the month of the invoice, as only they agree with it: late usage goes to the next one. Rows have no names and are
 * corrected by further rows, so the sums are read anew each time. A promotion is credit that pays; other credits are lower
 * prices. What is exported while the query runs is left to the next.
 */
export const costsQuery = (
  { billingAccount, project, dataset, table, location }: GcpBilling,
  fromMonth: string,
  nowMs: number,
): BillingQuery => {
  const since = new Date(Date.parse(`${fromMonth}-01T00:00:00Z`) - 5 * 86_400_000).toISOString();
  return {
    project,
    location,
    sql: `SELECT invoice.month, service.id, ANY_VALUE(service.description), cost_type, currency,
 CAST(SUM(CAST(cost AS NUMERIC)) AS STRING),
 CAST(SUM(IFNULL((SELECT SUM(CAST(c.amount AS NUMERIC)) FROM UNNEST(credits) c WHERE c.type = 'PROMOTION'), 0)) AS STRING),
 CAST(SUM(IFNULL((SELECT SUM(CAST(c.amount AS NUMERIC)) FROM UNNEST(credits) c WHERE c.type != 'PROMOTION'), 0)) AS STRING),
 CAST(UNIX_MILLIS(MAX(export_time)) AS STRING)
FROM \`${project}.${dataset}.${table}\`
WHERE _PARTITIONTIME >= TIMESTAMP(@since) AND billing_account_id = @account
 AND invoice.month >= @month AND export_time < TIMESTAMP(@now)
GROUP BY invoice.month, service.id, cost_type, currency
ORDER BY 1, 2, 4, 5`,
    parameters: {
      since,
      account: billingAccount,
      month: fromMonth.replace('-', ''),
      now: new Date(nowMs).toISOString(),
    },
  };
};

const amount = v.pipe(
  v.string(),
  v.transform((text) => plainDecimal(text)),
  v.string('is no amount'),
);
const rowSchema = v.tuple([
  v.pipe(v.string(), v.regex(/^\d{6}$/)),
  v.pipe(v.string(), v.maxLength(100)),
  v.nullable(v.pipe(v.string(), v.maxLength(200))),
  v.pipe(v.string(), v.maxLength(50)),
  v.pipe(v.string(), v.regex(/^[A-Z]{3}$/)),
  amount,
  amount,
  amount,
  v.pipe(v.string(), v.regex(/^\d{1,15}$/), v.transform(Number)),
]);

/** A month's invoice is out by the fifth business day of the next, and may still be adjusted for a few days. */
const FINAL_DAY = 11;

const isEstimated = (month: string, nowMs: number): boolean => {
  const [year = 0, index = 0] = month.split('-').map(Number);
  return nowMs < Date.UTC(year, index, FINAL_DAY);
};

interface Read {
  readonly facts: readonly StatementFact[];
  readonly unreadable: readonly { readonly part: unknown; readonly reason: string }[];
  /** When the latest of it was exported; 0 where nothing was. */
  readonly exportedMs: number;
}

/** Months of costs by service, type and currency, what credits paid of them apart. None of it is cash. */
export const readExport = (rows: readonly unknown[], billing: GcpBilling, nowMs: number): Read => {
  const facts: StatementFact[] = [];
  const unreadable: { part: unknown; reason: string }[] = [];
  let exportedMs = 0;
  for (const part of rows) {
    const parsed = v.safeParse(rowSchema, part);
    const month = parsed.success ? `${parsed.output[0].slice(0, 4)}-${parsed.output[0].slice(4)}` : '';
    const date: CivilDate | undefined = civilDate(`${month}-01`);
    if (!parsed.success || date === undefined) {
      unreadable.push({ part, reason: 'a sum of costs is not understood' });
      continue;
    }
    const [invoice, service, name, costType, currency, gross, promotion, discount, asOf] = parsed.output;
    exportedMs = Math.max(exportedMs, asOf);
    const key = `${gcpKeyPrefix(billing)}${invoice}:${service}:${costType}:${currency}`;
    const state = (suffix: string, recordType: string, sum: string): void => {
      if (sum === '0') return;
      facts.push(
        statementFact(
          {
            key: `${key}${suffix}`,
            revision: revision('final', nowMs),
            source: GCP,
            date,
            description: `${name ?? service}, ${recordType}`,
            counterparty: 'Google Cloud',
          },
          'cost',
          {
            provider: GCP,
            service: name ?? service,
            recordType,
            amount: sum,
            currency,
            estimated: isEstimated(month, nowMs),
          },
        ),
      );
    };
    state('', Object.hasOwn(RECORD_TYPES, costType) ? (RECORD_TYPES[costType] ?? 'other') : 'other', gross);
    state(':promotion', 'credit', promotion);
    state(':discount', 'discount', discount);
  }
  return { facts, unreadable, exportedMs };
};
