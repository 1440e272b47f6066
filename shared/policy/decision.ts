import type { Mode } from './mode.ts';
import type { Sizes } from './sizes.ts';
import type { Stance } from './stance.ts';

/** One recorded intention about one group, as it is stored and served. Never changed: what follows it is a new one. */
export interface Decision {
  /** Hex; equal for equal forecast inputs, stance, group, target and predecessor. */
  readonly decision_id: string;
  /** `planned` waits for `not_before`; `withdrawn` says that the decision it supersedes is no longer meant. */
  readonly status: 'planned' | 'withdrawn';
  readonly group: string;
  readonly environment: string;
  readonly stance: Stance;
  readonly from: Sizes;
  /** Equal to `from` where a plan is withdrawn. */
  readonly to: Sizes;
  /** What the group returns to when the runway is long again. */
  readonly baseline: Sizes;
  readonly reason: string;
  readonly planned_at: string;
  readonly not_before: string;
  /** The mode this was decided under. */
  readonly mode: Mode;
  /** The plan of the same group that this one ends, if one stood. */
  readonly supersedes: string | null;
  readonly forecast: {
    /** Null beyond the horizon. */
    readonly p5_days: number | null;
    readonly standard_error_days: number | null;
    readonly as_of: string;
    readonly inputs_hash: string;
    readonly model_version: string;
  };
}
