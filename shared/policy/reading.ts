import type { ReconciliationStatus } from '../reconciliation/status.ts';
import type { Decision } from './decision.ts';
import type { Mode } from './mode.ts';
import type { P5Reading } from './stance.ts';

/** A forecast as far as the policy looks at it. */
export interface ForecastReading extends P5Reading {
  readonly evidence: NonNullable<Decision['forecast']>;
}

/** A forecast older than this says nothing about today: a day, and two hours for what was late. */
const FORECAST_AGE_MS_MAX = 26 * 3_600_000;
/** Books that nobody compared for longer say nothing about today either: a day, and half of one for what was late. */
const RECONCILIATION_AGE_MS_MAX = 36 * 3_600_000;

/** The part of the runway document that counts here. Nothing of it is believed before it was looked at. */
interface RunwayDocument {
  readonly status?: unknown;
  readonly as_of?: unknown;
  readonly computed_at?: unknown;
  readonly p5_days?: unknown;
  readonly standard_error_days?: { readonly p5?: unknown };
  readonly censored?: { readonly p5?: unknown };
  readonly inputs?: { readonly hash?: unknown };
  readonly model?: { readonly version?: unknown };
  readonly trust?: { readonly partial?: unknown; readonly paused?: unknown; readonly conflicts?: unknown };
}

const parse = (document: string): RunwayDocument | undefined => {
  try {
    const parsed: unknown = JSON.parse(document);
    return typeof parsed === 'object' && parsed !== null ? parsed : undefined;
  } catch {
    return undefined;
  }
};

const days = (value: unknown): number | undefined =>
  typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : undefined;

/** p5 with its error: nought where the cash is gone already, null beyond the horizon, undefined where neither is said. */
const p5Of = ({ status, p5_days, standard_error_days, censored }: RunwayDocument): P5Reading | undefined => {
  if (status === 'out_of_cash') return { p5Days: 0, standardErrorDays: 0 };
  if (p5_days === null && censored?.p5 === true) return { p5Days: null, standardErrorDays: null };
  const p5Days = days(p5_days);
  const standardErrorDays = days(standard_error_days?.p5);
  return p5Days === undefined || standardErrorDays === undefined ? undefined : { p5Days, standardErrorDays };
};

/** The forecast that is stored for the tenant; undefined where its figures cannot be read. */
const readingOf = (document: RunwayDocument): ForecastReading | undefined => {
  const p5 = p5Of(document);
  const { as_of: asOf, inputs, model } = document;
  const [hash, version] = [inputs?.hash, model?.version];
  if (p5 === undefined || typeof asOf !== 'string' || typeof hash !== 'string' || typeof version !== 'string')
    return undefined;
  return {
    ...p5,
    evidence: {
      p5_days: p5.p5Days,
      standard_error_days: p5.standardErrorDays,
      as_of: asOf,
      inputs_hash: hash,
      model_version: version,
    },
  };
};

const ageReasons = (computedAt: unknown, nowMs: number): readonly string[] => {
  const computedMs = typeof computedAt === 'string' ? Date.parse(computedAt) : Number.NaN;
  if (Number.isNaN(computedMs)) return ['the forecast does not say when it was computed'];
  return nowMs - computedMs > FORECAST_AGE_MS_MAX ? ['the forecast is older than 26 hours'] : [];
};

const trustReasons = ({ status, trust }: RunwayDocument): readonly string[] => {
  if (trust === undefined) return ['the forecast does not say how far to trust it'];
  const { partial, paused, conflicts } = trust;
  return [
    ...(paused === true || status === 'paused' ? ['the forecast is paused by reconciliation'] : []),
    ...(partial === true ? ['the forecast is partial: some of the money is not in it'] : []),
    ...(typeof conflicts === 'number' && conflicts > 0 ? ['facts told in two ways wait for review'] : []),
  ];
};

/** What reconciliation says against acting; a tenant for which nothing can be compared has no status. */
const reconciliationReasons = (
  reconciliation: ReconciliationStatus | undefined,
  nowMs: number,
): readonly string[] => {
  if (reconciliation === undefined) return [];
  const { paused, reasons, checkedAt } = reconciliation;
  return [
    ...(paused ? ['reconciliation has paused the figures', ...reasons] : []),
    ...(nowMs - Date.parse(checkedAt) > RECONCILIATION_AGE_MS_MAX
      ? ['the books were last reconciled more than 36 hours ago']
      : []),
  ];
};

/** Either a forecast to act on, or every reason to leave all as it is. */
export type Grounds =
  | { readonly reading: ForecastReading; readonly hold?: undefined }
  | { readonly reading?: undefined; readonly hold: readonly string[] };

/**
 * What the stored forecast is good for. Reasons name no figure that changes by the hour, so that an unchanged hold looks
 * unchanged.
 */
export const groundsOf = (
  mode: Mode,
  document: string | undefined,
  nowMs: number,
  reconciliation?: ReconciliationStatus,
): Grounds => {
  const off = [
    ...(mode === 'off' ? ['the policy mode is off'] : []),
    ...reconciliationReasons(reconciliation, nowMs),
  ];
  if (document === undefined) return { hold: [...off, 'there is no forecast yet'] };
  const runway = parse(document);
  if (runway === undefined) return { hold: [...off, 'the forecast cannot be read'] };
  const doubts = [...off, ...ageReasons(runway.computed_at, nowMs), ...trustReasons(runway)];
  if (runway.status === 'insufficient_data')
    return { hold: [...doubts, 'there is too little data for a forecast'] };
  const reading = readingOf(runway);
  if (reading === undefined) return { hold: [...doubts, 'the forecast cannot be read'] };
  return doubts.length > 0 ? { hold: doubts } : { reading };
};
