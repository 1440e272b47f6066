import type { VerificationKeys } from '../../../functions/ingest/verification-keys.ts';
import { stripeStub } from '../../../scripts/local/providers/stripe.ts';
import type { BillingCredits } from '../../../shared/aws/billing-credits.ts';
import type { CostExplorer } from '../../../shared/aws/cost-explorer.ts';
import type { BusEvent, EventBus } from '../../../shared/aws/event-bus.ts';
import type { ForecastCache } from '../../../shared/aws/forecast-cache.ts';
import type { ForecastChange } from '../../../shared/aws/forecast-change.ts';
import type { ForecastHistory } from '../../../shared/aws/forecast-history.ts';
import type { Invoicing } from '../../../shared/aws/invoicing.ts';
import type { LedgerStore } from '../../../shared/aws/ledger-store.ts';
import type { OauthTokenStore } from '../../../shared/aws/oauth-tokens.ts';
import type { StateStore } from '../../../shared/aws/state-store.ts';
import type { TenantSettings } from '../../../shared/contract/tenant.ts';
import type { Invocation } from '../../../shared/lambda/invocation.ts';
import type { SnsApi } from '../../../shared/providers/aws-budgets/api.ts';
import type { ChargebeeApi } from '../../../shared/providers/chargebee/api.ts';
import type { EcbApi } from '../../../shared/providers/ecb/api.ts';
import type { GoogleApi } from '../../../shared/providers/gcp/api.ts';
import type { GustoApi } from '../../../shared/providers/gusto/api.ts';
import type { PlaidApi } from '../../../shared/providers/plaid/api.ts';
import { type StripeApi, stripeApi } from '../../../shared/providers/stripe/api.ts';
import { type MemoryCache, memoryForecastCache } from '../../support/memory-forecast-cache.ts';
import { memoryForecastHistory } from '../../support/memory-forecast-history.ts';
import {
  type MemoryArchive,
  type MemoryBuffer,
  memoryArchive,
  memoryBuffer,
  memorySecrets,
  NO_PROVIDERS,
} from '../../support/memory-intake.ts';
import { type MemoryLedger, memoryLedgerStore } from '../../support/memory-ledger-store.ts';
import { type MemoryState, memoryStateStore, type StateItem } from '../../support/memory-state-store.ts';
import { type Broken, ledgerOf, quietCache, stateOf } from './broken.ts';
import type { Economy } from './economy.ts';
import type { Answer, Held, Reading } from './evidence.ts';
import { type FaultPlan, type Faults, faultInjector } from './faults.ts';
import { type Random, randomOf } from './random.ts';
import { type Bell, bell, type Records, recordsOf } from './records.ts';
import { type VirtualTime, virtualTime } from './virtual-time.ts';

export const SECRETS = { stripe: 'whsec_local', generic: 'local-secret' } as const;
/** Small, so that some bodies are too large for a row. */
const INLINE_BYTES = 600;

export interface WorldOptions {
  readonly seed: number;
  readonly economy: Economy;
  readonly faults: FaultPlan;
  readonly indexLagMs: number;
  /** Readers of streams take at most so many records, after at most so long. */
  readonly batchMost: number;
  readonly pauseMostMs: number;
  /** What the functions' clocks are ahead of the world's. */
  readonly skewMs: (nowMs: number) => number;
  readonly broken?: Broken | undefined;
}

/** One running deployment in memory, and the notes that are taken of it. */
export interface World {
  readonly options: WorldOptions;
  readonly time: VirtualTime;
  readonly faults: Faults;
  readonly random: Random;
  readonly tenants: readonly TenantSettings[];
  readonly twins: {
    readonly ledger: MemoryLedger;
    readonly state: MemoryState;
    readonly cache: MemoryCache;
    readonly buffer: MemoryBuffer;
    readonly archive: MemoryArchive;
  };
  /** What the steps are given: the twins behind the fault injector. */
  readonly deps: {
    readonly tenants: readonly TenantSettings[];
    readonly ledger: LedgerStore;
    readonly state: StateStore;
    readonly cache: ForecastCache;
    readonly history: ForecastHistory;
    readonly buffer: MemoryBuffer;
    readonly archive: MemoryArchive;
    readonly secrets: ReturnType<typeof memorySecrets>;
    readonly stripe: StripeApi;
    readonly plaid: PlaidApi;
    readonly chargebee: ChargebeeApi;
    readonly gusto: GustoApi;
    readonly ecb: EcbApi;
    readonly costExplorer: CostExplorer;
    readonly invoicing: Invoicing;
    readonly awsCredits: BillingCredits;
    readonly google: GoogleApi;
    readonly sns: SnsApi;
    readonly tokens: OauthTokenStore;
    readonly verificationKeys: VerificationKeys;
    readonly bus: EventBus;
  };
  readonly records: Records;
  readonly changes: { readonly list: ForecastChange[]; readonly more: Bell };
  readonly buffered: Bell;
  readonly notes: {
    readonly answers: Answer[];
    readonly held: Held[];
    readonly readings: Reading[];
    readonly aggregates: (StateItem & { readonly era: number })[];
    readonly events: BusEvent[];
    /** Called with the tenant of each event on the bus. */
    readonly onNews: ((tenant: string) => void)[];
    /** When the cache took what it holds, by the world's clock, and how far ahead the writer's clock was. */
    readonly cached: Map<string, { readonly trueMs: number; readonly aheadMs: number }>;
    eras: { state: number; cache: number };
    /** Work that is not done yet: senders, readers of streams and queues. */
    busy: number;
  };
  readonly count: (what: string, by?: number) => void;
  readonly counts: Record<string, number>;
  readonly nowMs: () => number;
  readonly context: () => Invocation;
  readonly issue: (tenant: string, transaction: unknown) => void;
}

/** Every function of a dependency behind the fault injector. */
const surrounded = <Dependency extends object>(
  dependency: Dependency,
  names: readonly (keyof Dependency & string)[],
  call: (effect: () => unknown) => Promise<unknown>,
): Dependency => ({
  ...dependency,
  ...Object.fromEntries(
    names.map((name) => {
      const effect = dependency[name] as (...args: unknown[]) => unknown;
      return [name, (...args: unknown[]) => call(() => effect(...args))];
    }),
  ),
});

/** Stripe, one account per tenant, told apart by API key. */
const stripeOf = (economy: Economy, faults: Faults) => {
  const stubs = new Map(economy.tenants.map(({ settings }) => [`sk_${settings.tenant}`, stripeStub()]));
  const api = stripeApi('http://stripe.local', async (url, { headers }) => {
    const { pathname, search } = new URL(url);
    const stub = stubs.get((headers['authorization'] ?? '').replace('Bearer ', ''));
    const answer = await faults.call('stripe', () =>
      stub?.({ method: 'GET', path: `${pathname}${search}`, headers, body: Buffer.alloc(0) }),
    );
    return { status: answer?.status ?? 401, text: async () => answer?.body.toString() ?? '' };
  });
  const issue = (tenant: string, transaction: unknown): void => {
    stubs.get(`sk_${tenant}`)?.({
      method: 'POST',
      path: '/_issue',
      headers: {},
      body: Buffer.from(JSON.stringify(transaction)),
    });
  };
  return { api, issue };
};

const secretsOf = (economy: Economy) =>
  memorySecrets(
    Object.fromEntries(
      economy.tenants.flatMap(({ settings: { tenant }, fetches }) => [
        [`${tenant}/stripe`, [SECRETS.stripe]],
        [`${tenant}/generic`, [SECRETS.generic]],
        ...(fetches ? [[`${tenant}/stripe/api`, [`sk_${tenant}`]] as const] : []),
      ]),
    ),
  );

const stateTwin = (
  { broken }: WorldOptions,
  faults: Faults,
  notes: World['notes'],
  changes: World['changes'],
): MemoryState =>
  memoryStateStore({
    around: (_operation, run) => faults.call('state', run),
    fence: broken === 'guard' ? 'none' : broken === 'count-fence' ? 'row counts' : 'names',
    onWrite: (item, replaced) => {
      const [tenant = '', kind] = item.key.split('/');
      if (kind !== 'forecast') {
        notes.aggregates.push({ ...item, era: notes.eras.state });
        return;
      }
      const { document, order } = item;
      const fence = String(order);
      notes.held.push({ store: 'state', tenant, fence, document, era: notes.eras.state });
      changes.list.push({
        tenant,
        fence,
        document,
        ...(replaced && { previousDocument: replaced.document }),
      });
      changes.more.ring();
    },
  });

const cacheTwin = (
  { broken }: WorldOptions,
  faults: Faults,
  notes: World['notes'],
  time: VirtualTime,
): MemoryCache =>
  memoryForecastCache({
    around: (run) => faults.call('cache', run),
    fenced: broken !== 'cache-fence',
    onWrite: (tenant, { fence, document, cachedAtMs }) => {
      notes.cached.set(tenant, { trueMs: time.nowMs(), aheadMs: cachedAtMs - time.nowMs() });
      notes.held.push({ store: 'cache', tenant, fence, document, era: notes.eras.cache });
    },
  });

export const createWorld = (options: WorldOptions): World => {
  const { seed, economy, broken } = options;
  const time = virtualTime(economy.startMs);
  const random = randomOf(seed, 'network');
  const faults = faultInjector(time, randomOf(seed, 'faults'), options.faults);
  const notes: World['notes'] = {
    ...{ answers: [], held: [], readings: [], aggregates: [], events: [], onNews: [] },
    cached: new Map(),
    eras: { state: 0, cache: 0 },
    busy: 0,
  };
  const changes: World['changes'] = { list: [], more: bell() };
  const records = recordsOf(() => ledger, time, random, options.indexLagMs);
  const ledger = memoryLedgerStore((operation, run) =>
    faults.call('ledger', () => {
      const result = run();
      if (operation === 'insert') records.catchUp();
      return result;
    }),
  );
  const lagging: LedgerStore = {
    ...ledger,
    bucketRows: async (bucket) =>
      (await ledger.bucketRows(bucket)).filter((row) => records.isIndexed({ pk: row.pk, sk: row.sk })),
  };
  const state = stateTwin(options, faults, notes, changes);
  const cache = cacheTwin(options, faults, notes, time);
  const [buffer, archive, buffered] = [memoryBuffer(), memoryArchive(undefined, INLINE_BYTES), bell()];
  const counts: Record<string, number> = {};
  const count: World['count'] = (what, by = 1) => {
    counts[what] = (counts[what] ?? 0) + by;
  };
  const tenants = economy.tenants.map(({ settings }) => settings);
  const { api, issue } = stripeOf(economy, faults);
  let traced = 0;
  const nowMs = (): number => time.nowMs() + options.skewMs(time.nowMs());
  return {
    ...{ options, time, faults, random, records, changes, buffered, notes, count, counts, nowMs, issue },
    tenants,
    twins: { ledger, state, cache, buffer, archive },
    deps: {
      ...NO_PROVIDERS,
      tenants,
      ledger: ledgerOf(broken, lagging, ledger),
      state: stateOf(broken, state),
      cache: quietCache(cache),
      history: memoryForecastHistory((run) => faults.call('state', run)),
      buffer: surrounded(buffer, ['send'], (effect) =>
        faults.call('buffer', () => {
          const sent = effect();
          buffered.ring();
          return sent;
        }),
      ),
      archive: surrounded(archive, ['keep', 'read'], (effect) => faults.call('archive', effect)),
      secrets: surrounded(secretsOf(economy), ['of', 'refreshed', 'apiKey'], (effect) =>
        faults.call('secrets', effect),
      ),
      stripe: api,
      verificationKeys: { keyOf: async () => undefined },
      bus: {
        put: (events) =>
          faults.call('bus', () => {
            notes.events.push(...events);
            for (const { detail } of events) for (const hear of notes.onNews) hear(String(detail['tenant']));
          }),
      },
    },
    context: () => {
      traced += 1;
      const id = traced.toString(16).padStart(16, '0');
      return {
        nowMs: nowMs(),
        traceparent: `00-${id}${id}-${id}-01`,
        requestId: id,
        remainingMs: () => 10_000,
        log: { info: () => undefined, warn: () => undefined, error: () => count('errors logged') },
        metrics: (values) => {
          for (const [name, value] of Object.entries(values)) if (name.endsWith('_total')) count(name, value);
        },
      };
    },
  };
};
