import { SCOPES } from '../../shared/contract/names.ts';

/** What an access token says beyond who its bearer is. */
export interface AccessClaims {
  readonly claimsToAddOrOverride: Record<string, string>;
  readonly scopesToAdd: string[];
}

/**
 * Claims of one user: the tenant an administrator made the user for, and a scope for each group of that name.
 * A user without tenant gets neither, so no route opens.
 */
export const accessClaims = (
  attributes: Readonly<Record<string, string | undefined>>,
  groups: readonly string[],
): AccessClaims => {
  const tenant = attributes['custom:tenant'];
  if (tenant === undefined || tenant === '') return { claimsToAddOrOverride: {}, scopesToAdd: [] };
  return {
    claimsToAddOrOverride: { tenant },
    scopesToAdd: SCOPES.filter((scope) => groups.includes(scope)),
  };
};
