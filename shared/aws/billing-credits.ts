import { signedJson } from './signed-json.ts';
import type { SigningEnvironment } from './signing.ts';

/** `busy`: later is a better time. `refused`: asking again is no use, such as where the role may not. */
export type CreditsAnswer =
  | { readonly outcome: 'credits'; readonly credits: readonly unknown[] }
  | { readonly outcome: 'busy' | 'refused'; readonly reason: string };

export interface BillingCredits {
  /** The credits of an account, and of the accounts that it pays for. */
  readonly credits: (account: string, nowMs: number) => Promise<CreditsAnswer>;
}

type Environment = SigningEnvironment & {
  /** The variables by which every SDK client is pointed elsewhere. */
  readonly AWS_ENDPOINT_URL_BILLING?: string | undefined;
  readonly AWS_ENDPOINT_URL?: string | undefined;
};

/** One for all regions. */
const ENDPOINT = 'https://billing.us-east-1.api.aws';
const REGION = 'us-east-1';
const TIMEOUT_MS = 10_000;
/** AWS looks back a year, and not a day more. */
const LOOK_BACK_SECONDS = 364 * 86_400;

/** Signatures that came too late are no word about what the role may. */
const BUSY = /Throttling|InternalServer|ServiceUnavailable|ExpiredToken|InvalidSignature|RequestExpired/;

const answerOf = (status: number, text: string): CreditsAnswer => {
  const reason = `GetCredits was answered ${status}: ${text.slice(0, 300)}`;
  if (status !== 200) return { outcome: status >= 500 || BUSY.test(text) ? 'busy' : 'refused', reason };
  const { credits } = JSON.parse(text) as { readonly credits?: readonly unknown[] };
  return { outcome: 'credits', credits: credits ?? [] };
};

/**
 * The one operation of the Billing service that tells of credits, by hand: the SDK's client for it is not among the packages
 * (docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_billing_GetCredits.html).
 */
export const billingCredits = (
  environment: Environment = process.env as unknown as Environment,
): BillingCredits => ({
  credits: async (accountId, nowMs) => {
    const startDate = Math.floor(nowMs / 1_000) - LOOK_BACK_SECONDS;
    try {
      const { status, text } = await signedJson(
        {
          service: 'billing',
          region: REGION,
          url: environment.AWS_ENDPOINT_URL_BILLING || environment.AWS_ENDPOINT_URL || ENDPOINT,
          target: 'AWSBilling.GetCredits',
          version: '1.0',
          timeoutMs: TIMEOUT_MS,
        },
        { accountId, startDate, payerAccountFlag: true },
        environment,
      );
      return answerOf(status, text);
    } catch (error) {
      return { outcome: 'busy', reason: String(error) };
    }
  },
});
