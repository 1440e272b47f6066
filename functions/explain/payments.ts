import { effectiveFacts } from '../../shared/aggregate/day.ts';
import type { LedgerStore } from '../../shared/aws/ledger-store.ts';
import { canonicalJson } from '../../shared/canonical/canonical.ts';
import { atMost } from '../../shared/concurrency/at-most.ts';
import type { TenantSettings } from '../../shared/contract/tenant.ts';
import type { CashFact } from '../../shared/event/fact.ts';
import { bucketKey } from '../../shared/ledger/bucket.ts';
import type { HistoryDay } from '../../shared/model/history.ts';
import type { RunwayInput } from '../../shared/model/runway.ts';
import { addDays, type CivilDate } from '../../shared/time/civil-date.ts';
import type { PastForecast } from './past.ts';

const CONCURRENCY = 16;
/** Days that are read from the ledger; the latest ones, where more have changed. */
const DAYS_MAX = 62;

/** The days whose movements differ between two inputs, as far as both look back. */
const changedDays = (older: RunwayInput, newer: RunwayInput): readonly CivilDate[] => {
  const on = ({ days }: RunwayInput): ReadonlyMap<CivilDate, HistoryDay> =>
    new Map(days.map((day) => [day.date, day]));
  const [before, after] = [on(older), on(newer)];
  const first = [older, newer]
    .map(({ days }) =>
      days.reduce<CivilDate | undefined>(
        (min, { date }) => (min === undefined || date < min ? date : min),
        undefined,
      ),
    )
    .reduce((a, b) => (a === undefined || b === undefined ? undefined : a > b ? a : b));
  if (first === undefined) return [...after.keys()];
  return [...after]
    .filter(([date, day]) => date >= first && canonicalJson(day) !== canonicalJson(before.get(date) ?? null))
    .map(([date]) => date);
};

/** What the ledger took in between two forecasts and dates to a day that the newer one knows. */
export const paymentsBetween = async (
  ledger: Pick<LedgerStore, 'bucketRows'>,
  tenant: TenantSettings,
  older: PastForecast,
  newer: PastForecast,
): Promise<readonly CashFact[]> => {
  const dates = new Set(changedDays(older.input, newer.input));
  for (let date = older.input.asOf; date <= newer.input.asOf; date = addDays(date, 1)) dates.add(date);
  const latest = [...dates]
    .filter((date) => date <= newer.input.asOf)
    .sort()
    .slice(-DAYS_MAX);
  const buckets = latest.flatMap((date) =>
    Array.from({ length: tenant.slices }, (_, slice) =>
      bucketKey({ kind: 'day', tenant: tenant.tenant, date, slice }),
    ),
  );
  const known = older.computedAt;
  const facts: CashFact[] = [];
  await atMost(CONCURRENCY, buckets, async (bucket) => {
    for (const { fact, recordedAt } of effectiveFacts(await ledger.bucketRows(bucket)))
      if (fact.kind === 'cash' && (known === null ? fact.date > older.input.asOf : recordedAt > known))
        facts.push(fact);
  });
  return facts;
};
