/**
 * Rolling origins: the days of a ledger on which a forecast is asked for, and what then happened.
 *
 * A ledger has one balance, often a comfortable one, and few companies run out. So at each origin the balance is set to what
 * would last a given number of days at the recent burn, and the ledger's own later movements are played against it. The
 * balance depends on the past alone, never on how long it will last.
 */
import { dailyFlows } from '../ledger-file/daily-flow.ts';
import type { LedgerLine } from '../ledger-file/line.ts';
import type { Currency } from '../money/currency.ts';
import type { Minor } from '../money/money.ts';
import { addDays, type CivilDate, daysBetween } from '../time/civil-date.ts';
import { outcomeOf } from './outcome.ts';
import type { Case } from './question.ts';

/** As the ledger is; its money out alone; or its money in cut down until it pays half of the money out. */
export type Mode = 'net' | 'spend' | 'thin';

export interface OriginOptions {
  readonly leadDays: readonly number[];
  /** Left out: `net` on origins where the ledger burns, `spend` and `thin` on the others. */
  readonly modes?: readonly Mode[];
  readonly paths: number;
  readonly seed: number;
}

/** One ledger; `lines` in any order, without money raised. */
export interface Subject {
  readonly name: string;
  readonly currency: Currency;
  readonly lines: readonly LedgerLine[];
}

export interface Origins {
  readonly origins: number;
  readonly cases: readonly Case[];
  /** How the ledger was played, in how many cases. */
  readonly played: Readonly<Record<Mode, number>>;
  /** Why a case was not made, and how often. */
  readonly skipped: Readonly<Record<string, number>>;
}

/** No multiple of a week or a month, so that origins fall on every weekday and every day of the month. */
const STEP_DAYS = 29;
const FIRST_ORIGIN_DAYS = 185;
const BURN_WINDOW_DAYS = 182;
const TRAINING_DAYS = 364;
const HORIZON_DAYS = 365;
/** A ledger burns where this share of the money out is not covered by money in: 15 %. */
const BURNS_ABOVE_PERCENT = 15n;

interface Sums {
  readonly inMinor: Minor;
  readonly outMinor: Minor;
}

const sumsOf = (lines: readonly LedgerLine[], from: CivilDate, through: CivilDate): Sums => {
  let inMinor = 0n;
  let outMinor = 0n;
  for (const { date, amountMinor } of lines)
    if (date >= from && date <= through) {
      if (amountMinor < 0n) outMinor -= amountMinor;
      else inMinor += amountMinor;
    }
  return { inMinor, outMinor };
};

/** The ledger's movements as the mode has them; what is cut down is measured before the origin and applied after it too. */
const linesIn = (lines: readonly LedgerLine[], mode: Mode, training: Sums): readonly LedgerLine[] => {
  const { inMinor, outMinor } = training;
  if (mode === 'spend') return lines.filter(({ amountMinor }) => amountMinor < 0n);
  if (mode === 'net' || 2n * inMinor <= outMinor) return lines;
  return lines.map((line) =>
    line.amountMinor < 0n ? line : { ...line, amountMinor: (line.amountMinor * outMinor) / (2n * inMinor) },
  );
};

const modesAt = ({ inMinor, outMinor }: Sums): readonly Mode[] =>
  outMinor > 0n && 100n * (outMinor - inMinor) >= BURNS_ABOVE_PERCENT * outMinor
    ? ['net']
    : ['spend', 'thin'];

/** Days of future that a balance of this many days is judged on; fewer would drop the long outcomes. */
const seenDaysMin = (leadDays: number): number => Math.min(HORIZON_DAYS, 1.5 * leadDays + 30);

interface Span {
  readonly first: CivilDate;
  readonly last: CivilDate;
}

const spanOf = (lines: readonly LedgerLine[]): Span | undefined => {
  const dates = lines.map(({ date }) => date).sort();
  const [first] = dates;
  const last = dates.at(-1);
  return first === undefined || last === undefined ? undefined : { first, last };
};

/** A seed for each origin, apart from the others, whatever else is backtested. */
const seedAt = (seed: number, asOf: CivilDate): number =>
  (seed * 1_000_003 + daysBetween('2000-01-01' as CivilDate, asOf) + 1_000_000) % Number.MAX_SAFE_INTEGER;

/** The cases of one origin in one mode, or what kept a lead from being one. */
const casesAt = (
  subject: Subject,
  { first, last }: Span,
  asOf: CivilDate,
  mode: Mode,
  options: OriginOptions,
): readonly (Case | string)[] => {
  const historyDays = daysBetween(first, asOf) + 1;
  const since = (days: number): CivilDate => addDays(asOf, 1 - Math.min(historyDays, days));
  const lines = linesIn(subject.lines, mode, sumsOf(subject.lines, since(TRAINING_DAYS), asOf));
  const burnDays = Math.min(historyDays, BURN_WINDOW_DAYS);
  const { inMinor, outMinor } = sumsOf(lines, since(BURN_WINDOW_DAYS), asOf);
  const seenDays = Math.min(HORIZON_DAYS, daysBetween(asOf, last));
  const past = lines.filter(({ date }) => date <= asOf);
  const days = dailyFlows(past);
  const netMinor = Array.from({ length: seenDays }, () => 0n);
  for (const { date, amountMinor } of lines) {
    const index = daysBetween(asOf, date) - 1;
    if (index >= 0 && index < seenDays) netMinor[index] = (netMinor[index] ?? 0n) + amountMinor;
  }
  return options.leadDays.map((leadDays) => {
    if (seenDays < seenDaysMin(leadDays)) return 'the ledger ends too soon after it';
    const balanceMinor = ((outMinor - inMinor) * BigInt(leadDays)) / BigInt(burnDays);
    if (balanceMinor <= 0n) return 'nothing is burnt before it';
    return {
      cluster: `${subject.name} ${asOf.slice(0, 4)}`,
      leadDays,
      seenDays,
      outcomeDays: outcomeOf(balanceMinor, netMinor),
      question: {
        series: `${subject.name} ${mode}`,
        asOf,
        historyFrom: first,
        currency: subject.currency,
        balanceMinor,
        lines: past,
        days,
        tranches: [],
        horizonDays: HORIZON_DAYS,
        paths: options.paths,
        seed: seedAt(options.seed, asOf),
      },
    };
  });
};

/** Every origin of the ledger with every lead; what makes no case is counted by its reason. */
export const originsOf = (subject: Subject, options: OriginOptions): Origins => {
  const cases: Case[] = [];
  const skipped: Record<string, number> = {};
  const played = { net: 0, spend: 0, thin: 0 };
  const span = spanOf(subject.lines);
  let origins = 0;
  if (span === undefined) return { origins, cases, played, skipped };
  const firstOrigin = addDays(span.first, FIRST_ORIGIN_DAYS - 1);
  for (let asOf = firstOrigin; asOf < span.last; asOf = addDays(asOf, STEP_DAYS)) {
    origins += 1;
    const recent = sumsOf(subject.lines, addDays(asOf, 1 - BURN_WINDOW_DAYS), asOf);
    for (const mode of options.modes ?? modesAt(recent))
      for (const made of casesAt(subject, span, asOf, mode, options))
        if (typeof made === 'string') skipped[made] = (skipped[made] ?? 0) + 1;
        else {
          cases.push(made);
          played[mode] += 1;
        }
  }
  return { origins, cases, played, skipped };
};
