import type { CostExplorer, CostRange } from '../../shared/aws/cost-explorer.ts';
import type { AwsAccount, TenantSettings } from '../../shared/contract/tenant.ts';
import { revision } from '../../shared/event/fact.ts';
import { type FetchedFor, noteProgress, recordFetched } from '../../shared/fetch/fetched.ts';
import { takeRequest } from '../../shared/fetch/request-budget.ts';
import { type Snapshot, snapshotOf } from '../../shared/fetch/snapshot.ts';
import type { Invocation } from '../../shared/lambda/invocation.ts';
import { monthsOf } from '../../shared/ledger/range.ts';
import { AWS, AWS_NORMALISER, costKeyPrefix, readCosts } from '../../shared/providers/aws-costs/costs.ts';
import { addDays, type CivilDate, civilDateIn, weekday } from '../../shared/time/civil-date.ts';
import { type AwsCreditDeps, tellAwsCredits } from './aws-credits.ts';

export interface AwsDeps extends AwsCreditDeps {
  readonly costExplorer: CostExplorer;
}

/** Twice a day, a little early because the clock strikes by the hour: AWS has new figures up to three times. */
const READ_EVERY_MS = 11.5 * 3_600_000;
/** What rings asks for figures that are at most this old. */
const RUNG_EVERY_MS = 3_600_000;
const USUAL_DAYS = 35;
/** Once a week back to where a bill may still be restated. */
const RESTATED_MONTHS = 2;
const HISTORY_MONTHS = 12;
const MAX_RESTARTS = 2;
/** What is left of a run when a further month is not begun any more. */
const MONTH_MS = 90_000;

interface Account extends FetchedFor {
  readonly aws: AwsAccount;
}

/** `YYYY-MM-01`, so many months before. */
const monthsBefore = (date: CivilDate, months: number): CivilDate => {
  const [year = 0, month = 0] = date.split('-').map(Number);
  return new Date(Date.UTC(year, month - 1 - months, 1)).toISOString().slice(0, 10) as CivilDate;
};

/** Keeps what is new on a page. */
const keepPage = async (
  deps: AwsDeps,
  account: Account,
  snapshot: Snapshot,
  days: readonly unknown[],
): Promise<void> => {
  const { aws, context } = account;
  const { facts, unreadable, unknown } = readCosts(days, { payer: aws.payer, readMs: context.nowMs });
  if (unknown.length > 0)
    context.log.warn('AWS has record types that are not known here: told as other', {
      tenant: account.settings.tenant,
      types: unknown,
    });
  const news = snapshot.newsIn(facts);
  if (news.length + unreadable.length > 0)
    await recordFetched(deps, account, 'costs', { ResultsByTime: days }, { facts: news, unreadable });
};

/** Every page of a range. @returns whether all of it is in the ledger. */
const readPages = async (
  deps: AwsDeps,
  account: Account,
  range: CostRange,
  snapshot: Snapshot,
): Promise<boolean> => {
  const { settings, context, aws } = account;
  const where = { tenant: settings.tenant, payer: aws.payer, ...range };
  const today = `${AWS}:${aws.payer}:requests:${civilDateIn('UTC', context.nowMs)}`;
  let [page, restarts] = [undefined as string | undefined, 0];
  for (;;) {
    if (!(await takeRequest(deps, account, today, aws.requestsPerDay))) {
      context.log.warn('the day’s requests to Cost Explorer are used up: the rest is read tomorrow', {
        ...where,
        requestsPerDay: aws.requestsPerDay,
      });
      return false;
    }
    const answer = await deps.costExplorer.costs(range, page);
    if (answer.outcome === 'page') {
      await keepPage(deps, account, snapshot, answer.days);
      page = answer.next;
      if (page === undefined) return true;
    } else if (answer.outcome === 'restart' && restarts < MAX_RESTARTS) {
      restarts += 1;
      page = undefined;
    } else {
      const level = answer.outcome === 'refused' ? 'error' : 'warn';
      context.log[level]('Cost Explorer gave no costs', { ...where, reason: answer.reason });
      return false;
    }
  }
};

/** Reads a range whole, and takes back what AWS tells of it no more. */
const readRange = async (
  deps: AwsDeps,
  account: Account,
  range: CostRange,
  feed: string,
  cursor: string,
): Promise<boolean> => {
  const { settings, context, aws } = account;
  const last = { from: range.from, to: addDays(range.before, -1) };
  const snapshot = await snapshotOf(deps, settings, 'cost', monthsOf(last));
  if (!(await readPages(deps, account, range, snapshot))) return false;
  const facts = snapshot.withdrawn(
    ({ key, date }) => key.startsWith(costKeyPrefix(aws)) && date >= range.from && date < range.before,
    revision('final', context.nowMs),
  );
  const document = {
    payer: aws.payer,
    ...range,
    read_at: new Date(context.nowMs).toISOString(),
    withdrawn: facts.map(({ key }) => key),
  };
  const delivery = await recordFetched(deps, account, 'read', document, { facts, unreadable: [] });
  const ordinal = ((await deps.ledger.lastProgress(settings.tenant, feed))?.ordinal ?? 0) + 1;
  await noteProgress(deps, account, feed, ordinal, cursor, delivery);
  return true;
};

/** A year of costs before those first read, month by month, as far as the day's requests and the run's time reach. */
const readHistory = async (deps: AwsDeps, account: Account, today: CivilDate): Promise<void> => {
  const { settings, context, aws } = account;
  const feed = `${AWS}:${aws.payer}:history`;
  const first = monthsBefore(today, HISTORY_MONTHS);
  const read = await deps.ledger.lastProgress(settings.tenant, feed);
  let before = (read?.cursor ?? monthsBefore(today, RESTATED_MONTHS)) as CivilDate;
  while (before > first && context.remainingMs() > MONTH_MS) {
    const from = monthsBefore(addDays(before, -1), 0);
    if (!(await readRange(deps, account, { from, before }, feed, from))) return;
    before = from;
  }
};

/** Tells what is left of credits by the latest reading of the costs, once for each reading. */
const tellCreditsOf = async (
  deps: AwsDeps,
  account: Account,
  read: { readonly ordinal: number } | undefined,
  today: CivilDate,
): Promise<void> => {
  const { settings, context, aws } = account;
  const feed = `${AWS}:${aws.payer}:credits`;
  const told = await deps.ledger.lastProgress(settings.tenant, feed);
  if (read === undefined || read.ordinal <= (told?.ordinal ?? 0)) return;
  if (!(await tellAwsCredits(deps, account, today))) return;
  const document = { payer: aws.payer, told_at: new Date(context.nowMs).toISOString() };
  const nothing = { facts: [], unreadable: [] };
  const delivery = await recordFetched(deps, account, 'credits-told', document, nothing);
  await noteProgress(deps, account, feed, read.ordinal, today, delivery);
};

/**
 * Reads what the cloud cost by day, service and record type, because AWS tells nobody of it: the last five weeks, on Mondays
 * all that may still be restated, at first a year. Its days are days in UTC, and the current one is left to the next reading.
 * @param rung whether something asks for figures of now.
 */
export const sweepAwsCosts = async (
  deps: AwsDeps,
  settings: TenantSettings,
  context: Invocation,
  rung = false,
): Promise<void> => {
  const { aws, tenant } = settings;
  if (aws === undefined) return;
  const account: Account = { settings, source: AWS, normaliser: AWS_NORMALISER, context, aws };
  const feed = `${AWS}:${aws.payer}:costs`;
  const last = await deps.ledger.lastProgress(tenant, feed);
  const ageMs = last === undefined ? Number.POSITIVE_INFINITY : context.nowMs - Date.parse(last.recordedAt);
  const today = civilDateIn('UTC', context.nowMs);
  // A run may have died, or AWS been busy, between the costs and the credits that follow from them.
  if (ageMs < (rung ? RUNG_EVERY_MS : READ_EVERY_MS)) return tellCreditsOf(deps, account, last, today);
  const isWide = last === undefined || weekday(today) === 1;
  const from = isWide ? monthsBefore(today, RESTATED_MONTHS) : addDays(today, -USUAL_DAYS);
  if (!(await readRange(deps, account, { from, before: today }, feed, today))) return;
  await tellCreditsOf(deps, account, await deps.ledger.lastProgress(tenant, feed), today);
  await readHistory(deps, account, today);
};
