import type { BillingCredits } from '../../shared/aws/billing-credits.ts';
import { takenBy } from '../../shared/cloud/credits.ts';
import type { AwsAccount, CreditGrant } from '../../shared/contract/tenant.ts';
import type { StatementBodies } from '../../shared/event/statement.ts';
import { tellLots } from '../../shared/fetch/credit-lots.ts';
import type { FetchedFor, KeepDeps } from '../../shared/fetch/fetched.ts';
import { snapshotOf } from '../../shared/fetch/snapshot.ts';
import { monthsOf } from '../../shared/ledger/range.ts';
import { AWS, costKeyPrefix } from '../../shared/providers/aws-costs/costs.ts';
import { readCredits } from '../../shared/providers/aws-costs/credits.ts';
import { addDays, type CivilDate } from '../../shared/time/civil-date.ts';

/** Bills of a year are read, so what was left longer ago is not known to the day. */
const LOOK_BACK_DAYS = 365;

export interface AwsCreditDeps extends KeepDeps {
  readonly awsCredits: BillingCredits;
}

/**
 * The lots that there are: those of the configuration, whose owner knows better, else those that AWS tells of. Where it tells
 * nobody, there are none; undefined where it may do so later.
 */
const grantsOf = async (
  { awsCredits }: AwsCreditDeps,
  { aws, settings: { tenant }, context }: FetchedFor & { readonly aws: AwsAccount },
  today: CivilDate,
): Promise<readonly CreditGrant[] | undefined> => {
  if (aws.credits.length > 0) return aws.credits;
  const answer = await awsCredits.credits(aws.payer, context.nowMs);
  const where = { tenant, payer: aws.payer };
  if (answer.outcome !== 'credits') {
    context.log.warn('AWS did not say what is left of credits: name them in aws.credits, if there are any', {
      ...where,
      reason: answer.reason,
    });
    return answer.outcome === 'refused' ? [] : undefined;
  }
  const { grants, unreadable } = readCredits(answer.credits, today);
  if (unreadable.length > 0)
    context.log.warn('credits of AWS are not understood: name them in aws.credits', { ...where, unreadable });
  return grants;
};

/**
 * Tells what is left of the credits at AWS, by the credits that its bills took since their day.
 * @returns whether it could be told.
 */
export const tellAwsCredits = async (
  deps: AwsCreditDeps,
  of: FetchedFor & { readonly aws: AwsAccount },
  today: CivilDate,
): Promise<boolean> => {
  const { aws, settings } = of;
  const grants = await grantsOf(deps, of, today);
  if (grants === undefined) return false;
  const earliest = grants.map(({ asOf }) => asOf).toSorted()[0] ?? today;
  const limit = addDays(today, -LOOK_BACK_DAYS);
  const from = (earliest > limit ? earliest : limit) as CivilDate;
  const { stated } = await snapshotOf(deps, settings, 'cost', monthsOf({ from, to: today }));
  const costs = stated()
    .filter(({ key }) => key.startsWith(costKeyPrefix(aws)))
    .map(({ date, body }) => ({ date, body: JSON.parse(body ?? '{}') as StatementBodies['cost'] }));
  await tellLots(deps, of, {
    provider: AWS,
    prefix: `awscred:${aws.payer}:`,
    grants,
    taken: takenBy(AWS, costs),
    today,
  });
  return true;
};
