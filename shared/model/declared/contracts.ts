/**
 * Contracts that are paid once a year. Each anniversary may be the one on which a contract is not renewed, and then it has ended;
 * else it costs what was paid last and usually a little more.
 */
import { exp, ln } from '../../forecast/elementary.ts';
import { normalOf } from '../../forecast/noise.ts';
import { draw, uniformOf } from '../../forecast/random.ts';
import { namedNoise } from '../structural/named-noise.ts';
import type { Part, Span } from '../structural/part.ts';

/** What a year adds to a contract (the median), and the standard deviation of its logarithm. */
const RAISE = 1.03;
const RAISE_STD = 0.12;

export interface Contract {
  /** Addresses its noise. */
  readonly name: string;
  readonly label: string;
  /** Of each anniversary. */
  readonly probability: number;
  /** Anniversaries ahead, ascending; day 1 is the first of the forecast. */
  readonly days: readonly number[];
  /** Positive: what was paid last or, where the ledger shows no payment, what the next one is stated to be. */
  readonly amountMinor: number;
  readonly isPaidLast: boolean;
}

/** How many raises lie between the known amount and the payment of the k-th anniversary. */
const raises = ({ isPaidLast }: Contract, k: number): number => (isPaidLast ? k + 1 : k);

export const contractPart = (contract: Contract, span: Span, unitsPerMinor: number): Part => {
  const { name, label, probability, days, amountMinor } = contract;
  const noise = namedNoise(span.seed, `contract ${name}`);
  const base = ln(amountMinor * unitsPerMinor);
  const raise = ln(RAISE);
  return {
    label,
    of: [contract, unitsPerMinor],
    add: (path, flows) => {
      let scatter = 0;
      for (let k = 0; k < days.length; k += 1) {
        const day = days[k] ?? 0;
        if (day > flows.length) return;
        draw(noise, path, 2 * k);
        if (uniformOf(noise.words[0] ?? 0) >= probability) return;
        draw(noise, path, 2 * k + 1);
        scatter += RAISE_STD * normalOf(noise);
        flows[day - 1] = (flows[day - 1] ?? 0) - exp(base + raises(contract, k) * raise + scatter);
      }
    },
  };
};

/** A payment that is more likely than not, at its usual size. */
export interface UsualPayment {
  readonly day: number;
  /** Signed, in minor units. */
  readonly amountMinor: number;
  readonly label: string;
}

/** What a contract usually pays. */
export const usualOfContract = (contract: Contract): readonly UsualPayment[] => {
  const { days, probability, amountMinor, label } = contract;
  let renewed = 1;
  return days.flatMap((day, k) => {
    renewed *= probability;
    const amount = -amountMinor * exp(raises(contract, k) * ln(RAISE));
    return renewed < 0.5 ? [] : [{ day, amountMinor: amount, label }];
  });
};
