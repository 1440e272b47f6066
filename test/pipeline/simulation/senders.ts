import Stripe from 'stripe';
import { declareItem, withdrawItem } from '../../../functions/command/plan.ts';
import { receive } from '../../../functions/ingest/receive.ts';
import { sha256Of } from '../../../shared/canonical/canonical.ts';
import type { HttpRequest, HttpResponse } from '../../../shared/lambda/http.ts';
import { deliveryKey } from '../../../shared/ledger/row.ts';
import { signedHeaders } from '../../../shared/providers/generic/signature.ts';
import type { PlanCommand, Telling } from './economy.ts';
import type { Random } from './random.ts';
import { SECRETS, type World } from './world.ts';

const SECOND_MS = 1_000;
const HOUR_MS = 3_600_000;

/** Signed as its sender signs it, with the sender's own clock: Stripe's by Stripe's own library. */
const headersOf = ({ source, deliveryId, body, kind }: Telling, nowMs: number): Record<string, string> => {
  const secret = kind === 'forged' ? 'a guess' : SECRETS[source];
  return source === 'stripe'
    ? {
        'stripe-signature': Stripe.webhooks.generateTestHeaderString({
          payload: body.toString(),
          secret,
          timestamp: Math.floor(nowMs / SECOND_MS),
        }),
      }
    : signedHeaders(secret, deliveryId, body, nowMs);
};

const requestOf = (
  world: World,
  path: string,
  pathParameters: HttpRequest['pathParameters'],
  rawBody: Buffer,
  headers: HttpRequest['headers'] = {},
): HttpRequest => {
  const { nowMs, traceparent } = world.context();
  return { method: 'POST', path, pathParameters, query: {}, headers, rawBody, nowMs, traceparent };
};

const note = (world: World, telling: Telling, { status }: HttpResponse): void => {
  const { tenant, source, deliveryId, body } = telling;
  const row = `${deliveryKey(tenant, source, deliveryId)}|${sha256Of(body).replace('sha256:', '')}`;
  const inBuffer = world.twins.buffer.messages.some((message) => {
    const buffered = JSON.parse(message) as { deliveryId: string; source: string; tenant: string };
    return buffered.deliveryId === deliveryId && buffered.source === source && buffered.tenant === tenant;
  });
  world.notes.answers.push({ telling, status, inLedger: world.records.has(row), inBuffer });
};

/** One attempt: what the sender saw, undefined where it saw nothing. */
const attempt = async (world: World, telling: Telling): Promise<number | undefined> => {
  world.count('webhook requests');
  const { tenant, source, body } = telling;
  const outcome = await world.faults.execute('ingest', () =>
    receive(
      world.deps,
      requestOf(
        world,
        `/v1/webhooks/${tenant}/${source}`,
        { tenant, source },
        body,
        headersOf(telling, world.time.nowMs()),
      ),
      world.context(),
    ),
  );
  if (outcome.kind === 'failed') throw outcome.error;
  if (outcome.kind === 'crashed') return undefined;
  world.count(`answered ${outcome.value.status}`);
  note(world, telling, outcome.value);
  return outcome.value.status;
};

const isFinal = (telling: Telling, status: number | undefined): boolean =>
  telling.kind === 'genuine' ? status === 200 || status === 202 : status !== undefined && status < 500;

/** Sends until it is taken, ever more patiently. */
const sendUntilTaken = async (world: World, telling: Telling): Promise<void> => {
  for (let failures = 0; ; failures += 1) {
    if (isFinal(telling, await attempt(world, telling))) return;
    await world.time.sleep(Math.min(5 * SECOND_MS * 3 ** failures, HOUR_MS));
  }
};

const factsAreKnown = async (world: World, { tenant, facts }: Telling): Promise<boolean> => {
  for (const { key } of facts)
    if ((await world.twins.ledger.factRows(tenant, key)).length === 0) return false;
  return true;
};

const known = async (world: World, name: string): Promise<void> => {
  const first = world.options.economy.tellings.find((telling) => telling.name === name);
  while (first !== undefined && !(await factsAreKnown(world, first))) await world.time.sleep(600 * SECOND_MS);
};

/** How one telling reaches us: late, at once in two copies, and again when it is long known. */
export const deliver = async (world: World, telling: Telling, random: Random | undefined): Promise<void> => {
  const { time, notes } = world;
  notes.busy += 1;
  await time.sleep(telling.atMs - time.nowMs());
  if (random?.chance(0.15)) await time.sleep(random.between(1, 5) * HOUR_MS);
  if (telling.after !== undefined) await known(world, telling.after);
  const copies = random?.chance(0.1) ? 2 : 1;
  await Promise.all(Array.from({ length: copies }, () => sendUntilTaken(world, telling)));
  while (random?.chance(0.2)) {
    await time.sleep(random.between(1, 6 * 3_600) * SECOND_MS);
    await sendUntilTaken(world, telling);
  }
  notes.busy -= 1;
};

const SUBJECT = 'owner@example.com';

/** The owner has a clock that is right, and waits for each answer before the next command. */
const command = async (world: World, { tenant, id, item }: PlanCommand): Promise<number | undefined> => {
  const settings = world.tenants.find((candidate) => candidate.tenant === tenant);
  if (settings === undefined) return undefined;
  const body = Buffer.from(JSON.stringify({ id, ...item }));
  const request = { ...requestOf(world, '/v1/plan', { id }, body), nowMs: world.time.nowMs() };
  const outcome = await world.faults.execute('command', () =>
    item === null
      ? withdrawItem(world.deps, request, settings, SUBJECT)
      : declareItem(world.deps, request, settings, SUBJECT),
  );
  world.count('owner commands');
  return outcome.kind === 'done' ? outcome.value.status : undefined;
};

export const ownerOf = async (world: World, tenant: string): Promise<void> => {
  world.notes.busy += 1;
  for (const each of world.options.economy.commands.filter((candidate) => candidate.tenant === tenant)) {
    await world.time.sleep(Math.max(1, each.atMs - world.time.nowMs()));
    for (let failures = 0; ; failures += 1) {
      const status = await command(world, each);
      if (status === 200 || status === 404) break;
      await world.time.sleep(5 * SECOND_MS * 2 ** Math.min(failures, 8));
    }
  }
  world.notes.busy -= 1;
};

/** Puts a delivery into the buffer once more: a queue delivers at least once. */
export const again = (world: World, message: string): void => {
  world.twins.buffer.messages.push(message);
  world.buffered.ring();
};
