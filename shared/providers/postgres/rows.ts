import type { ProductQuery, TenantSettings } from '../../contract/tenant.ts';
import { type FactBase, revision } from '../../event/fact.ts';
import { type StatementFact, statementFact } from '../../event/statement.ts';
import type { Currency } from '../../money/currency.ts';
import { minorOf } from '../../money/money.ts';
import { civilDate, civilDateIn } from '../../time/civil-date.ts';
import { instantMs } from '../../time/instant.ts';
import { plainDecimal } from '../decimal.ts';
import type { ProductRow } from './database.ts';

export const POSTGRES = 'postgres';

const CURRENCIES = new Set(Intl.supportedValuesOf('currency'));
const MAX_ID = 200;

type Base = Omit<FactBase, 'date' | 'description'>;

const subscription = (
  row: ProductRow,
  base: Base,
  { accountingZone }: TenantSettings,
): StatementFact | string => {
  const { customer, status, started_at: startedAt, canceled_at: canceledAt } = row;
  const currency = row['currency']?.trim().toUpperCase() ?? '';
  const startedMs = instantMs(startedAt ?? '');
  if (!customer || !status || !startedAt || startedMs === undefined)
    return 'a subscription without customer, status or started_at';
  if (!CURRENCIES.has(currency)) return 'a currency that is none of ISO 4217';
  const mrrMinor = minorOf(row['mrr'] ?? '', currency as Currency);
  if (mrrMinor === undefined) return 'mrr is no amount, or has more decimals than its currency: round it';
  return statementFact(
    {
      ...base,
      date: civilDateIn(accountingZone, startedMs),
      description: `subscription ${status}`,
      counterparty: customer,
    },
    'subscription',
    row['deleted'] === 'true'
      ? null
      : { customer, status, currency, mrrMinor, startedAt, ...(canceledAt && { canceledAt }) },
  );
};

const usage = (row: ProductRow, base: Base, metric: string): StatementFact | string => {
  const date = civilDate(row['day'] ?? '');
  const value = plainDecimal(row['value'] ?? '');
  if (date === undefined || value === undefined) return 'usage without a day or a number';
  return statementFact(
    { ...base, date, description: metric },
    'usage',
    row['deleted'] === 'true' ? null : { metric, value },
  );
};

/** What a row states, in the version of its last change; why not, where it cannot be understood. */
export const rowFact = (
  row: ProductRow,
  { name, kind }: ProductQuery,
  settings: TenantSettings,
): StatementFact | string => {
  const { id, changed_at: changedAt } = row;
  const changedMs = instantMs(changedAt ?? '');
  if (!id || id.length > MAX_ID || !changedAt || changedMs === undefined || changedMs < 0)
    return `without an id of at most ${MAX_ID} characters, or without the time of its change`;
  const base = {
    key: `${POSTGRES}:${kind}:${name}:${id}`,
    revision: revision('final', changedMs),
    source: POSTGRES,
    occurredAt: changedAt,
  };
  return kind === 'usage' ? usage(row, base, name) : subscription(row, base, settings);
};
