/** Brings the demo company into a local pipeline the way a real one comes: signed deliveries at the front door. */
import { atMost } from '../../shared/concurrency/at-most.ts';
import { civilDate } from '../../shared/time/civil-date.ts';
import { demoCompany } from './company.ts';
import { type Delivery, deliveries } from './deliveries.ts';
import { type FrontDoor, frontDoor } from './front-door.ts';
import { dayInPlanId } from './plan.ts';
import { type ProgressOutput, progressOf } from './progress.ts';

export interface DemoOptions {
  /** Of a local pipeline. */
  readonly url: string;
  /** With the scopes `runway:read` and `plan:write`. */
  readonly token: string;
  readonly tenant?: string;
  readonly seed?: number;
  /** For progress. */
  readonly output?: ProgressOutput;
}

/** `present`: the company was there before. `in_use`: the ledger holds something else, and was left alone. */
export interface DemoLoad {
  readonly outcome: 'loaded' | 'present' | 'in_use';
  /** Deliveries by what was answered: accepted, duplicate, ignored, buffered. */
  readonly answers: Readonly<Record<string, number>>;
}

const CONCURRENCY = 8;
const SEED = 1;

/** What a delivery was answered. @throws Error where any of it was turned down, or contradicts what is known. */
const answerOf = async (door: FrontDoor, delivery: Delivery): Promise<string> => {
  const answer = await door.deliver(delivery);
  const status = String(answer['status']);
  const events = (answer['events'] ?? []) as readonly { id: string; status: string; reason?: string }[];
  const refused = events.find((event) => event.status === 'rejected' || event.status === 'conflict');
  if (refused !== undefined || answer['quarantined'] !== undefined || status === 'conflict')
    throw new Error(
      `${delivery.source} delivery ${delivery.id} was not taken: ${refused?.id ?? ''} ${refused?.reason ?? refused?.status ?? answer['quarantined'] ?? status}`,
    );
  return status;
};

/** What the pipeline holds: nothing yet, a company begun for some day, all of one, or something of somebody else's. */
const standing = async (
  door: FrontDoor,
): Promise<{ readonly found: 'nothing' | 'begun' | 'all' | 'other'; readonly today: string }> => {
  const runway = await door.owner('GET', '/v1/runway');
  const { items } = (await door.owner('GET', '/v1/plan')) as { items: readonly { readonly id: string }[] };
  const begun = items.map(({ id }) => dayInPlanId(id)).find((day) => day !== undefined);
  if (begun !== undefined) return { found: items.length > 1 ? 'all' : 'begun', today: begun };
  const { sources } = runway['inputs'] as { readonly sources: readonly unknown[] };
  return {
    found: sources.length === 0 && items.length === 0 ? 'nothing' : 'other',
    today: String(runway['as_of']),
  };
};

/**
 * Loads the company as of the pipeline's accounting day. Its first plan item is declared before anything is sent and the
 * others after everything was, so that a load cut short is taken up again with the day it began on, and a whole one is
 * not repeated.
 * @throws Error with one line where the pipeline turns anything down or cannot be reached.
 */
export const loadDemo = async (options: DemoOptions): Promise<DemoLoad> => {
  const { url, token, tenant = 'demo', seed = SEED, output = process.stdout } = options;
  const door = frontDoor(url, tenant, token);
  const { found, today: day } = await standing(door);
  if (found === 'all' || found === 'other')
    return { outcome: found === 'all' ? 'present' : 'in_use', answers: {} };
  const today = civilDate(day);
  if (today === undefined) throw new Error(`the pipeline says that today is ${day}`);
  const world = demoCompany({ seed, today });
  const sent = deliveries(world, { seed });
  const [first, ...others] = world.plan;
  await atMost(CONCURRENCY, world.stripe.transactions, door.issue);
  await door.owner('POST', '/v1/plan', first);
  const answers: Record<string, number> = {};
  const progress = progressOf('loading the demo company', sent.length, output);
  const deliver = async (delivery: Delivery): Promise<void> => {
    const status = await answerOf(door, delivery);
    answers[status] = (answers[status] ?? 0) + 1;
    progress.advance();
  };
  try {
    await atMost(CONCURRENCY, sent.slice(0, 1), deliver);
    await atMost(CONCURRENCY, sent.slice(1), deliver);
  } finally {
    progress.end();
  }
  for (const item of others) await door.owner('POST', '/v1/plan', item);
  return { outcome: 'loaded', answers };
};
