/** Gusto's stand-in and a ledger in memory, with the clock in the test's hand. */
import type { GustoDeps } from '../../functions/pull/gusto-company.ts';
import { gustoStub } from '../../scripts/local/providers/gusto.ts';
import { LOCAL_REFRESH_TOKEN } from '../../scripts/local/providers/gusto-tokens.ts';
import type { TenantSettings } from '../../shared/contract/tenant.ts';
import type { Fact } from '../../shared/event/fact.ts';
import { gustoApi } from '../../shared/providers/gusto/api.ts';
import { type Ask, patient } from '../../shared/providers/patience.ts';
import { COMPANY } from './gusto-payloads.ts';
import {
  type MemorySecrets,
  memoryArchive,
  memorySecrets,
  memoryTokens,
  type QuietInvocation,
  quietInvocation,
} from './memory-intake.ts';
import { type MemoryLedger, memoryLedgerStore } from './memory-ledger-store.ts';
import { settingsOf } from './settings.ts';

const BASE = 'http://gusto.local';
export const gustoSettings: TenantSettings = settingsOf({ gusto: { company: COMPANY, taxes: 'impound' } });
const at = (text: string): number => Date.parse(`${text}:00Z`);

/** A commitment as it stands. */
export interface Owed {
  readonly key: string;
  readonly amountMinor: bigint;
  readonly dueDate: string;
  readonly leg: string;
  readonly status: string;
}

export interface GustoWorld {
  readonly deps: GustoDeps;
  readonly secrets: MemorySecrets;
  readonly ledger: MemoryLedger;
  /** Requests made, without their queries. */
  readonly calls: string[];
  /** Paths that Gusto forbids, by their last part. */
  readonly forbidden: Map<string, number>;
  /** What the ledger says now, by key. */
  readonly facts: () => ReadonlyMap<string, Fact>;
  readonly commitments: () => readonly Owed[];
  /** What left by Gusto's word. */
  readonly left: () => bigint;
  /** Reasons of feeds that cannot be read. */
  readonly trouble: () => readonly string[];
  readonly put: (fields: object) => Promise<unknown>;
  readonly expire: (fields?: object) => Promise<unknown>;
  readonly limit: (times: number) => Promise<unknown>;
  readonly move: (text: string) => void;
  readonly context: () => QuietInvocation;
}

export const gustoWorld = (): GustoWorld => {
  let nowMs = at('2026-03-09T12:00');
  const stub = gustoStub({ apiUrl: 'http://nowhere.invalid', pageSize: 2, now: () => nowMs });
  const calls: string[] = [];
  const forbidden = new Map<string, number>();
  const call = (method: string, path: string, body = '', headers: Record<string, string> = {}) =>
    stub({ method, path, headers, body: Buffer.from(body) });
  const ask: Ask = async (url, { method = 'GET', headers, body }) => {
    const path = url.slice(BASE.length).replace(/\?.*/, '');
    calls.push(`${method} ${path}`);
    const status = forbidden.get(path.split('/').at(-1) ?? '');
    if (status !== undefined) return { status, headers: { get: () => null }, text: async () => '{}' };
    const answer = await call(method, url.slice(BASE.length), body, headers);
    return {
      status: answer.status,
      headers: { get: (name) => answer.headers[name] ?? null },
      text: async () => answer.body.toString(),
    };
  };
  const ledger = memoryLedgerStore();
  const secrets = memorySecrets({
    'acme/gusto/api/client_id': ['client'],
    'acme/gusto/api/client_secret': ['secret'],
    'acme/gusto/api/refresh_token': [LOCAL_REFRESH_TOKEN],
  });
  const facts = (): ReadonlyMap<string, Fact> =>
    new Map(ledger.rows().flatMap((row) => (row.kind === 'fact' ? [[row.fact.key, row.fact] as const] : [])));
  const stated = (subject: string) =>
    [...facts().values()].flatMap((fact) =>
      fact.kind === 'statement' && fact.subject === subject && fact.body !== null
        ? [{ key: fact.key, ...JSON.parse(fact.body) }]
        : [],
    );
  return {
    deps: {
      ledger,
      archive: memoryArchive(),
      secrets,
      tokens: memoryTokens(),
      gusto: gustoApi(
        BASE,
        patient(ask, async () => undefined),
      ),
    },
    secrets,
    ledger,
    calls,
    forbidden,
    facts,
    commitments: () =>
      stated('commitment').map((each) => ({ ...each, amountMinor: BigInt(each.amountMinor) })),
    left: () =>
      [...facts().values()]
        .flatMap((fact) => (fact.kind === 'cash' ? fact.lines : []))
        .reduce((sum, { amountMinor }) => sum + amountMinor, 0n),
    trouble: () => stated('feed').flatMap(({ reason }) => reason ?? []),
    put: (fields) =>
      call('POST', '/_control/companies', JSON.stringify({ company_uuid: COMPANY, ...fields })),
    expire: (fields = {}) => call('POST', '/_control/expiry', JSON.stringify(fields)),
    limit: (times) => call('POST', '/_control/limits', JSON.stringify({ times })),
    move: (text) => {
      nowMs = at(text);
    },
    context: () => quietInvocation(nowMs),
  };
};
