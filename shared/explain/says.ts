import { canonicalJson } from '../canonical/canonical.ts';
import type { RunwayForecast, RunwayInput } from '../model/runway.ts';
import { decimalOf, type Minor } from '../money/money.ts';
import type { PlanItem } from '../scenario/items.ts';
import { daysBetween } from '../time/civil-date.ts';
import type { Driver } from './attribution.ts';
import { cashAt } from './driver.ts';
import type { Explanation } from './explanation.ts';

/** What is told of the older forecast, beside its numbers. */
export interface Older {
  readonly input: RunwayInput;
  readonly modelVersion: string;
}

const NAMED_MAX = 5;

const money = (minor: Minor, { currency }: RunwayInput): string =>
  `${decimalOf(minor, currency)} ${currency}`;

const named = (names: readonly string[]): string =>
  names.length > NAMED_MAX
    ? `${names.slice(0, NAMED_MAX).join(', ')} and ${names.length - NAMED_MAX} more`
    : names.join(', ');

const nameOf = (item: PlanItem): string => item.label ?? item.id ?? item.kind;

/** By id where there is one; items without are the same where all of them is. */
const identityOf = (item: PlanItem): string => item.id ?? canonicalJson(item);

const planChange = (from: RunwayInput, to: RunwayInput, ...kinds: readonly PlanItem['kind'][]): string => {
  const of = ({ plan }: RunwayInput): ReadonlyMap<string, PlanItem> =>
    new Map(plan.items.filter(({ kind }) => kinds.includes(kind)).map((item) => [identityOf(item), item]));
  const [before, after] = [of(from), of(to)];
  const added = [...after].filter(([id]) => !before.has(id)).map(([, item]) => nameOf(item));
  const removed = [...before].filter(([id]) => !after.has(id)).map(([, item]) => nameOf(item));
  const restated = [...after]
    .filter(([id, item]) => before.has(id) && canonicalJson(before.get(id)) !== canonicalJson(item))
    .map(([, item]) => nameOf(item));
  const parts = [
    added.length > 0 && `now planned: ${named(added)}`,
    removed.length > 0 && `no longer planned: ${named(removed)}`,
    restated.length > 0 && `planned otherwise: ${named(restated)}`,
  ].filter((part) => part !== false);
  return parts.length === 0 ? 'the plan is read otherwise' : parts.join('; ');
};

const daysText = (days: number): string => (days === 1 ? '1 day' : `${days} days`);

const timeSays = (older: RunwayInput, passed: RunwayInput): string =>
  `${daysText(daysBetween(older.asOf, passed.asOf))} went by; the older forecast expected cash of ${money(passed.balanceMinor, passed)} by now, from ${money(older.balanceMinor, older)}`;

const balanceSays = (passed: RunwayInput, newer: RunwayInput): string => {
  const moreMinor = cashAt(newer, passed).balanceMinor - passed.balanceMinor;
  if (moreMinor === 0n) return 'cash is as expected; what is due today is not';
  const gap = money(moreMinor < 0n ? -moreMinor : moreMinor, newer);
  return `cash is ${money(newer.balanceMinor, newer)}: ${gap} ${moreMinor < 0n ? 'less' : 'more'} than expected by now`;
};

const ratesSays = ({ foreign: before = [] }: RunwayInput, newer: RunwayInput): string =>
  (newer.foreign ?? [])
    .filter(({ currency }) => before.some((each) => each.currency === currency))
    .map(
      ({ currency, worthMinor }) =>
        `the ${currency} held is worth ${money(worthMinor, newer)} at today’s rate`,
    )
    .join('; ');

const levelSays = (before: RunwayForecast, after: RunwayForecast): string => {
  const rate = ({ burn, currency }: RunwayForecast): string =>
    burn === null ? 'not known' : `${burn.netDailyMean} ${currency} a day`;
  if (before.burn === null && after.burn === null) return 'too little is known for a pattern, then as now';
  return `the pattern was fitted anew: net burn was ${rate(before)} and is ${rate(after)}`;
};

const settingsSays = (passed: RunwayInput, newer: RunwayInput): string => {
  const [before, after] = [passed, newer].map((input) => new Map<string, unknown>(Object.entries(input)));
  const names = [...new Set([...(before?.keys() ?? []), ...(after?.keys() ?? [])])].filter(
    (name) =>
      ![
        'asOf',
        'balanceMinor',
        'days',
        'historyThrough',
        'historyFrom',
        'plan',
        'expected',
        'foreign',
        'adaptation',
      ].includes(name) &&
      canonicalJson(before?.get(name) ?? null) !== canonicalJson(after?.get(name) ?? null),
  );
  return `other settings: ${names.join(', ')}`;
};

/** What a driver stands for in this explanation, as the rest of a sentence. */
export const says = (
  driver: Driver,
  older: Older,
  newer: RunwayInput,
  { passed, recomputed, current }: Explanation,
): string => {
  switch (driver) {
    case 'model':
      return `the model is ${current.model.version}, it was ${older.modelVersion}`;
    case 'time':
      return timeSays(older.input, passed);
    case 'balance':
      return balanceSays(passed, newer);
    case 'rates':
      return ratesSays(passed, newer);
    case 'level':
      return levelSays(recomputed, current);
    case 'schedule':
      return planChange(passed, newer, 'scheduled', 'recurring');
    case 'tranche':
      return planChange(passed, newer, 'tranche');
    case 'credit':
      return planChange(passed, newer, 'credit');
    case 'calibration':
      return 'how wide the intervals are was learnt anew from how earlier forecasts came out';
    case 'settings':
      return settingsSays(passed, newer);
  }
};
