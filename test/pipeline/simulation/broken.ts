import type { ForecastCache } from '../../../shared/aws/forecast-cache.ts';
import type { LedgerStore } from '../../../shared/aws/ledger-store.ts';
import type { StateStore } from '../../../shared/aws/state-store.ts';
import { appendFact } from '../../../shared/ledger/append.ts';
import { type DeliveryRow, factRowKey, type LedgerRow } from '../../../shared/ledger/row.ts';
import type { MemoryLedger } from '../../support/memory-ledger-store.ts';

/** Builds that are wrong on purpose, each in one way, and what is wrong with them. */
export const BROKEN = {
  dedupe: 'a fact that is told again is counted again',
  reversal: 'a correction leaves out the reversal',
  guard: 'State takes every put, whatever it replaces',
  'count-fence': 'State tells older readings by how many rows they saw, not by which',
  'early-ack': 'the sender is answered before anything is stored',
  'cache-fence': 'the cache takes every forecast, older ones too',
  overwrite: 'a delivery that comes again wipes the body of the first',
  doubt: 'the policy takes every forecast for sound',
  leg: 'a transfer leaves one account and reaches none',
} as const;
export type Broken = keyof typeof BROKEN;

/** Puts one row where its key is free: the twin does not look at the kind. */
const put = (store: LedgerStore, row: LedgerRow): Promise<'stored' | 'known'> =>
  store.putDelivery(row as DeliveryRow);

const countingTwice = (store: LedgerStore): LedgerStore => {
  let times = 0;
  return {
    ...store,
    append: async (fact, from) => {
      const outcome = await store.append(fact, from);
      return outcome === 'duplicate'
        ? store.append({ ...fact, key: `${fact.key}:again${times++}` }, from)
        : outcome;
    },
  };
};

const withoutReversals = (store: LedgerStore): LedgerStore => ({
  ...store,
  append: (fact, from) =>
    appendFact(
      {
        insert: async (rows) => {
          const outcomes = [];
          for (const row of rows) if (row.kind !== 'reversal') outcomes.push(await put(store, row));
          return outcomes.includes('known') ? 'taken' : 'inserted';
        },
        rowsUnder: (pk) =>
          store.factRows(from.settings.tenant, pk.slice(factRowKey(from.settings.tenant, '').length)),
      },
      fact,
      from,
    ),
});

const answeringEarly = (store: LedgerStore): LedgerStore => {
  const later = (work: Promise<unknown>): void => void work.catch(() => undefined);
  return {
    ...store,
    putDelivery: async (row) => {
      later(store.putDelivery(row));
      return 'stored';
    },
    append: async (fact, from) => {
      later(store.append(fact, from));
      return 'accepted';
    },
  };
};

const wipingBodies = (store: LedgerStore, twin: MemoryLedger): LedgerStore => ({
  ...store,
  putDelivery: async (row) => {
    const outcome = await store.putDelivery(row);
    if (outcome === 'known')
      for (const stored of twin.rows())
        if (stored.pk === row.pk && stored.kind === 'delivery') stored.body?.fill(0);
    return outcome;
  },
});

export const ledgerOf = (broken: Broken | undefined, store: LedgerStore, twin: MemoryLedger): LedgerStore => {
  switch (broken) {
    case 'dedupe':
      return countingTwice(store);
    case 'reversal':
      return withoutReversals(store);
    case 'early-ack':
      return answeringEarly(store);
    case 'overwrite':
      return wipingBodies(store, twin);
    default:
      return store;
  }
};

export const stateOf = (broken: Broken | undefined, store: StateStore): StateStore =>
  broken === 'leg'
    ? {
        ...store,
        putDay: (tenant, day, names) =>
          store.putDay(
            tenant,
            { ...day, accounts: day.accounts.filter(({ account }) => !account.startsWith('transit')) },
            names,
          ),
      }
    : store;

/** A cache is asked; what it throws is no answer, as the real client has it. */
export const quietCache = (cache: ForecastCache): ForecastCache => ({
  get: async (tenant) => {
    try {
      return await cache.get(tenant);
    } catch {
      return undefined;
    }
  },
  put: async (tenant, forecast, nowMs) => {
    try {
      await cache.put(tenant, forecast, nowMs);
    } catch {
      // The table is the truth.
    }
  },
});
