import type { MonthAggregate } from '../aggregate/month.ts';
import { canonicalJson, sha256Of } from '../canonical/canonical.ts';
import { exponentsOn } from '../model/calibration/adaptation.ts';
import { PAST_DAYS, type Past, type PastOrigin, pastOrigins } from '../model/calibration/past-forecasts.ts';
import type { Exponents } from '../model/calibration/warp.ts';
import { MODEL_VERSION } from '../model/runway.ts';
import { addDays, type CivilDate, monthOf } from '../time/civil-date.ts';

/** What a tenant's own past has taught, as it is stored. */
export interface Adaptation {
  /** The model that it holds for. */
  readonly version: string;
  /** Orders readings of one tenant, see `fenceOf`. */
  readonly fence: string;
  /** Of the months it was learnt from and the day until which: unchanged means there is nothing new to learn. */
  readonly madeFrom: string;
  readonly exponents: Exponents;
  readonly origins: readonly PastOrigin[];
}

/** The months whose days a reading as of `through` learns from, oldest first. */
export const monthsLearntFrom = (
  months: readonly MonthAggregate[],
  through: CivilDate,
): readonly MonthAggregate[] => {
  const first = monthOf(addDays(through, -PAST_DAYS));
  return months
    .filter(({ month }) => month >= first && month <= monthOf(through))
    .sort((a, b) => (a.month < b.month ? -1 : 1));
};

/** Names everything that an adaptation depends on, so that learning anew can be spared. */
export const lessonOf = (months: readonly MonthAggregate[], through: CivilDate): string =>
  sha256Of(
    canonicalJson({
      model: MODEL_VERSION,
      through,
      months: monthsLearntFrom(months, through).map(({ month, daysHash }) => [month, daysHash]),
    }),
  );

/** Learns from the ledger; of `before`, only what is still true of it is used, to spare work. */
export const learnt = (
  past: Past,
  { fence, madeFrom }: Pick<Adaptation, 'fence' | 'madeFrom'>,
  before: Adaptation | undefined,
): Adaptation => {
  const origins = pastOrigins(past, before?.origins);
  const resolved = origins.flatMap((origin) => origin.resolved);
  return {
    version: MODEL_VERSION,
    fence,
    madeFrom,
    exponents: exponentsOn(resolved, past.through),
    origins,
  };
};
