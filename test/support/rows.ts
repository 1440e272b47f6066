import type { CashFact } from '../../shared/event/fact.ts';
import { revision } from '../../shared/event/fact.ts';
import { bucketKey } from '../../shared/ledger/bucket.ts';
import type { FactRow, ReversalRow } from '../../shared/ledger/row.ts';
import { type Currency, currency } from '../../shared/money/currency.ts';
import { type CivilDate, civilDate } from '../../shared/time/civil-date.ts';

export const usd: Currency = currency('USD') as Currency;

/** A date written in a test; throws where it is none. */
export const day = (text: string): CivilDate => {
  const date = civilDate(text);
  if (date === undefined) throw new Error(`${text} is no date`);
  return date;
};

/** An external cash fact with one line; everything that matters to a test is an argument. */
export const cashFact = (
  fields: Partial<CashFact> & { readonly key: string; readonly amountMinor?: bigint },
): CashFact => {
  const { amountMinor = 1000n, ...rest } = fields;
  return {
    kind: 'cash',
    revision: revision('final', 0),
    source: 'generic',
    date: day('2026-01-31'),
    account: 'manual',
    counterAccount: 'external',
    currency: usd,
    lines: [{ category: amountMinor < 0n ? 'expense' : 'income', amountMinor }],
    estimated: false,
    ...rest,
  };
};

/** The row of a fact's n-th accepted revision, in its day's bucket. */
export const factRow = (fact: CashFact, ordinal = 1, recordedAt = '2026-02-01T00:00:00.000Z'): FactRow => {
  const pk = `F#demo#${fact.key}`;
  const sk = ordinal.toString().padStart(8, '0');
  return {
    pk,
    sk,
    kind: 'fact',
    tenant: 'demo',
    recordedAt,
    normaliser: 'test',
    traceparent: '',
    fact,
    contentHash: `hash-${fact.key}-${ordinal}`,
    delivery: 'D#demo#generic#1',
    bucket: bucketKey({ kind: 'day', tenant: 'demo', date: fact.date, slice: 0 }),
    bucketOrder: `${pk}|${sk}`,
  };
};

/** The row that takes `row` out again. */
export const reversalOf = (row: FactRow): ReversalRow => ({
  pk: row.pk,
  sk: `${row.sk}~reversal`,
  kind: 'reversal',
  tenant: row.tenant,
  recordedAt: row.recordedAt,
  normaliser: row.normaliser,
  traceparent: '',
  reverses: row.sk,
  delivery: row.delivery,
  bucket: row.bucket,
  bucketOrder: `${row.pk}|${row.sk}~reversal`,
});
