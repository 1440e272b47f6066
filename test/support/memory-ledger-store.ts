import type { LedgerStore } from '../../shared/aws/ledger-store.ts';
import { LEDGER_INDEX } from '../../shared/contract/names.ts';
import { appendFact, type FactTable } from '../../shared/ledger/append.ts';
import { itemOf, type LedgerItem, rowOf } from '../../shared/ledger/codec.ts';
import {
  type BucketRow,
  type DeliveryRow,
  factRowKey,
  type LedgerRow,
  type ProgressRow,
  progressRowKey,
} from '../../shared/ledger/row.ts';

export type LedgerOperation = 'insert' | 'rowsUnder' | 'bucketRows' | 'row';

/**
 * Surrounds every operation on the table. It may throw before running it (a lost request), after running it (a lost
 * answer), or wait, so that others come between.
 */
export type Around = <Result>(operation: LedgerOperation, run: () => Result) => Promise<Result>;

export interface MemoryLedger extends LedgerStore {
  /** Rows in the order of writing, from the given one on: what the table's stream would carry. */
  readonly rows: (from?: number) => readonly LedgerRow[];
}

/** What the bucket index holds of a row. */
const INDEXED: readonly string[] = [
  'pk',
  'sk',
  LEDGER_INDEX.partition,
  LEDGER_INDEX.sort,
  ...LEDGER_INDEX.attributes,
];

const through: Around = async (_operation, run) => run();

/** The ledger table in memory: put-only, atomic, and as unreliable as `around` makes it. */
export const memoryLedgerStore = (around: Around = through): MemoryLedger => {
  const items = new Map<string, LedgerItem>();
  const keyOf = (row: { readonly pk: string; readonly sk: string }): string => `${row.pk}\n${row.sk}`;
  const where = (matches: (item: LedgerItem) => boolean, order: string): LedgerItem[] =>
    [...items.values()].filter(matches).sort((a, b) => (String(a[order]) < String(b[order]) ? -1 : 1));

  const insert: FactTable['insert'] = (rows) =>
    around('insert', () => {
      if (rows.some((row) => items.has(keyOf(row)))) return 'taken';
      for (const row of rows) items.set(keyOf(row), structuredClone(itemOf(row)));
      return 'inserted';
    });

  const rowsUnder = (pk: string): Promise<readonly LedgerRow[]> =>
    around('rowsUnder', () => where((item) => item['pk'] === pk, 'sk').map((item) => rowOf(item)));

  const put = async (row: LedgerRow): Promise<'stored' | 'known'> =>
    (await insert([row])) === 'inserted' ? 'stored' : 'known';

  return {
    putDelivery: put,
    delivery: (pk, sk) =>
      around('row', () => {
        const item = items.get(keyOf({ pk, sk }));
        return item && rowOf<DeliveryRow>(item);
      }),
    deliveries: async (pk) => (await rowsUnder(pk)).filter((row) => row.kind === 'delivery'),
    putProgress: put,
    lastProgress: (tenant, feed) =>
      around('row', () => {
        const item = where((each) => each['pk'] === progressRowKey(tenant, feed), 'sk').at(-1);
        return item && rowOf<ProgressRow>(item);
      }),
    append: (fact, from) => appendFact({ insert, rowsUnder }, fact, from),
    factRows: (tenant, factKey) => rowsUnder(factRowKey(tenant, factKey)),
    bucketRows: (bucket) =>
      around('bucketRows', () =>
        where((item) => item['bucket'] === bucket, 'bucketOrder').map((item) =>
          rowOf<BucketRow>(
            Object.fromEntries(INDEXED.flatMap((name) => (name in item ? [[name, item[name]]] : []))),
          ),
        ),
      ),
    rows: (from = 0) => [...items.values()].slice(from).map((item) => rowOf(item)),
  };
};
