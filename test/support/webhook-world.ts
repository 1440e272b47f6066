import Stripe from 'stripe';
import { type ReceiveDeps, receive } from '../../functions/ingest/receive.ts';
import type { HttpRequest, HttpResponse } from '../../shared/lambda/http.ts';
import { signedHeaders } from '../../shared/providers/generic/signature.ts';
import {
  type Fault,
  type MemoryArchive,
  type MemoryBuffer,
  type MemorySecrets,
  memoryArchive,
  memoryBuffer,
  memorySecrets,
  type QuietInvocation,
  quietInvocation,
} from './memory-intake.ts';
import { type LedgerOperation, type MemoryLedger, memoryLedgerStore } from './memory-ledger-store.ts';
import { settingsOf } from './settings.ts';

export const NOW: number = Date.UTC(2026, 1, 1, 12);
export const SECONDS: number = NOW / 1000;

/** Each runs before a use of its service, and throws where that is to fail. */
export interface Faults {
  ledger?: (operation: LedgerOperation) => void;
  buffer?: Fault;
  archive?: Fault;
  secrets?: Fault;
}

export interface WebhookWorld {
  readonly deps: ReceiveDeps;
  readonly ledger: MemoryLedger;
  readonly buffer: MemoryBuffer;
  readonly archive: MemoryArchive;
  readonly secrets: MemorySecrets;
  readonly context: QuietInvocation;
  readonly post: (
    path: { readonly tenant: string; readonly source: string },
    rawBody: Buffer,
    headers: HttpRequest['headers'],
  ) => Promise<HttpResponse>;
}

/** The webhook door with everything behind it in memory, for two tenants. */
export const webhookWorld = (faults: Faults = {}): WebhookWorld => {
  const ledger = memoryLedgerStore(async (operation, run) => {
    faults.ledger?.(operation);
    return run();
  });
  const buffer = memoryBuffer(() => faults.buffer?.());
  const archive = memoryArchive(() => faults.archive?.());
  const secrets = memorySecrets(
    {
      'acme/stripe': ['whsec_a'],
      'acme/generic': ['gen'],
      'other/stripe': ['whsec_b'],
      'other/generic': ['gen2'],
    },
    () => faults.secrets?.(),
  );
  const deps: ReceiveDeps = {
    tenants: [settingsOf(), settingsOf({ tenant: 'other' })],
    ledger,
    buffer,
    archive,
    secrets,
    verificationKeys: { keyOf: async () => undefined },
  };
  const context = quietInvocation(NOW);
  const post: WebhookWorld['post'] = (path, rawBody, headers) =>
    receive(
      deps,
      {
        method: 'POST',
        path: `/v1/webhooks/${path.tenant}/${path.source}`,
        pathParameters: path,
        query: {},
        headers,
        rawBody,
        nowMs: NOW,
        traceparent: context.traceparent,
      },
      context,
    );
  return { deps, ledger, buffer, archive, secrets, context, post };
};

interface StripeOptions {
  readonly tenant?: string;
  readonly secret?: string;
  readonly timestamp?: number;
}
interface GenericOptions {
  readonly tenant?: string;
  readonly id?: string;
  readonly secret?: string;
  readonly nowMs?: number;
}

export const stripePost = (
  at: WebhookWorld,
  body: unknown,
  { tenant = 'acme', secret = 'whsec_a', timestamp = SECONDS }: StripeOptions = {},
): Promise<HttpResponse> => {
  const payload = typeof body === 'string' ? body : JSON.stringify(body);
  return at.post({ tenant, source: 'stripe' }, Buffer.from(payload), {
    'stripe-signature': Stripe.webhooks.generateTestHeaderString({ payload, secret, timestamp }),
  });
};

export const genericPost = (
  at: WebhookWorld,
  events: unknown,
  { tenant = 'acme', id = 'd-1', secret = 'gen', nowMs = NOW }: GenericOptions = {},
): Promise<HttpResponse> => {
  const body = Buffer.from(JSON.stringify({ schema: 1, events }));
  return at.post({ tenant, source: 'generic' }, body, signedHeaders(secret, id, body, nowMs));
};

export const income = (fields: Record<string, unknown> = {}): Record<string, unknown> => ({
  id: 'e-1',
  type: 'income',
  amount: '10.00',
  currency: 'USD',
  date: '2026-01-31',
  ...fields,
});

/** `200 accepted` */
export const statusOf = (response: HttpResponse): string =>
  `${response.status} ${JSON.parse(response.body).status}`;
export const factCount = (at: WebhookWorld): number =>
  at.ledger.rows().filter((row) => row.kind === 'fact').length;
