import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { declareItem } from '../../../functions/command/plan.ts';
import { receive } from '../../../functions/ingest/receive.ts';
import { type PullDeps, pull } from '../../../functions/pull/pull.ts';
import { stripeStub } from '../../../scripts/local/providers/stripe.ts';
import { type HttpRequest, type HttpResponse, json, problem } from '../../../shared/lambda/http.ts';
import { stripeApi } from '../../../shared/providers/stripe/api.ts';
import type { LedgerView } from '../../../shared/runway/ledger-view.ts';
import { runwayOf } from '../../../shared/runway/runway.ts';
import {
  memoryArchive,
  memoryBuffer,
  memorySecrets,
  NO_PROVIDERS,
  quietInvocation,
} from '../../support/memory-intake.ts';
import { type MemoryLedger, memoryLedgerStore } from '../../support/memory-ledger-store.ts';
import { DEMO, viewOf } from './books.ts';

export interface MemoryPipeline {
  readonly url: string;
  readonly ledger: MemoryLedger;
  readonly view: () => LedgerView;
  /** Lets pull answer every doorbell in the ledger. */
  readonly pullAll: () => Promise<void>;
  /** May answer a webhook in the pipeline's place. */
  intercept: (request: HttpRequest) => HttpResponse | undefined;
  /** What the pipeline takes to be now, for its accounting day. */
  nowMs: number;
  readonly stop: () => Promise<void>;
}

const bodyOf = async (request: IncomingMessage): Promise<Buffer> => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
};

const headersOf = ({ headers }: IncomingMessage): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));

/** The pipeline's own steps behind a real HTTP server, with their stores in memory. */
export const memoryPipeline = async (nowMs: number): Promise<MemoryPipeline> => {
  const ledger = memoryLedgerStore();
  const archive = memoryArchive();
  const secrets = memorySecrets({
    'demo/stripe': ['whsec_local'],
    'demo/generic': ['local-secret'],
    'demo/stripe/api': ['sk_test_local'],
  });
  const stripe = stripeStub();
  const view = (): LedgerView => viewOf(ledger.rows());

  const route = async (request: HttpRequest): Promise<HttpResponse> => {
    const { method, path } = request;
    const [, tenant, source] = /^\/v1\/webhooks\/([^/]+)\/([^/]+)$/.exec(path) ?? [];
    if (source !== undefined) {
      const asked = { ...request, pathParameters: { tenant, source } };
      const verificationKeys = { keyOf: async () => undefined };
      const deps = { tenants: [DEMO], ledger, buffer: memoryBuffer(), archive, secrets, verificationKeys };
      return pipeline.intercept(asked) ?? receive(deps, asked, quietInvocation(request.nowMs));
    }
    if (request.headers['authorization'] !== 'Bearer good') return problem(401, 'Unauthorized');
    if (`${method} ${path}` === 'GET /v1/runway')
      return json(200, JSON.parse(runwayOf(DEMO, view(), pipeline.nowMs).document));
    if (`${method} ${path}` === 'GET /v1/plan') return json(200, { items: view().plan });
    return declareItem({ ledger, archive }, { ...request, nowMs: pipeline.nowMs }, DEMO, 'owner');
  };

  const server = createServer(async (incoming, outgoing) => {
    const request = {
      method: incoming.method ?? '',
      path: incoming.url ?? '',
      pathParameters: {},
      query: {},
      headers: headersOf(incoming),
      rawBody: await bodyOf(incoming),
      nowMs: Date.now(),
      traceparent: '00-11111111111111111111111111111111-2222222222222222-01',
    };
    const asksStripe = /^(?:\/_local\/stub\/stripe)?(\/_issue|\/v1\/balance_transactions.*)$/.exec(
      request.path,
    );
    const { status, headers, body } = asksStripe
      ? stripe({ ...request, path: asksStripe[1] ?? '', body: request.rawBody })
      : await route(request);
    outgoing.writeHead(status, headers).end(body);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const deps: PullDeps = {
    ...NO_PROVIDERS,
    ...{ tenants: [DEMO], ledger, archive, secrets },
    stripe: stripeApi(url, fetch),
  };
  const pipeline: MemoryPipeline = {
    url,
    ledger,
    view,
    pullAll: async () => {
      const rows = ledger.rows().map((row, index) => ({ row, sequenceNumber: `${index}` }));
      const failed = await pull(deps, rows, quietInvocation(Date.now()));
      if (failed.length > 0) throw new Error(`${failed.length} doorbells failed`);
    },
    intercept: () => undefined,
    nowMs,
    stop: async () => {
      server.closeAllConnections();
      server.close();
    },
  };
  return pipeline;
};
