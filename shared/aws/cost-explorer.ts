import { CostExplorerClient, GetCostAndUsageCommand } from '@aws-sdk/client-cost-explorer';
import { COST_METRIC } from '../providers/aws-costs/costs.ts';
import type { CivilDate } from '../time/civil-date.ts';

/** Days from `from` up to, and without, `before`. */
export interface CostRange {
  readonly from: CivilDate;
  readonly before: CivilDate;
}

/**
 * `busy`: asked too often, or the data is not ready; later is a better time. `restart`: the pages so far do not belong
 * together. `refused`: asking again is no use.
 */
export type CostAnswer =
  | { readonly outcome: 'page'; readonly days: readonly unknown[]; readonly next?: string }
  | { readonly outcome: 'busy' | 'restart' | 'refused'; readonly reason: string };

export interface CostExplorer {
  /** One request, which AWS charges for, whatever it answers. */
  readonly costs: (range: CostRange, page: string | undefined) => Promise<CostAnswer>;
}

/** Cost Explorer has one endpoint for all regions. */
const REGION = 'us-east-1';
/** The first look at months of costs takes it seconds. */
const TIMEOUT_MS = 20_000;

const OUTCOMES: Readonly<Record<string, 'busy' | 'restart'>> = {
  LimitExceededException: 'busy',
  ThrottlingException: 'busy',
  TooManyRequestsException: 'busy',
  DataUnavailableException: 'busy',
  BillExpirationException: 'busy',
  BillingViewHealthStatusException: 'busy',
  InvalidNextTokenException: 'restart',
  RequestChangedException: 'restart',
};

const failed = (error: unknown): CostAnswer => {
  const { name, message, $fault: fault } = error as Error & { $fault?: 'client' | 'server' };
  const reason = `${name}: ${message}`;
  const known = Object.hasOwn(OUTCOMES, name) ? OUTCOMES[name] : undefined;
  if (known !== undefined) return { outcome: known, reason };
  return { outcome: fault === 'client' ? 'refused' : 'busy', reason };
};

/** Asks once and no more: each attempt costs a cent, and the caller counts them. */
export const costExplorerClient = (): CostExplorerClient =>
  new CostExplorerClient({
    region: REGION,
    maxAttempts: 1,
    requestHandler: { connectionTimeout: 2_000, requestTimeout: TIMEOUT_MS, throwOnRequestTimeout: true },
  });

export const costExplorer = (client: CostExplorerClient): CostExplorer => ({
  costs: async ({ from, before }, page) => {
    try {
      const { ResultsByTime: days = [], NextPageToken: next } = await client.send(
        new GetCostAndUsageCommand({
          TimePeriod: { Start: from, End: before },
          Granularity: 'DAILY',
          Metrics: [COST_METRIC],
          GroupBy: [
            { Type: 'DIMENSION', Key: 'SERVICE' },
            { Type: 'DIMENSION', Key: 'RECORD_TYPE' },
          ],
          ...(page !== undefined && { NextPageToken: page }),
        }),
      );
      return { outcome: 'page', days, ...(next !== undefined && next !== '' && { next }) };
    } catch (error) {
      return failed(error);
    }
  },
});
