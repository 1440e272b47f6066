/** What the owner asked of the policy; the next run takes it up, once. */
export type Intent = RestoreIntent | ApprovalIntent;

interface Asked {
  readonly id: string;
  readonly at: string;
  /** Subject of the token. */
  readonly by: string;
}

/** Give groups their sizes back whatever the runway says, and leave them alone until it is long again. */
export interface RestoreIntent extends Asked {
  readonly kind: 'restore';
  /** Null: all that were made smaller. */
  readonly groups: readonly string[] | null;
}

/** Whoever approves names what they read by its digest. */
export interface ApprovalIntent extends Asked {
  readonly kind: 'approval';
  readonly decision: string;
  readonly digest: string;
}
