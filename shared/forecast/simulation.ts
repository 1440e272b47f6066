/**
 * Types of the simulation engine. Money is float64 here and nowhere else, in one unit of the caller's choice: where certain
 * amounts are whole numbers of it (cents, say) and below 2^53, the engine sums them exactly. Days are 1..horizonDays.
 */

/** Undeclared daily net cash flow; negative burns. `std` is the standard deviation of the daily flow for every kind. */
export type Residual =
  | { readonly kind: 'normal'; readonly dailyMean: number; readonly dailyStd: number }
  | { readonly kind: 'student_t'; readonly dailyMean: number; readonly dailyStd: number; readonly df: number }
  /** Circular blocks of `block` consecutive values, used raw. */
  | { readonly kind: 'bootstrap'; readonly values: Float64Array; readonly block: number };

export type Delay =
  | { readonly kind: 'none' }
  | { readonly kind: 'fixed'; readonly days: number }
  /** Gamma by mean and standard deviation in days, floored to whole days; none at all with a chance of `on_time`. */
  | { readonly kind: 'gamma'; readonly mean: number; readonly std: number; readonly on_time?: number };

export interface SimulationInput {
  readonly horizonDays: number;
  /** 1 to 2^24 - 1. */
  readonly paths: number;
  /** Integer from 0 to 2^53 - 1. */
  readonly seed: number;
  /** Cash above the minimum at the end of day 0. */
  readonly openingCash: number;
  /** Certain flows; element d-1 is day d; length horizonDays. */
  readonly scheduled: Float64Array;
  readonly residual: Residual;
  /** Per-path shift of every day's residual: std times a Student-t draw. Absent where the level is known. */
  readonly level?: { readonly std: number; readonly df: number };
  /** One independent normal draw of this std on that day. */
  readonly jitters: readonly { readonly day: number; readonly std: number }[];
  readonly tranches: readonly {
    readonly day: number;
    readonly amount: number;
    readonly probability: number;
    readonly delay: Delay;
  }[];
}

export interface Simulation {
  readonly horizonDays: number;
  readonly paths: number;
  /** Element d: paths whose cash first was at or below the minimum at the end of day d; element 0 is 0. */
  readonly depletions: Uint32Array;
  /** Per path: lowest end-of-day cash above the minimum over days 1..horizonDays, and its first day. */
  readonly lowestCash: Float64Array;
  readonly lowestCashDay: Int32Array;
  /** End-of-day cash above the minimum over paths, type 1; element k is day `days[k]`. Absent unless asked for. */
  readonly cashBand?: {
    readonly days: Int32Array;
    readonly p5: Float64Array;
    readonly p50: Float64Array;
    readonly p95: Float64Array;
  };
  /**
   * Per path and day n of `days`, element `k * paths + path`: the highest whole opening cash with which its runway is below n.
   * Absent unless asked for; `required-cash.ts` reads it.
   */
  readonly runwayPrices?: { readonly days: Int32Array; readonly perPath: Float64Array };
}
