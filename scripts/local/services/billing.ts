/** AWS Billing: the credits of accounts, as they were put. */
import type { ProviderStub } from '../local-paths.ts';
import type { LocalService, ServiceResponse } from '../service.ts';
import { ServiceFault } from './fault.ts';
import { type Input, jsonService, requiredText } from './json-protocol.ts';

export interface LocalBilling {
  readonly service: LocalService;
  /** Takes what `/_control/credits` and `/_control/limits` are told. */
  readonly control: ProviderStub;
}

/** A credit as it is put; days as `2027-03-31`. */
interface Put {
  readonly id: string;
  readonly account: string;
  readonly remaining: string;
  readonly estimated?: string;
  readonly ends?: string;
  readonly begins?: string;
  readonly status?: 'ENABLED' | 'DISABLED';
}

const DAY_SECONDS = 86_400;
const seconds = (date: string): number => Date.parse(`${date}T00:00:00Z`) / 1_000;
const dollars = (currencyAmount: string) => ({ currencyAmount, currencyCode: 'USD' });

const creditOf = ({ id, account, remaining, estimated, begins = '2026-01-01', ends, status }: Put) => ({
  creditId: id,
  accountId: account,
  creditType: 'Promotion',
  description: `credit ${id}`,
  initialAmount: dollars(remaining),
  remainingAmount: dollars(remaining),
  ...(estimated !== undefined && { estimatedAmount: dollars(estimated) }),
  startDate: seconds(begins),
  ...(ends !== undefined && { endDate: seconds(ends) + DAY_SECONDS - 1 }),
  creditStatus: status ?? 'ENABLED',
});

const answer = (status: number, body: object): ServiceResponse => ({
  status,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
});

export const localBilling = ({ now = Date.now }: { readonly now?: () => number } = {}): LocalBilling => {
  const credits = new Map<string, Put>();
  let turnedAway = 0;

  const getCredits = (input: Input): object => {
    if (turnedAway > 0) {
      turnedAway -= 1;
      throw new ServiceFault('ThrottlingException', 'Rate exceeded');
    }
    const account = requiredText(input, 'accountId');
    const age = now() / 1_000 - Number(input['startDate']);
    if (!(age > 0 && age <= 365 * DAY_SECONDS))
      throw new ServiceFault('ValidationException', 'startDate must be a date of the last year');
    return { credits: [...credits.values()].filter((each) => each.account === account).map(creditOf) };
  };

  return {
    service: jsonService({
      signingName: 'billing',
      target: 'AWSBilling',
      version: '1.0',
      operations: {
        GetCredits: {
          access: () => [{ action: 'billing:GetCredits', resource: '*' }],
          handle: getCredits,
        },
      },
    }),
    control: ({ path, body }) => {
      const asked = JSON.parse(body.toString() || '{}') as Record<string, unknown>;
      if (path === '/_control/limits') {
        turnedAway = Number(asked['times'] ?? 1);
        return answer(200, {});
      }
      if (path !== '/_control/credits') return answer(404, { message: `no such control: ${path}` });
      for (const each of (asked['put'] ?? []) as Put[]) credits.set(each.id, each);
      for (const { id } of (asked['remove'] ?? []) as Put[]) credits.delete(id);
      return answer(200, { credits: credits.size });
    },
  };
};
