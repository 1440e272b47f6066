import type { TenantSettings } from '../contract/tenant.ts';
import { doubts } from '../explain/doubts.ts';
import { MAX_AGE_DAYS } from '../fx/rates.ts';
import { runwayNumbers } from '../model/body.ts';
import { CALIBRATION } from '../model/calibration/constants.ts';
import { forecastRunway, type RunwayForecast, type RunwayInput } from '../model/runway.ts';
import { decimalOf } from '../money/money.ts';
import { isoInstant } from '../time/instant.ts';
import { accountingDay, baseCurrency } from './accounting.ts';
import { besideNumbers } from './beside-body.ts';
import { fenceOf } from './fence.ts';
import { type LedgerView, ledgerView } from './ledger-view.ts';
import { runwayInputOf } from './live-input.ts';

/** A runway as it is stored, cached and read, with the numbers that metrics are made of. */
export interface Runway {
  readonly fence: string;
  readonly document: string;
  /**
   * The model's whole input: as a document (`documentOf`) it can be kept, and the forecast be made again from it, and varied.
   * Not yet one here, because nobody who waits for the forecast waits for that.
   */
  readonly input: RunwayInput;
  readonly forecast: RunwayForecast;
}

const plural = (count: number, one: string, many: string): string => `${count} ${count === 1 ? one : many}`;

/** What a reader must know before trusting the number, as sentences. */
const reservations = (view: LedgerView): readonly string[] => {
  const reasons: string[] = [];
  for (const { currency, amountMinor, lastRate } of view.unvalued)
    reasons.push(
      `${currency} ${decimalOf(amountMinor, currency)} is held but not valued: ${
        lastRate === undefined
          ? 'no exchange rate is known'
          : `the last exchange rate is of ${lastRate}, more than ${MAX_AGE_DAYS} days ago`
      }`,
    );
  for (const { currency, days, first, last } of view.unvaluedDays)
    reasons.push(
      `what moved in ${currency} on ${plural(days, 'day', 'days')} from ${first} to ${last} is not in the burn: these days have no exchange rate`,
    );
  if (view.conflicts > 0)
    reasons.push(
      `${plural(view.conflicts, 'fact was', 'facts were')} told in two ways: the first telling counts, the other waits for review`,
    );
  if (view.quarantined > 0)
    reasons.push(
      `${plural(view.quarantined, 'authentic delivery was', 'authentic deliveries were')} not understood and wait for review`,
    );
  return [...reasons, ...view.attention];
};

const latestOf = (instants: readonly string[]): string | null =>
  instants.reduce<string | null>((latest, at) => (latest === null || at > latest ? at : latest), null);

const sourcesOf = (view: LedgerView): { source: string; as_of: string }[] =>
  Object.entries(view.latest)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([source, asOf]) => ({ source, as_of: asOf }));

/** What the intervals were widened by: the constants, and what the tenant's own past has taught. */
const calibrationOf = ({ adaptation }: LedgerView, exponents: RunwayInput['adaptation']) => ({
  version: CALIBRATION.version,
  exponents: exponents ?? null,
  outcomes:
    exponents === undefined ? 0 : (adaptation?.origins.flatMap(({ resolved }) => resolved).length ?? 0),
});

/** Computes the runway of one tenant from its aggregates, at an instant. */
export const runwayOf = (tenant: TenantSettings, view: LedgerView, nowMs: number): Runway => {
  const input = runwayInputOf(tenant, view, nowMs);
  const forecast = forecastRunway(input);
  const partial = reservations(view);
  const sources = sourcesOf(view);
  const numbers = runwayNumbers(forecast);
  const document = {
    tenant: tenant.tenant,
    ...numbers,
    model: { ...numbers.model, calibration: calibrationOf(view, input.adaptation) },
    /** The deviation that alerts go by, beside that of a day's net flow. */
    burn: { ...numbers.burn, long_run_daily_std: forecast.burn?.longRunDailyStd ?? null },
    ...besideNumbers(view),
    computed_at: isoInstant(nowMs),
    inputs: {
      ...numbers.inputs,
      events_through: latestOf(sources.map((source) => source.as_of)),
      estimated_events: view.estimatedCount,
      sources,
    },
    trust: {
      partial: partial.length > 0,
      paused: false,
      conflicts: view.conflicts,
      reasons: [...forecast.reasons, ...doubts(input, forecast), ...partial, ...view.notes],
    },
  };
  return {
    fence: fenceOf(input.asOf, view.rows),
    document: JSON.stringify(document),
    input,
    forecast,
  };
};

/** The runway document of a tenant that no forecast was stored for: an empty ledger, said as such. */
export const emptyRunway = (tenant: TenantSettings, nowMs: number): string =>
  runwayOf(
    tenant,
    ledgerView({ months: [], plan: undefined, review: undefined }, [], baseCurrency(tenant), {
      settings: tenant,
      asOf: accountingDay(tenant, nowMs),
      payouts: [],
      commitments: [],
    }),
    nowMs,
  ).document;
