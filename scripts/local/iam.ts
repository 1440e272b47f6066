/** Decides requests by the synthesised policies: what no statement allows is denied, and a deny wins. */
import { ACCOUNT, REGION } from './attributes.ts';
import {
  type ConditionBlock,
  type ConditionContext,
  conditionsHold,
  matchesWildcard,
} from './iam-conditions.ts';
import type { Access } from './service.ts';

export interface Statement {
  readonly Sid?: string;
  readonly Effect: string;
  readonly Action?: string | readonly string[];
  readonly NotAction?: string | readonly string[];
  readonly Resource?: string | readonly string[];
  readonly NotResource?: string | readonly string[];
  readonly Principal?: unknown;
  readonly NotPrincipal?: unknown;
  readonly Condition?: ConditionBlock;
}

export interface Policy {
  readonly name: string;
  readonly statements: readonly Statement[];
}

export interface Principal {
  readonly roleArn: string;
  /** Attached to the role. */
  readonly policies: readonly Policy[];
}

export type Verdict = { readonly allowed: true } | { readonly allowed: false; readonly reason: string };

const asList = (value: string | readonly string[] | undefined): readonly string[] =>
  value === undefined ? [] : typeof value === 'string' ? [value] : value;

const matchesAction = (patterns: readonly string[], action: string): boolean =>
  patterns.some((pattern) => matchesWildcard(pattern.toLowerCase(), action.toLowerCase()));

const matchesResource = (patterns: readonly string[], resource: string): boolean =>
  patterns.some((pattern) => matchesWildcard(pattern, resource));

/** Naming the whole account denies all its roles, but allows none: that only delegates to the roles' own policies. */
const matchesPrincipal = (principal: unknown, roleArn: string, effect: string): boolean => {
  if (principal === '*') return true;
  if (typeof principal !== 'object' || principal === null || !('AWS' in principal)) return false;
  const account = effect === 'Deny' ? [ACCOUNT, `arn:aws:iam::${ACCOUNT}:root`] : [];
  return asList(principal.AWS as string | string[]).some((each) => ['*', roleArn, ...account].includes(each));
};

/** Action, resource and principal; the condition comes after. A policy on a resource names principals, a role's does not. */
const concerns = (statement: Statement, access: Access, roleArn: string, onResource: boolean): boolean => {
  const action = statement.NotAction
    ? !matchesAction(asList(statement.NotAction), access.action)
    : matchesAction(asList(statement.Action), access.action);
  if (!action) return false;
  const resource = statement.NotResource
    ? !matchesResource(asList(statement.NotResource), access.resource)
    : matchesResource(asList(statement.Resource), access.resource);
  if (!resource) return false;
  if (!onResource) return true;
  return statement.NotPrincipal
    ? !matchesPrincipal(statement.NotPrincipal, roleArn, 'Deny')
    : matchesPrincipal(statement.Principal, roleArn, statement.Effect);
};

/** Requests over loopback count as encrypted: there is no wire to listen on. */
const contextOf = (access: Access, roleArn: string): ConditionContext => ({
  'aws:PrincipalArn': roleArn,
  'aws:PrincipalAccount': ACCOUNT,
  'aws:ResourceAccount': ACCOUNT,
  'aws:PrincipalIsAWSService': 'false',
  'aws:ViaAWSService': 'false',
  'aws:RequestedRegion': REGION,
  'aws:SecureTransport': 'true',
  ...access.context,
});

/**
 * @param resourcePolicies policies attached to the resource itself: a bucket's, a queue's, a table's.
 */
export const decide = (
  principal: Principal,
  resourcePolicies: readonly Policy[],
  access: Access,
): Verdict => {
  const context = contextOf(access, principal.roleArn);
  const question = `${access.action} on ${access.resource}`;
  let allowed = false;
  for (const [policies, onResource] of [
    [principal.policies, false],
    [resourcePolicies, true],
  ] as const) {
    for (const { name, statements } of policies) {
      for (const statement of statements) {
        if (!concerns(statement, access, principal.roleArn, onResource)) continue;
        const outcome = conditionsHold(statement.Condition ?? {}, context);
        if ('unknownOperator' in outcome) {
          const operator = outcome.unknownOperator;
          const reason = `${question}: policy ${name} uses condition operator ${operator}, which is not known here`;
          return { allowed: false, reason };
        }
        if (!outcome.held) continue;
        if (statement.Effect === 'Deny') {
          const which = statement.Sid ? `statement ${statement.Sid} of ` : '';
          return { allowed: false, reason: `${question}: explicitly denied by ${which}policy ${name}` };
        }
        if (statement.Effect === 'Allow') allowed = true;
      }
    }
  }
  return allowed ? { allowed } : { allowed, reason: `${question}: no policy of the role allows it` };
};
