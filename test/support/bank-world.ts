/** A bank login behind the stand-in for Plaid, and the pull with everything else in memory. */
import { type PullDeps, pull, type StreamedRow } from '../../functions/pull/pull.ts';
import { localAccessToken, plaidStub } from '../../scripts/local/providers/plaid.ts';
import type { Transaction } from '../../scripts/local/providers/plaid-item.ts';
import type { CashFact } from '../../shared/event/fact.ts';
import type { DeliveryRow, LedgerRow } from '../../shared/ledger/row.ts';
import { type PlaidApi, type Post, plaidApi } from '../../shared/providers/plaid/api.ts';
import { itemDoorbell } from '../../shared/providers/plaid/doorbell.ts';
import { type StripeApi, stripeApi } from '../../shared/providers/stripe/api.ts';
import {
  memoryArchive,
  memorySecrets,
  NO_PROVIDERS,
  type QuietInvocation,
  quietInvocation,
} from './memory-intake.ts';
import { type Around, type MemoryLedger, memoryLedgerStore } from './memory-ledger-store.ts';
import { CHECKING, ITEM } from './plaid-payloads.ts';
import { settingsOf } from './settings.ts';

export const BANK_NOW: number = Date.UTC(2026, 1, 1, 12);

/** A tenant without Stripe: nobody is asked. */
const NO_STRIPE: StripeApi = stripeApi('http://stripe.local', () =>
  Promise.reject(new Error('nobody rang for Stripe')),
);

export interface BankOptions {
  readonly around?: Around;
  /** Runs before each request to Plaid; a number answers it with that status instead. */
  readonly request?: (path: string) => Promise<number | undefined> | number | undefined;
  readonly secrets?: Readonly<Record<string, readonly string[]>>;
}

export interface BankWorld {
  readonly deps: PullDeps;
  readonly ledger: MemoryLedger;
  readonly context: QuietInvocation;
  /** Paths asked of Plaid, in order. */
  readonly calls: string[];
  /** What happens at the bank: transactions put (added or changed) and removed. */
  readonly bank: (put: readonly Transaction[], remove?: readonly string[]) => Promise<void>;
  /** Fails that many pages after the first. */
  readonly mutate: (times: number) => Promise<void>;
  /** Breaks the login with a code of Plaid's; without one it is repaired. */
  readonly breakLogin: (code?: string) => Promise<void>;
  /** Rings that many times in one batch; the sequence numbers of what failed. */
  readonly ring: (times?: number) => Promise<readonly string[]>;
}

const doorbellRow = (index: number): DeliveryRow => ({
  pk: `D#acme#plaid#webhook:${index}`,
  sk: 'ab12',
  kind: 'delivery',
  tenant: 'acme',
  recordedAt: '2026-02-01T11:59:59.000Z',
  normaliser: 'plaid/1',
  traceparent: '',
  source: 'plaid',
  deliveryId: `webhook:${index}`,
  bodyHash: 'sha256:ab12',
  doorbell: [itemDoorbell(ITEM)],
});

/** What the stream brings of so many webhooks. */
export const doorbells = (times: number): readonly StreamedRow[] =>
  Array.from({ length: times }, (_, index) => ({ sequenceNumber: `${index}`, row: doorbellRow(index) }));

const CREDENTIALS = {
  'acme/plaid/api/client_id': ['client'],
  'acme/plaid/api/secret': ['secret'],
  [`acme/plaid/api/access_token/${ITEM}`]: [localAccessToken(ITEM)],
};

export const bankWorld = (options: BankOptions = {}): BankWorld => {
  const stub = plaidStub({ apiUrl: 'http://nowhere.invalid', pageSize: 2 });
  const calls: string[] = [];
  const post: Post = async (url, { body }) => {
    const path = new URL(url).pathname;
    calls.push(path);
    const status = await options.request?.(path);
    const answer = await stub({ method: 'POST', path, headers: {}, body: Buffer.from(body) });
    return { status: status ?? answer.status, text: async () => answer.body.toString() };
  };
  const control = async (path: string, fields: object): Promise<void> => {
    const body = Buffer.from(JSON.stringify({ item_id: ITEM, ...fields }));
    const { status } = await stub({ method: 'POST', path: `/_control/${path}`, headers: {}, body });
    if (status !== 200) throw new Error(`the bank answered ${status}`);
  };
  const plaid: PlaidApi = plaidApi('http://plaid.local', post);
  const ledger = memoryLedgerStore(options.around);
  const deps: PullDeps = {
    ...NO_PROVIDERS,
    tenants: [settingsOf({ plaid: [{ item: ITEM, accounts: { [CHECKING]: 'bank:checking' } }] })],
    ledger,
    archive: memoryArchive(undefined, 600),
    secrets: memorySecrets(options.secrets ?? CREDENTIALS),
    stripe: NO_STRIPE,
    plaid,
  };
  const context = quietInvocation(BANK_NOW);
  return {
    deps,
    ledger,
    context,
    calls,
    bank: (put, remove = []) => control('transactions', { put, remove }),
    mutate: (times) => control('mutations', { times }),
    breakLogin: (code) => control('errors', { error_code: code }),
    ring: (times = 1) => pull(deps, doorbells(times), context),
  };
};

/** Cash facts that count, by their keys. */
export const effectiveFacts = (rows: readonly LedgerRow[]): readonly CashFact[] => {
  const reversed = new Set(
    rows.flatMap((row) => (row.kind === 'reversal' ? [`${row.pk}|${row.reverses}`] : [])),
  );
  return rows
    .flatMap((row) =>
      row.kind === 'fact' && row.fact.kind === 'cash' && !reversed.has(`${row.pk}|${row.sk}`)
        ? [row.fact]
        : [],
    )
    .sort((a, b) => (a.key < b.key ? -1 : 1));
};

/** What counts of external money, by day, in minor units. */
export const cashByDay = (at: BankWorld): Readonly<Record<string, bigint>> => {
  const days: Record<string, bigint> = {};
  for (const fact of effectiveFacts(at.ledger.rows()))
    for (const { amountMinor } of fact.counterAccount === 'external' ? fact.lines : [])
      days[fact.date] = (days[fact.date] ?? 0n) + amountMinor;
  return days;
};

export const totalCash = (at: BankWorld): bigint =>
  Object.values(cashByDay(at)).reduce((sum, amount) => sum + amount, 0n);
