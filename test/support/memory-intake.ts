import { gunzipSync, gzipSync } from 'node:zlib';
import type { Archive } from '../../shared/aws/archive.ts';
import type { BillingCredits } from '../../shared/aws/billing-credits.ts';
import type { CostExplorer } from '../../shared/aws/cost-explorer.ts';
import { type DeliveryBuffer, encodeDelivery } from '../../shared/aws/delivery-buffer.ts';
import type { Invoicing } from '../../shared/aws/invoicing.ts';
import type { OauthTokenStore, OauthTokens } from '../../shared/aws/oauth-tokens.ts';
import type { WebhookSecrets } from '../../shared/aws/webhook-secrets.ts';
import type { Invocation } from '../../shared/lambda/invocation.ts';
import type { MetricValues } from '../../shared/lambda/metrics.ts';
import type { SnsApi } from '../../shared/providers/aws-budgets/api.ts';
import type { ChargebeeApi } from '../../shared/providers/chargebee/api.ts';
import type { EcbApi } from '../../shared/providers/ecb/api.ts';
import type { GoogleApi } from '../../shared/providers/gcp/api.ts';
import type { GustoApi } from '../../shared/providers/gusto/api.ts';
import type { MixpanelApi } from '../../shared/providers/mixpanel/api.ts';
import type { PlaidApi } from '../../shared/providers/plaid/api.ts';
import type { PosthogApi } from '../../shared/providers/posthog/api.ts';

/** Runs before each use of a twin; throws where the service is to fail. */
export type Fault = () => void;
const none: Fault = () => undefined;

export interface MemoryBuffer extends DeliveryBuffer {
  readonly messages: string[];
}

export const memoryBuffer = (fault: Fault = none): MemoryBuffer => {
  const messages: string[] = [];
  return {
    messages,
    send: async (delivery) => {
      fault();
      messages.push(encodeDelivery(delivery));
    },
  };
};

export interface MemoryArchive extends Archive {
  readonly objects: Map<string, Uint8Array>;
}

export const memoryArchive = (fault: Fault = none, maxInlineBytes: number = 300 * 1024): MemoryArchive => {
  const objects = new Map<string, Uint8Array>();
  return {
    objects,
    keep: async (tenant, bodyHash, body) => {
      const compressed = gzipSync(body);
      if (compressed.length <= maxInlineBytes) return { body: compressed };
      fault();
      const bodyPointer = `deliveries/${tenant}/${bodyHash}.gz`;
      objects.set(bodyPointer, compressed);
      return { bodyPointer };
    },
    read: async (kept) => {
      const compressed = kept.body ?? objects.get(kept.bodyPointer);
      if (compressed === undefined) throw new Error(`no object ${kept.bodyPointer}`);
      return gunzipSync(compressed);
    },
  };
};

export interface MemorySecrets extends WebhookSecrets {
  /** By `tenant/source`; what `of` knows only after a refresh is in `changed`. */
  readonly values: Map<string, readonly string[]>;
  readonly changed: Map<string, readonly string[]>;
}

export const memorySecrets = (
  values: Readonly<Record<string, readonly string[]>>,
  fault: Fault = none,
): MemorySecrets => {
  const known = new Map(Object.entries(values));
  const changed = new Map<string, readonly string[]>();
  const at = async (name: string): Promise<readonly string[]> => {
    fault();
    return known.get(name) ?? [];
  };
  return {
    values: known,
    changed,
    of: (tenant, source) => at(`${tenant}/${source}`),
    refreshed: async (tenant, source) => {
      fault();
      return changed.get(`${tenant}/${source}`);
    },
    offer: async (tenant, source, secret) => {
      fault();
      const awaited = known.has(`${tenant}/${source}/awaited`);
      if (awaited) known.set(`${tenant}/${source}/offered`, [secret]);
      return awaited;
    },
    apiKey: async (tenant, source, _nowMs, name) =>
      (await at(`${tenant}/${source}/api${name === undefined ? '' : `/${name}`}`))[0],
  };
};

export interface QuietInvocation extends Invocation {
  readonly lines: { readonly level: string; readonly message: string }[];
  readonly emitted: MetricValues[];
}

/** A run that keeps its log and metrics instead of printing them. */
export const quietInvocation = (nowMs: number): QuietInvocation => {
  const lines: { level: string; message: string }[] = [];
  const emitted: MetricValues[] = [];
  const line = (level: string) => (message: string) => {
    lines.push({ level, message });
  };
  return {
    nowMs,
    traceparent: '00-33333333333333333333333333333333-4444444444444444-01',
    requestId: 'test',
    remainingMs: () => 10_000,
    log: { info: line('INFO'), warn: line('WARN'), error: line('ERROR') },
    metrics: (values) => {
      emitted.push(values);
    },
    lines,
    emitted,
  };
};

const unasked = (): Promise<never> => Promise.reject(new Error('nobody is connected to it'));

export const memoryTokens = (): OauthTokenStore => {
  const stored = new Map<string, OauthTokens>();
  return {
    read: async (tenant, source) => stored.get(`${tenant}/${source}`),
    write: async (tenant, source, tokens) => {
      stored.set(`${tenant}/${source}`, tokens);
    },
  };
};

/** For worlds in which nobody is asked but whom they add. */
export const NO_PROVIDERS: {
  readonly state: { readonly overview: typeof unasked; readonly statements: typeof unasked };
  readonly chargebee: ChargebeeApi;
  readonly costExplorer: CostExplorer;
  readonly ecb: EcbApi;
  readonly google: GoogleApi;
  readonly gusto: GustoApi;
  readonly invoicing: Invoicing;
  readonly awsCredits: BillingCredits;
  readonly mixpanel: MixpanelApi;
  readonly plaid: PlaidApi;
  readonly posthog: PosthogApi;
  readonly sns: SnsApi;
  readonly tokens: OauthTokenStore;
} = {
  state: { overview: unasked, statements: unasked },
  chargebee: { changed: unasked },
  costExplorer: { costs: unasked },
  ecb: { rates: unasked },
  google: { rows: unasked },
  gusto: {
    refreshed: unasked,
    payroll: unasked,
    payrolls: unasked,
    receipt: unasked,
    contractorPayment: unasked,
    contractorPayments: unasked,
    achTransactions: unasked,
    recoveryCases: unasked,
  },
  invoicing: { invoices: unasked },
  awsCredits: { credits: unasked },
  mixpanel: { counts: unasked },
  plaid: { verificationKey: unasked, transactionsSync: unasked },
  posthog: { counts: unasked },
  sns: { certificate: unasked, confirm: unasked },
  tokens: memoryTokens(),
};
