/**
 * Payments that somebody has promised or demanded: payrolls to come, invoices sent and received. Each is forecast once: it
 * retires when the ledger shows it, the longer it is overdue the less it is believed, and where its stream keeps a rhythm
 * it takes the place of the payment that the rhythm would name.
 */
import { exp } from '../../forecast/elementary.ts';
import { draw, type RandomStream, uniformOf } from '../../forecast/random.ts';
import type { Minor } from '../../money/money.ts';
import { type CivilDate, epochDay } from '../../time/civil-date.ts';
import type { Series } from '../streams/series.ts';
import { namedNoise } from '../structural/named-noise.ts';
import { type Part, type Span, weekOf } from '../structural/part.ts';
import type { Rates } from '../structural/rates.ts';
import type { Regular } from '../structural/regular.ts';

export interface Expected {
  readonly id: string;
  readonly dueDate: CivilDate;
  /** Positive is money in. */
  readonly amountMinor: Minor;
  /** The stream that its payment will show in. */
  readonly stream?: string;
  readonly label?: string;
  /** Set where it comes beside what its rhythm names, and takes the place of none of it. */
  readonly isBeside?: true;
  /** Set where it is in another currency; the amount is what it is worth today. */
  readonly isForeign?: true;
}

/** Days before its due date, and a share of the amount, within which a payment is the one expected. */
const EARLY_DAYS = 5;
const AMOUNT_SLACK = 0.05;
/** Days overdue that halve the belief in a payment, and after which nothing is left of it. */
const HALF_LIFE_DAYS = { in: 21, out: 7 } as const;
const OVERDUE_DAYS_MAX = 90;
/** An overdue payment that still comes does so within these days, evenly. */
const OVERDUE_SPREAD_DAYS = 14;

/** An expected payment as it stands on day 0. */
export interface Awaited {
  readonly item: Expected;
  /** Day on which it comes, 1 is the first of the forecast. */
  readonly day: number;
  /** 1 where it is not overdue. */
  readonly probability: number;
}

/** Half of `probability` for each half-life; by doubling, for no power is needed between whole days. */
const decayed = (days: number, halfLife: number): number => {
  const whole = Math.floor(days / halfLife);
  const rest = days / halfLife - whole;
  let probability = 1 - rest / 2;
  for (let k = 0; k < whole; k += 1) probability /= 2;
  return probability;
};

const isPaidBy = (item: Expected, series: Series, k: number, unitsPerMinor: number): boolean => {
  const amount = Number(item.amountMinor) * unitsPerMinor * series.sign;
  const paid = series.amounts[k] ?? 0;
  return (
    (item.stream === undefined ||
      item.stream === series.stream ||
      series.stream.startsWith(`${item.stream}/`)) &&
    (series.days[k] ?? 0) >= epochDay(item.dueDate) - EARLY_DAYS &&
    Math.abs(paid - amount) <= AMOUNT_SLACK * Math.abs(amount)
  );
};

/** Those that the ledger does not show yet. Each payment answers for one; items are looked at by their due dates. */
export const awaited = (
  expected: readonly Expected[],
  series: readonly Series[],
  span: Span,
  unitsPerMinor: number,
): readonly Awaited[] => {
  const claimed = new Set<string>();
  const found: Awaited[] = [];
  const inOrder = expected
    .filter(({ amountMinor }) => amountMinor !== 0n)
    .toSorted((a, b) => (a.dueDate === b.dueDate ? (a.id < b.id ? -1 : 1) : a.dueDate < b.dueDate ? -1 : 1));
  for (const item of inOrder) {
    const day = epochDay(item.dueDate) - span.asOf;
    if (day < -OVERDUE_DAYS_MAX) continue;
    const payment = series
      .flatMap((one) => Array.from(one.days, (_, k) => ({ one, k, key: `${one.sign}${one.stream} ${k}` })))
      .find(({ one, k, key }) => !claimed.has(key) && isPaidBy(item, one, k, unitsPerMinor));
    if (payment !== undefined) claimed.add(payment.key);
    else if (day > 0) found.push({ item, day, probability: 1 });
    else {
      const halfLife = item.amountMinor > 0n ? HALF_LIFE_DAYS.in : HALF_LIFE_DAYS.out;
      found.push({ item, day: 1, probability: decayed(-day, halfLife) });
    }
  }
  return found;
};

/** The awaited payments as a source of money. */
export const awaitedParts = (
  all: readonly Awaited[],
  span: Span,
  unitsPerMinor: number,
  rates: Rates | undefined,
): readonly Part[] =>
  all.map(({ item, day, probability }): Part => {
    const amount = Number(item.amountMinor) * unitsPerMinor;
    const noise: RandomStream = namedNoise(span.seed, `expected ${item.id}`);
    return {
      label: item.label ?? item.stream ?? item.id,
      of: [item.id, amount, day, probability, item.isForeign === true],
      add: (path, flows) => {
        let on = day;
        if (probability < 1) {
          draw(noise, path, 0);
          if (uniformOf(noise.words[0] ?? 0) >= probability) return;
          on += Math.floor(uniformOf(noise.words[1] ?? 0) * OVERDUE_SPREAD_DAYS);
        }
        if (on > flows.length) return;
        const rate = item.isForeign ? (rates?.factors[weekOf(span, on - 1)] ?? 1) : 1;
        flows[on - 1] = (flows[on - 1] ?? 0) + amount * rate;
      },
    };
  });

/** An occurrence on this day lies beyond every horizon. */
const NEVER = 0x4000_0000;

/** A coming payment, whoever told of it. */
export interface Told {
  /** Undefined where it is not said. */
  readonly stream: string | undefined;
  readonly sign: 1 | -1;
  readonly day: number;
  /** Positive, in the unit of the streams. */
  readonly amount: number;
}

/** A payment told of without its stream is an occurrence of one that falls so near and costs so nearly the same. */
const NEAR_DAYS = 5;
const NEAR_FACTOR = 1.35;

/** The told payments with the streams they belong to, as far as a rhythm shows it. */
export const recognised = (all: readonly Told[], regular: readonly Regular[]): readonly Told[] =>
  all.map((told) => {
    if (regular.some(({ stream }) => stream === told.stream)) return told;
    const like = regular.find(({ sign, level, named }) => {
      const ratio = told.amount / exp(level.logLevel);
      return (
        sign === told.sign &&
        ratio < NEAR_FACTOR &&
        ratio > 1 / NEAR_FACTOR &&
        named.some((day) => Math.abs(day - told.day) <= NEAR_DAYS)
      );
    });
    return like === undefined ? told : { ...told, stream: like.stream };
  });

/** The stream without the occurrences that told payments stand for; the same object where there is none. */
export const withoutTold = (regular: Regular, all: readonly Told[]): Regular => {
  const reach = Math.min(15, regular.periodDays / 2);
  const taken = new Set<number>();
  for (const { stream, sign, day } of all) {
    if (stream !== regular.stream || sign !== regular.sign) continue;
    const nearest = regular.named.reduce(
      (best, named) => (!taken.has(named) && Math.abs(named - day) < Math.abs(best - day) ? named : best),
      Number.POSITIVE_INFINITY,
    );
    if (Math.abs(nearest - day) <= reach) taken.add(nearest);
  }
  if (taken.size === 0) return regular;
  return { ...regular, named: regular.named.map((day) => (taken.has(day) ? NEVER : day)) };
};
