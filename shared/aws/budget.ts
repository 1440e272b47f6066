import type { BudgetSettings } from '../contract/policy.ts';
import { signedJson } from './signed-json.ts';
import type { SigningEnvironment } from './signing.ts';

export interface Budget {
  /** What a month may cost in NORMAL; whole dollars. */
  readonly monthlyUsd: number;
  /** The limit of a month as it stands, a decimal. */
  readonly limit: () => Promise<string>;
  readonly setLimit: (amount: string) => Promise<void>;
}

/** Budgets has one endpoint for all regions, and signs for this one. */
const ENDPOINT = 'https://budgets.amazonaws.com';
const REGION = 'us-east-1';
const TIMEOUT_MS = 3_000;

/** As far as we look at it; everything else of it goes back as it came. */
interface DescribedBudget {
  readonly BudgetLimit?: { readonly Amount?: string; readonly Unit?: string };
  readonly [field: string]: unknown;
}

type Environment = SigningEnvironment & {
  /** The variables by which every SDK client is pointed elsewhere. */
  readonly AWS_ENDPOINT_URL_BUDGETS?: string | undefined;
  readonly AWS_ENDPOINT_URL?: string | undefined;
};

/** @throws Error with the service's own words where it refuses. */
const call = async (operation: string, input: object, environment: Environment): Promise<unknown> => {
  const { status, text } = await signedJson(
    {
      service: 'budgets',
      region: REGION,
      url: environment.AWS_ENDPOINT_URL_BUDGETS || environment.AWS_ENDPOINT_URL || ENDPOINT,
      target: `AWSBudgetServiceGateway.${operation}`,
      version: '1.1',
      timeoutMs: TIMEOUT_MS,
    },
    input,
    environment,
  );
  if (status !== 200) throw new Error(`budgets ${operation} was answered ${status}: ${text.slice(0, 300)}`);
  return text === '' ? {} : JSON.parse(text);
};

/** What an update takes: Budgets works out the rest and refuses to be told. */
const updatable = ({
  CalculatedSpend: _,
  LastUpdatedTime: __,
  HealthStatus: ___,
  ...budget
}: DescribedBudget) => budget;

/** The budget of this deployment. Two calls by hand: a client library for them would be a dependency of its own. */
export const budget = (
  { accountId: AccountId, name: BudgetName, monthlyUsd }: BudgetSettings,
  environment: Environment = process.env as unknown as Environment,
): Budget => {
  const described = async (): Promise<DescribedBudget> => {
    const answer = await call('DescribeBudget', { AccountId, BudgetName }, environment);
    return (answer as { readonly Budget: DescribedBudget }).Budget;
  };
  return {
    monthlyUsd,
    limit: async () => (await described()).BudgetLimit?.Amount ?? '',
    setLimit: async (Amount) => {
      const before = await described();
      const NewBudget = { ...updatable(before), BudgetLimit: { ...before.BudgetLimit, Amount } };
      await call('UpdateBudget', { AccountId, NewBudget }, environment);
    },
  };
};
