/** What the govern function must know of the policy; infra writes it into that function's environment as JSON. */
export interface PolicySettings {
  /** The tenant whose runway the Auto Scaling groups of this account follow. */
  readonly tenant: string;
  /** p5 below this begins conserving. */
  readonly enterDays: number;
  /** p5 below this is critical. */
  readonly criticalDays: number;
  /** p5 above this restores. */
  readonly restoreDays: number;
  /** Instances below which nothing is recommended for a production group. */
  readonly protectedMin: number;
  /** Flap budget: changes of one group in any seven days. */
  readonly changesPerWeekMax: number;
  /** Whether groups that their owner tagged for it may move to spot instances; takes a right of its own. */
  readonly spotShift: boolean;
}

/** The AWS budget that follows the stance. */
export interface BudgetSettings {
  readonly accountId: string;
  readonly name: string;
  /** In NORMAL; whole dollars. */
  readonly monthlyUsd: number;
}
