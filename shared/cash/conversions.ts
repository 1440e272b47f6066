import { converted } from '../fx/convert.ts';
import type { RateBook } from '../fx/rates.ts';
import type { Minor } from '../money/money.ts';
import { addDays, daysBetween } from '../time/civil-date.ts';
import type { Line } from './line.ts';
import { oneToOne } from './one-to-one.ts';
import { hints } from './transfers.ts';

/** Days that exchanged money may be on its way between two banks. */
const DAYS_BETWEEN = 3;
/** What a bank keeps for itself, and what the rate moved since it was published: in percent. */
const SPREAD_PERCENT = 4n;

const TEXT = /\b(FX|FOREX|EXCHANGE|CONVERSION|CONVERT(ED)?|CURRENCY|WISE|REVOLUT)\b/;

const says = (line: Line): number => hints(line) + (TEXT.test(line.text) ? 1 : 0);

const sizeOf = (amountMinor: Minor): Minor => (amountMinor < 0n ? -amountMinor : amountMinor);

/**
 * Keys of lines that are two ends of one exchange between own accounts: out in one currency and into another, days apart, worth
 * about the same by the reference rates, and at least one of them says so.
 */
export const matchConversions = (lines: readonly Line[], book: RateBook): ReadonlySet<string> => {
  if (book.size === 0 || new Set(lines.map(({ movement }) => movement.currency)).size < 2) return new Set();
  const incoming = Map.groupBy(
    lines.filter(({ amountMinor }) => amountMinor > 0n),
    ({ date }) => date,
  );
  const candidates = lines
    .filter(({ amountMinor }) => amountMinor < 0n)
    .flatMap((out) =>
      Array.from({ length: 2 * DAYS_BETWEEN + 1 }, (_, index) => addDays(out.date, index - DAYS_BETWEEN))
        .flatMap((date) => incoming.get(date) ?? [])
        .flatMap((into) => {
          const { currency } = into.movement;
          const score = says(out) + says(into);
          if (currency === out.movement.currency || score === 0) return [];
          const fair = converted(book, -out.amountMinor, out.movement.currency, currency, out.date);
          if (typeof fair !== 'bigint' || 100n * sizeOf(into.amountMinor - fair) > SPREAD_PERCENT * fair)
            return [];
          const gapDays = Math.abs(daysBetween(out.date, into.date));
          return [{ left: out.movement.key, right: into.movement.key, score, gapDays }];
        }),
    );
  return new Set(oneToOne(candidates).flatMap(({ left, right }) => [left, right]));
};
