import type { Currency } from '../money/currency.ts';
import { type Minor, minorOf } from '../money/money.ts';

/** By how much books and a source may differ before it counts. */
export interface Tolerance {
  /** Share of what the source moved: 0.02. */
  readonly variance: number;
  /** Decimal amount, in each currency's own units; a share alone fails where next to nothing moved. */
  readonly floor: string;
}

const absolute = (amount: Minor): Minor => (amount < 0n ? -amount : amount);
const PARTS = 1_000_000;

const floorOf = ({ floor }: Tolerance, currency: Currency): Minor =>
  /** A floor with cents, in a currency without, is the whole part of it. */
  minorOf(floor, currency) ?? minorOf(floor.split('.')[0] ?? '0', currency) ?? 0n;

/** What is left unexplained of one pair and currency, held against what is tolerated. */
export interface Verdict {
  readonly toleranceMinor: Minor;
  readonly beyond: boolean;
  /** Above `variance` exactly where it is beyond: small sums are measured against the floor. */
  readonly ratio: number;
}

/** @param volumeMinor what the source says moved, or is there. */
export const verdictOf = (
  unexplainedMinor: Minor,
  volumeMinor: Minor,
  currency: Currency,
  tolerance: Tolerance,
): Verdict => {
  const share = BigInt(Math.round(tolerance.variance * PARTS));
  const floorMinor = floorOf(tolerance, currency);
  const volume = absolute(volumeMinor);
  const shareMinor = (volume * share) / BigInt(PARTS);
  const toleranceMinor = shareMinor > floorMinor ? shareMinor : floorMinor;
  const unexplained = absolute(unexplainedMinor);
  /** A ratio, not money. */
  const ratioOf = (part: Minor, whole: Minor): number =>
    whole === 0n ? (part === 0n ? 0 : 1) : Number((part * BigInt(PARTS)) / whole) / PARTS;
  return {
    toleranceMinor,
    beyond: unexplained > toleranceMinor,
    ratio:
      toleranceMinor === 0n
        ? ratioOf(unexplained, volume)
        : ratioOf(unexplained, toleranceMinor) * tolerance.variance,
  };
};
