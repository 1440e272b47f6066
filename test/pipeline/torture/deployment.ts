/** A deployment in memory with every door open and every provider behind it; nothing in it waits. */
import { drain } from '../../../functions/drain/drain.ts';
import { refoldBuckets } from '../../../functions/forecast/aggregate.ts';
import {
  isBucketRow,
  type RecomputeDeps,
  recompute,
  refreshAll,
} from '../../../functions/forecast/recompute.ts';
import { type ReceiveDeps, receive } from '../../../functions/ingest/receive.ts';
import { type PollDeps, poll } from '../../../functions/poll/poll.ts';
import { type PullDeps, pull, sweep } from '../../../functions/pull/pull.ts';
import { readRunway } from '../../../functions/read/runway.ts';
import type { WebhookSecrets } from '../../../shared/aws/webhook-secrets.ts';
import { sha256Of } from '../../../shared/canonical/canonical.ts';
import type { TenantSettings } from '../../../shared/contract/tenant.ts';
import type { LedgerRow } from '../../../shared/ledger/row.ts';
import { memoryForecastCache } from '../../support/memory-forecast-cache.ts';
import { memoryForecastHistory } from '../../support/memory-forecast-history.ts';
import {
  memoryArchive,
  memoryBuffer,
  memorySecrets,
  NO_PROVIDERS,
  quietInvocation,
} from '../../support/memory-intake.ts';
import { type MemoryLedger, memoryLedgerStore } from '../../support/memory-ledger-store.ts';
import { type MemoryState, memoryStateStore, type StateItem } from '../../support/memory-state-store.ts';
import { conservation } from '../checkers/money.ts';
import { providersOf } from './providers.ts';
import {
  COSTS,
  CREDITS,
  headersOf,
  INVOICES,
  NOW,
  PLAID_KEY,
  SECRETS,
  SETTINGS,
  type Sending,
  SNS_KEY,
} from './sendings.ts';
import { type Troubled, troubled } from './trouble.ts';

const { tenant: TENANT } = SETTINGS;
/** What a reader's cache may hide at most. */
const CACHED_AT_MOST_MS = 30_000;
/** Small, so that some bodies lie in the archive. */
const INLINE_BYTES = 500;
const PATIENCE = 60;

export interface Options {
  readonly trouble?: Troubled;
  /** Which version of a normaliser writes the next row; by default the one there is. */
  readonly version?: (normaliser: string) => string;
  readonly settings?: TenantSettings;
  readonly secrets?: WebhookSecrets;
  /** What is not to be had now. */
  readonly outage?: Parameters<typeof providersOf>[1];
}

const dependencies = ({
  trouble = troubled(),
  version = (name) => name,
  outage,
  settings = SETTINGS,
  secrets = memorySecrets(SECRETS),
}: Options) => {
  const { call } = trouble;
  const twin: MemoryLedger = memoryLedgerStore((_operation, run) => call('ledger', run));
  const ledger: MemoryLedger = {
    ...twin,
    putDelivery: (row) => twin.putDelivery({ ...row, normaliser: version(row.normaliser) }),
    append: (fact, from) => twin.append(fact, { ...from, normaliser: version(from.normaliser) }),
  };
  const written: StateItem[] = [];
  const state: MemoryState = memoryStateStore({
    around: (_operation, run) => call('state', run),
    onWrite: (item) => written.push(item),
  });
  const [buffer, archive] = [memoryBuffer(), memoryArchive(undefined, INLINE_BYTES)];
  const deps: ReceiveDeps & PullDeps & PollDeps & Omit<RecomputeDeps, 'daysRead'> = {
    ...NO_PROVIDERS,
    tenants: [settings],
    ledger,
    state,
    cache: memoryForecastCache({}),
    history: memoryForecastHistory((run) => call('state', run)),
    archive: {
      keep: (...body) => call('archive', () => archive.keep(...body)),
      read: (kept) => call('archive', () => archive.read(kept)),
    },
    buffer: { send: (delivery) => call('buffer', () => buffer.send(delivery)) },
    secrets: { ...secrets, of: (...of) => call('secrets', () => secrets.of(...of)) },
    verificationKeys: {
      keyOf: async (_tenant, id) => (id.startsWith('https:') ? SNS_KEY : PLAID_KEY.publicKey),
    },
    ...providersOf(trouble, outage),
    costExplorer: { costs: () => call('cost explorer', async () => COSTS) },
    invoicing: { invoices: () => call('invoicing', async () => INVOICES) },
    awsCredits: { credits: () => call('credits', async () => CREDITS) },
  };
  return { deps, twin, state, buffer, written };
};

export interface Deployment {
  readonly ledger: MemoryLedger;
  readonly state: MemoryState;
  readonly buffer: ReturnType<typeof memoryBuffer>;
  /** What the webhook door is made of. */
  readonly ingest: ReceiveDeps;
  readonly forecasting: Omit<RecomputeDeps, 'daysRead'>;
  /** One attempt; undefined where it died. @param as what the sender's and the receiver's clocks show, and another secret. */
  readonly post: (
    sending: Sending,
    as?: { readonly senderMs?: number; readonly nowMs?: number; readonly secret?: string },
  ) => Promise<number | undefined>;
  /** Sends until it is taken. */
  readonly deliver: (sending: Sending) => Promise<void>;
  /** Everything that waits is done, as often as it takes. */
  readonly settle: () => Promise<void>;
  /** Each doorbell is answered once and each provider swept once; whether all of them could be asked. */
  readonly ask: () => Promise<boolean>;
  /** What is wrong with it now: lost, unequal to a rebuild, not conserved, or shown too late. */
  readonly faults: () => Promise<readonly string[]>;
}

const rebuilt = async (ledger: MemoryLedger): Promise<MemoryState> => {
  const state = memoryStateStore();
  const deps: RecomputeDeps = {
    ...{ ledger, state, tenants: [SETTINGS], daysRead: new Map() },
    cache: memoryForecastCache({}),
    history: memoryForecastHistory(),
  };
  await refoldBuckets(deps, ledger.rows().filter(isBucketRow));
  await refreshAll(deps, quietInvocation(NOW));
  return state;
};

const untilTrue = async (attempt: () => Promise<boolean>): Promise<void> => {
  for (let times = 0; times < PATIENCE; times += 1) if (await attempt()) return;
  throw new Error(`it did not come about in ${PATIENCE} attempts`);
};

export const deployment = (options: Options = {}): Deployment => {
  const trouble = options.trouble ?? troubled();
  const { deps, twin, state, buffer, written } = dependencies({ ...options, trouble });
  const context = quietInvocation(NOW);
  const early: string[] = [];
  const accepted = new Set<Sending>();
  let daysRead: RecomputeDeps['daysRead'] = new Map();

  const isKept = ({ source, body }: Sending): boolean =>
    twin
      .rows()
      .some(({ pk, sk }) => pk.startsWith(`D#${TENANT}#${source}#`) && `sha256:${sk}` === sha256Of(body));
  const isBuffered = ({ body }: Sending): boolean =>
    buffer.messages.some((message) => JSON.parse(message).bodyHash === sha256Of(body));

  const post: Deployment['post'] = async (sending, { senderMs = NOW, nowMs = NOW, secret } = {}) => {
    const { source, body } = sending;
    const headers = await headersOf(sending, senderMs, secret);
    const pathParameters = { tenant: TENANT, source };
    const answer = await trouble.run(() =>
      receive(
        deps,
        {
          ...{ method: 'POST', path: `/v1/webhooks/${TENANT}/${source}`, pathParameters, query: {}, headers },
          ...{ rawBody: body, nowMs, traceparent: context.traceparent },
        },
        context,
      ),
    );
    if (answer === undefined) return undefined;
    if (answer.status < 300) {
      accepted.add(sending);
      if (!isKept(sending) && !(answer.status === 202 && isBuffered(sending)))
        early.push(`${source} ${sending.deliveryId} was answered ${answer.status} and is nowhere`);
    }
    return answer.status;
  };

  const positions = { forecast: 0, pull: 0 };
  /** Streams bring a batch until it is done with, or the part of it that failed. */
  const follow = async (
    reader: keyof typeof positions,
    step: (rows: readonly { sequenceNumber: string; row: LedgerRow }[]) => Promise<readonly string[]>,
  ): Promise<void> =>
    untilTrue(async () => {
      const from = positions[reader];
      const rows = twin.rows(from).map((row, index) => ({ sequenceNumber: `${from + index}`, row }));
      if (rows.length === 0) return true;
      const failed = await trouble.run(() => step(rows));
      if (failed === undefined) daysRead = new Map();
      else positions[reader] = Math.min(from + rows.length, ...failed.map(Number));
      return false;
    });
  /** Each of the two schedules is a function of its own, and no two sweeps begin in the same instant. */
  let sweeps = 0;
  const swept = async (): Promise<boolean> => {
    const at = { ...context, nowMs: NOW + 1_000 * sweeps++ };
    let isWhole = true;
    for (const run of [sweep, poll])
      isWhole = (await trouble.run(() => run(deps, at).then(() => true))) === true && isWhole;
    return isWhole;
  };

  const emptyBuffer = (): Promise<void> =>
    untilTrue(async () => {
      const messages = buffer.messages.map((body, index) => ({ messageId: `${index}`, body }));
      const failed = await trouble.run(() => drain(deps, messages, context));
      if (failed === undefined) return false;
      const left = messages.filter(({ messageId }) => failed.includes(messageId));
      buffer.messages.splice(0, messages.length, ...left.map(({ body }) => body));
      return left.length === 0;
    });

  const forecastRows = (): Promise<void> =>
    follow('forecast', (rows) =>
      recompute(
        { ...deps, daysRead },
        rows.flatMap(({ sequenceNumber, row }) => (isBucketRow(row) ? [{ sequenceNumber, row }] : [])),
        context,
      ),
    );

  return {
    ...{ ledger: twin, state, buffer, ingest: deps, forecasting: deps, post },
    deliver: (sending) =>
      untilTrue(async () => {
        const status = await post(sending);
        return status !== undefined && status < 300;
      }),
    ask: async () => {
      const rows = twin.rows(positions.pull).map((row, index) => ({ sequenceNumber: `${index}`, row }));
      const failed = await trouble.run(() => pull(deps, rows, context));
      return (await swept()) && failed?.length === 0;
    },
    settle: async () => {
      await emptyBuffer();
      await follow('pull', (rows) => pull(deps, rows, context));
      await untilTrue(swept);
      await forecastRows();
    },
    faults: async () => {
      trouble.end();
      const anew = await rebuilt(twin);
      const reading = await readRunway(
        { ...deps, reconciliation: { status: async () => undefined }, uniform: () => 1 },
        SETTINGS,
        NOW + CACHED_AT_MOST_MS,
      );
      const held = (await state.forecast(TENANT))?.document;
      return [
        ...early,
        ...[...accepted]
          .filter((sending) => !isKept(sending))
          .map(({ source, deliveryId }) => `${source} ${deliveryId} was accepted and is not there`),
        ...differences(anew.items(), state.items()),
        ...conservation({ aggregates: written }),
        ...(held === undefined || reading.document === held ? [] : ['a reader sees an older forecast']),
      ];
    },
  };
};

const differences = (expected: readonly StateItem[], found: readonly StateItem[]): readonly string[] => {
  const texts = (items: readonly StateItem[]): Map<string, string> =>
    new Map(items.map(({ key, hash, document }) => [key, `${hash} ${document}`]));
  const [anew, now] = [texts(expected), texts(found)];
  return [...new Set([...anew.keys(), ...now.keys()])]
    .filter((key) => anew.get(key) !== now.get(key))
    .map((key) => `${key} is not what the ledger makes of it: ${now.get(key)} instead of ${anew.get(key)}`);
};
