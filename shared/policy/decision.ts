import type { CostEffect } from './cost.ts';
import type { Mode } from './mode.ts';
import type { Sizes } from './sizes.ts';
import type { Stance } from './stance.ts';

/** One recorded intention about one group, as it is stored and served. Never changed: what follows it is a new one. */
export interface Decision {
  /** Hex; equal for equal forecast inputs, stance, group, target and predecessor. */
  readonly decision_id: string;
  /**
   * `planned` waits for `not_before`; `recommended` is about production and waits for a person; `withdrawn` says that the
   * decision it supersedes is no longer meant; `released` that another hand changed the group, which is left alone since.
   */
  readonly status: 'planned' | 'recommended' | 'withdrawn' | 'released';
  readonly group: string;
  readonly environment: string;
  readonly stance: Stance;
  readonly from: Sizes;
  /** Equal to `from` where nothing is to change. */
  readonly to: Sizes;
  /** What the group returns to when the runway is long again. */
  readonly baseline: Sizes;
  readonly reason: string;
  readonly planned_at: string;
  readonly not_before: string;
  /** The last moment at which a recommendation can be approved; null for what needs no approval. */
  readonly expires_at: string | null;
  /** Who asked for it; null where the runway did. */
  readonly ordered_by: string | null;
  /** The mode this was decided under. */
  readonly mode: Mode;
  /** The plan of the same group that this one ends, if one stood. */
  readonly supersedes: string | null;
  readonly expected: Expected;
  readonly forecast: {
    /** Null beyond the horizon. */
    readonly p5_days: number | null;
    readonly standard_error_days: number | null;
    readonly as_of: string;
    readonly inputs_hash: string;
    readonly model_version: string;
  } | null;
}

export interface Expected {
  readonly cost: CostEffect;
  /** p5 before and after everything that was planned in the same run together; null where that was not worked out. */
  readonly p5_days: { readonly before: number; readonly after: number } | null;
}

/** What became of a decision; one for each change that was made or refused. */
export interface Outcome {
  readonly decision_id: string;
  /** Of the decision, which orders outcomes as it orders decisions. */
  readonly planned_at: string;
  readonly at: string;
  /**
   * `applied` as meant, `differs` where the group stands otherwise than was asked for, `failed` where nothing changed;
   * `approved` and `lapsed` say what came of an approval.
   */
  readonly status: 'applied' | 'differs' | 'failed' | 'approved' | 'lapsed';
  readonly before?: Sizes;
  readonly requested?: Sizes;
  readonly after?: Sizes;
  /** Who approved. */
  readonly by?: string;
  readonly reason?: string;
}
