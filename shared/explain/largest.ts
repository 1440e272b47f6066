import type { CashFact } from '../event/fact.ts';
import { forecastRunway, type RunwayForecast, type RunwayInput } from '../model/runway.ts';
import { type Difference, difference } from './difference.ts';
import { cashMoved, withoutFact } from './overlay.ts';

/** A payment of the period, and what it alone did: the forecast less the one without it. */
export interface PaymentEffect {
  readonly fact: CashFact;
  readonly effect: Difference;
}

const magnitude = (fact: CashFact): bigint => {
  const moved = cashMoved(fact);
  return moved < 0n ? -moved : moved;
};

/** The largest of the facts that moved total cash in the base currency; equal ones by date and key. */
export const largest = (facts: readonly CashFact[], currency: string, count: number): readonly CashFact[] =>
  facts
    .filter((fact) => fact.currency === currency && cashMoved(fact) !== 0n)
    .sort((a, b) => {
      const [more, than] = [magnitude(b), magnitude(a)];
      if (more !== than) return more > than ? 1 : -1;
      return `${a.date}${a.key}` < `${b.date}${b.key}` ? -1 : 1;
    })
    .slice(0, count);

/** One forecast for each of the facts, which must be among those that `input` was made from. */
export const paymentEffects = (
  input: RunwayInput,
  current: RunwayForecast,
  facts: readonly CashFact[],
): readonly PaymentEffect[] =>
  facts.map((fact) => ({ fact, effect: difference(forecastRunway(withoutFact(input, fact)), current) }));
