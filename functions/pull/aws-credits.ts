import { takenBy } from '../../shared/cloud/credits.ts';
import type { AwsAccount } from '../../shared/contract/tenant.ts';
import type { StatementBodies } from '../../shared/event/statement.ts';
import { tellLots } from '../../shared/fetch/credit-lots.ts';
import type { FetchedFor, KeepDeps } from '../../shared/fetch/fetched.ts';
import { snapshotOf } from '../../shared/fetch/snapshot.ts';
import { monthsOf } from '../../shared/ledger/range.ts';
import { AWS, costKeyPrefix } from '../../shared/providers/aws-costs/costs.ts';
import { addDays, type CivilDate } from '../../shared/time/civil-date.ts';

/** Bills of a year are read, so what was left longer ago is not known to the day. */
const LOOK_BACK_DAYS = 365;

/** Tells what is left of the credits at AWS, by the credits that its bills took since their day. */
export const tellAwsCredits = async (
  deps: KeepDeps,
  of: FetchedFor & { readonly aws: AwsAccount },
  today: CivilDate,
): Promise<void> => {
  const { aws, settings } = of;
  const earliest = aws.credits.map(({ asOf }) => asOf).toSorted()[0] ?? today;
  const limit = addDays(today, -LOOK_BACK_DAYS);
  const from = (earliest > limit ? earliest : limit) as CivilDate;
  const { stated } = await snapshotOf(deps, settings, 'cost', monthsOf({ from, to: today }));
  const costs = stated()
    .filter(({ key }) => key.startsWith(costKeyPrefix(aws)))
    .map(({ date, body }) => ({ date, body: JSON.parse(body ?? '{}') as StatementBodies['cost'] }));
  await tellLots(deps, of, {
    provider: AWS,
    prefix: `awscred:${aws.payer}:`,
    grants: aws.credits,
    taken: takenBy(AWS, costs),
    today,
  });
};
