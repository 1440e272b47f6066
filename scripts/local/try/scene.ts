/** What a story may use of a running pipeline: its public doors, and the control routes of the stand-ins. */
import { randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { PutParameterCommand } from '@aws-sdk/client-ssm';
import type { CivilDate } from '../../../shared/time/civil-date.ts';
import { addDays } from '../../../shared/time/civil-date.ts';
import { parameterStore } from '../../cli/parameter-store.ts';
import { LOCAL_SECRETS, type SampleSource, sign } from '../../cli/sample-deliveries.ts';
import type { LocalRun } from '../runtime.ts';
import { ledgerFacts, type ToldFact } from './ledger-facts.ts';

export type Body = Readonly<Record<string, unknown>>;

export interface Reply {
  readonly status: number;
  readonly body: Body;
}

/** Part of `GET /v1/runway`. */
export interface Runway {
  readonly as_of: CivilDate;
  readonly status: string;
  readonly cash: { readonly amount: string; readonly currency: string } | null;
  readonly trust: { readonly partial: boolean; readonly reasons: readonly string[] };
  readonly [member: string]: unknown;
}

/** What is seen of the pipeline at this moment, in words, and whether it is as expected. */
export interface Sight {
  readonly expected: boolean;
  readonly says: string;
}

/** @throws Error where waiting would not help. */
export type Look = (scene: Scene, reply: Reply | undefined) => Promise<Sight>;

export interface Scene {
  readonly tenant: string;
  readonly daysAgo: (days: number) => CivilDate;
  /** Noon of that day in UTC, in unix seconds. */
  readonly secondsAgo: (days: number) => number;
  /** With what a source of this tenant signs. */
  readonly secret: (source: SampleSource) => string;
  /** Sends a delivery, signed as the source signs. @param id of the delivery, where it is to come again. */
  readonly webhook: (source: SampleSource, body: object, id?: string) => Promise<Reply>;
  /** Tells a stand-in what happens at the provider: `stripe/_issue`. */
  readonly control: (path: string, body: object) => Promise<Reply>;
  /** An owner's request. @throws Error where it is turned down. */
  readonly owner: (method: 'GET' | 'POST', path: string, body?: object) => Promise<Body>;
  /** Stores a secret as `capstack secrets put` does. */
  readonly store: (source: string, credential: string, value: string) => Promise<void>;
  /** Lets the hour strike: those that are asked by the clock are asked now. */
  readonly hour: (hoursLater?: number) => Promise<void>;
  /** Something to be stopped with the pipeline. */
  readonly keep: (stop: () => Promise<void>) => void;
  readonly runway: () => Promise<Runway>;
  /** The latest telling of all that the ledger holds of this tenant. */
  readonly facts: () => Promise<readonly ToldFact[]>;
  /** Resolves once all that was told is worked off. */
  readonly settled: () => Promise<void>;
  /** The cash that the last step ended with. */
  readonly cashBefore: () => string;
  /** Does something, and waits until the pipeline is as expected. @throws Error where it does not become so. */
  readonly step: (what: string, act: () => Promise<unknown>, ...looks: readonly Look[]) => Promise<void>;
}

export interface SceneOptions {
  readonly run: LocalRun;
  readonly tenant: string;
  readonly hour: (hoursLater: number) => Promise<void>;
  readonly keep: (stop: () => Promise<void>) => void;
  readonly say: (line: string) => void;
}

const STEP_TIMEOUT_MS = 60_000;
const FIRST_PAUSE_MS = 30;
const LONGEST_PAUSE_MS = 500;
/** A function that starts on a busy machine may run into its time limit: whoever only reads asks again. */
const READ_ATTEMPTS = 3;

const isReply = (done: unknown): done is Reply =>
  typeof done === 'object' && done !== null && 'status' in done && 'body' in done;

const send = async (
  url: string,
  method: string,
  headers: Readonly<Record<string, string>>,
  body?: string,
): Promise<Reply> => {
  const response = await fetch(url, {
    method,
    headers: { ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
    ...(body !== undefined && { body }),
    signal: AbortSignal.timeout(STEP_TIMEOUT_MS),
  });
  const text = await response.text();
  return { status: response.status, body: text === '' ? {} : (JSON.parse(text) as Body) };
};

const tooLong = async (): Promise<never> => {
  await setTimeout(STEP_TIMEOUT_MS, undefined, { ref: false });
  throw new Error(`still at work after ${STEP_TIMEOUT_MS / 1000} s`);
};

/** @returns what the pipeline says once it is as expected. @throws Error where it does not become so. */
const waitFor = async (look: Look, scene: Scene, reply: Reply | undefined): Promise<string> => {
  const deadlineMs = performance.now() + STEP_TIMEOUT_MS;
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS)) {
    const { expected, says } = await look(scene, reply);
    if (expected) return says;
    if (performance.now() > deadlineMs) throw new Error(`still after ${STEP_TIMEOUT_MS / 1000} s: ${says}`);
    await setTimeout(pauseMs);
  }
};

export const openScene = async ({ run, tenant, hour, keep, say }: SceneOptions): Promise<Scene> => {
  const { url } = run;
  const token = await run.token({ tenant, scopes: ['admin'] });
  const ask = async (method: string, path: string, body?: object): Promise<Reply> => {
    const text = body === undefined ? undefined : JSON.stringify(body);
    for (let attempt = 1; ; attempt += 1) {
      const reply = await send(`${url}${path}`, method, { authorization: `Bearer ${token}` }, text);
      if (reply.status < 500 || method !== 'GET' || attempt === READ_ATTEMPTS) return reply;
    }
  };
  const owner: Scene['owner'] = async (method, path, body) => {
    const reply = await ask(method, path, body);
    if (reply.status >= 400)
      throw new Error(`${method} ${path} was answered ${reply.status}: ${String(reply.body['detail'])}`);
    return reply.body;
  };
  const runway = async (): Promise<Runway> => (await owner('GET', '/v1/runway')) as Runway;
  const { as_of: today } = await runway();
  const secret = (source: SampleSource): string =>
    tenant === 'demo' ? LOCAL_SECRETS[source] : `${LOCAL_SECRETS[source]}_${tenant}`;
  let cash = '0.00';
  const scene: Scene = {
    tenant,
    daysAgo: (days) => addDays(today, -days),
    secondsAgo: (days) => Date.parse(`${addDays(today, -days)}T12:00:00Z`) / 1000,
    secret,
    webhook: (source, body, id = randomUUID()) => {
      const text = JSON.stringify(body);
      const headers = sign(source, secret(source), id, text, Date.now());
      return send(`${url}/v1/webhooks/${tenant}/${source}`, 'POST', headers, text);
    },
    control: (path, body) => send(`${url}/_local/stub/${path}`, 'POST', {}, JSON.stringify(body)),
    owner,
    store: async (source, credential, value) => {
      const { client, stage } = await parameterStore({ api: url });
      const Name = `/capstack/${stage}/${tenant}/${source}/api/${credential}`;
      await client.send(
        new PutParameterCommand({ Name, Value: value, Type: 'SecureString', Overwrite: true }),
      );
    },
    hour: (hoursLater = 0) => hour(hoursLater),
    keep,
    runway,
    facts: () => ledgerFacts(ask),
    settled: () => Promise.race([run.settled(), tooLong()]),
    cashBefore: () => cash,
    step: async (what, act, ...looks) => {
      const said: string[] = [];
      try {
        const done = await act();
        for (const look of looks) said.push(await waitFor(look, scene, isReply(done) ? done : undefined));
      } catch (error) {
        throw new Error([what, ...said, error instanceof Error ? error.message : error].join('; '));
      }
      cash = (await runway()).cash?.amount ?? cash;
      say(`  ${what} => ${said.join('; ')}`);
    },
  };
  return scene;
};
