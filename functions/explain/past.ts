import type { ForecastHistory, ToldForecast } from '../../shared/aws/forecast-history.ts';
import type { LiveReading } from '../../shared/aws/live-view.ts';
import { parseDocument } from '../../shared/canonical/document.ts';
import type { TenantSettings } from '../../shared/contract/tenant.ts';
import { shownNumbers } from '../../shared/explain/attribution.ts';
import type { OlderForecast } from '../../shared/explain/explanation.ts';
import { reconstructed } from '../../shared/explain/reconstruct.ts';
import type { RunwayNumbers } from '../../shared/model/body.ts';
import { MODEL_VERSION, type RunwayInput } from '../../shared/model/runway.ts';
import { addDays, type CivilDate } from '../../shared/time/civil-date.ts';

export interface PastDeps extends LiveReading {
  readonly history: Pick<ForecastHistory, 'on' | 'between'>;
}

/** A forecast of some day, and how it is known. */
export interface PastForecast extends OlderForecast {
  readonly modelVersion: string;
  /** `kept`: as it was told on that day. `reconstructed`: from what the ledger says of that day now. `live`: now. */
  readonly basis: 'kept' | 'reconstructed' | 'live';
  /** Instant of the telling; null for one that never was told. */
  readonly computedAt: string | null;
}

type Document = RunwayNumbers & { readonly computed_at: string };

const kept = ({ document, inputs }: ToldForecast): PastForecast => {
  const told = JSON.parse(document) as Document;
  const { status, p5_days: p5, p50_days: p50, p95_days: p95, survival_curve: survivalCurve } = told;
  return {
    input: parseDocument<RunwayInput>(inputs),
    shown: shownNumbers({ status, days: { p5, p50, p95 }, survivalCurve }),
    modelVersion: told.model.version,
    basis: 'kept',
    computedAt: told.computed_at,
  };
};

/** The forecast of a past day: as it was told, or else made again from the live input; undefined before the ledger begins. */
export const pastForecast = async (
  deps: PastDeps,
  tenant: TenantSettings,
  live: RunwayInput,
  date: CivilDate,
): Promise<PastForecast | undefined> => {
  const told = await deps.history.on(tenant.tenant, date);
  if (told !== undefined) return kept(told);
  const input = reconstructed(live, date);
  return input && { input, modelVersion: MODEL_VERSION, basis: 'reconstructed', computedAt: null };
};

/** How far back a forecast is looked for that is older than another. */
const LOOK_BACK_DAYS = 31;

/** The last day before `date` of which a forecast is kept, or else the day before. */
export const dayBefore = async (deps: PastDeps, tenant: string, date: CivilDate): Promise<CivilDate> => {
  const days = await deps.history.between(tenant, addDays(date, -LOOK_BACK_DAYS), addDays(date, -1));
  return days.at(-1)?.date ?? addDays(date, -1);
};
