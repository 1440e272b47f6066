import { type CivilDate, epochDay, monthOf } from '../../shared/time/civil-date.ts';
import { payrollEvents } from './company.ts';
import { type Draws, drawsOf } from './random.ts';
import { stripeEvent, stripeIds } from './stripe-objects.ts';
import type { CompanyEvent, DemoWorld, StripeEvent } from './world.ts';

/** One signed POST to `/v1/webhooks/{tenant}/{source}`; it is signed when it is sent, for a signature ages. */
export interface Delivery {
  readonly source: 'stripe' | 'generic';
  /** Of the delivery in our own scheme; of the event in Stripe's. */
  readonly id: string;
  readonly body: string;
}

/** A delivery and when it would arrive, in unix seconds. */
interface Arriving {
  readonly delivery: Delivery;
  readonly at: number;
}

const DAY_SECONDS = 86_400;
const AGAIN_SHARE = 0.1;
/** Of what comes again: the same event told anew under another id, which is how Stripe sometimes repeats itself. */
const RETOLD_SHARE = 0.25;
const LATE_DAYS = 3;
const AGAIN_LATE_DAYS = 12;
/** Told before all else, so that no runway is computed of a company without its money. */
const FIRST_CATEGORIES: ReadonlySet<string> = new Set(['opening_balance', 'funding']);
const EVENTS_PER_DELIVERY_MAX = 200;

const stripeDelivery = (event: StripeEvent): Delivery => ({
  source: 'stripe',
  id: event.id,
  body: JSON.stringify(event),
});

const genericDelivery = (id: string, events: readonly CompanyEvent[]): Delivery => ({
  source: 'generic',
  id,
  body: JSON.stringify({ schema: 1, events }),
});

/** Our own books, in date order, send a delivery a month. */
const monthlyDeliveries = (company: string, events: readonly CompanyEvent[]): readonly Arriving[] => {
  const months = Map.groupBy(events, ({ date }) => monthOf(date));
  return [...months].flatMap(([month, ofMonth]) => {
    const arriving: Arriving[] = [];
    for (let from = 0; from < ofMonth.length; from += EVENTS_PER_DELIVERY_MAX) {
      const part = ofMonth.slice(from, from + EVENTS_PER_DELIVERY_MAX);
      const last = part.at(-1)?.date as CivilDate;
      arriving.push({
        delivery: genericDelivery(`${company}-${month}-${from / EVENTS_PER_DELIVERY_MAX}`, part),
        at: (epochDay(last) + 1) * DAY_SECONDS,
      });
    }
    return arriving;
  });
};

/** The same once more: as a retry of the delivery, or as another event about the same charge. */
const again = (world: DemoWorld, delivery: Delivery, draws: Draws): Delivery => {
  const retold = draws.chance(RETOLD_SHARE);
  const event = delivery.source === 'stripe' ? (JSON.parse(delivery.body) as StripeEvent) : undefined;
  if (!retold || event?.type !== 'charge.succeeded') return delivery;
  const id = stripeIds(world.company)('evt', 'charge.updated', event.id);
  return stripeDelivery(stripeEvent(id, 'charge.updated', event.created + 1, event.data.object));
};

/**
 * Everything the company's sources send, as networks deliver it: about in order, some of it late, a tenth of it twice. The
 * first delivery is the money the company began with. Equal arguments give equal bytes.
 */
export const deliveries = (world: DemoWorld, { seed }: { readonly seed: number }): readonly Delivery[] => {
  const { company, window, stripe, payrollRuns } = world;
  const draws = drawsOf(seed, 'network');
  const books = [...world.events, ...payrollEvents(window, payrollRuns)].sort((a, b) =>
    a.date < b.date ? -1 : a.date > b.date ? 1 : a.id < b.id ? -1 : 1,
  );
  const opening = books.filter(({ category }) => FIRST_CATEGORIES.has(category));
  const running = books.filter(({ category }) => !FIRST_CATEGORIES.has(category));
  const once = [
    ...stripe.events.map((event) => ({ delivery: stripeDelivery(event), at: event.created })),
    ...monthlyDeliveries(company, running),
  ];
  const arriving = once.flatMap(({ delivery, at }): readonly Arriving[] => {
    const first = { delivery, at: at + draws.uniform() * LATE_DAYS * DAY_SECONDS };
    if (!draws.chance(AGAIN_SHARE)) return [first];
    const late = first.at + draws.uniform() * AGAIN_LATE_DAYS * DAY_SECONDS;
    return [first, { delivery: again(world, delivery, draws), at: late }];
  });
  return [
    genericDelivery(`${company}-opening`, opening),
    ...arriving.sort((a, b) => a.at - b.at).map(({ delivery }) => delivery),
  ];
};
