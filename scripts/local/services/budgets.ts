/** AWS Budgets: the limits that a template sets, and what callers make of them. */
import { ACCOUNT } from '../attributes.ts';
import type { Durable } from '../durable.ts';
import type { Access, LocalService } from '../service.ts';
import { ServiceFault } from './fault.ts';
import { type Input, jsonService, requiredText } from './json-protocol.ts';

export interface NewBudget {
  readonly name: string;
  readonly amount: string;
}

export interface Budgets {
  readonly service: LocalService;
  /** Creates what a template brings along; a budget that is there already keeps its limit. */
  readonly seed: (budget: NewBudget) => void;
  readonly limit: (name: string) => string | undefined;
}

const DECIMAL = /^\d{1,15}(\.\d{1,6})?$/;

const access = (action: string, name: string): Access[] => [
  { action: `budgets:${action}`, resource: `arn:aws:budgets::${ACCOUNT}:budget/${name}` },
];

/** Members in the order of their names are of no matter: what was described comes back in an update. */
const memberOf = (input: Input, name: string): Input => {
  const member = input[name];
  if (typeof member === 'object' && member !== null) return member as Input;
  throw new ServiceFault('InvalidParameterException', `${name} is required`);
};

export const budgetsService = (durable: Durable): Budgets => {
  const budgets = durable.records<NewBudget>('budgets');
  const existing = (name: string): NewBudget => {
    const known = budgets.get(name);
    if (known) return known;
    throw new ServiceFault('NotFoundException', `Unable to get budget: ${name} - the budget doesn't exist.`);
  };
  const nameIn = (input: Input): string => requiredText(memberOf(input, 'NewBudget'), 'BudgetName');

  return {
    seed: (budget) => {
      if (budgets.get(budget.name) === undefined) budgets.put(budget.name, budget);
    },
    limit: (name) => budgets.get(name)?.amount,
    service: jsonService({
      signingName: 'budgets',
      target: 'AWSBudgetServiceGateway',
      version: '1.1',
      operations: {
        DescribeBudget: {
          access: (input) => access('ViewBudget', requiredText(input, 'BudgetName')),
          handle: (input) => {
            const { name, amount } = existing(requiredText(input, 'BudgetName'));
            const spent = { ActualSpend: { Amount: '0.0', Unit: 'USD' } };
            return {
              Budget: {
                ...{ BudgetName: name, BudgetType: 'COST', TimeUnit: 'MONTHLY' },
                BudgetLimit: { Amount: amount, Unit: 'USD' },
                CalculatedSpend: spent,
                LastUpdatedTime: 0,
              },
            };
          },
        },
        UpdateBudget: {
          access: (input) => access('ModifyBudget', nameIn(input)),
          handle: (input) => {
            const name = nameIn(input);
            existing(name);
            const sent = memberOf(input, 'NewBudget');
            const amount = requiredText(memberOf(sent, 'BudgetLimit'), 'Amount');
            if (!DECIMAL.test(amount) || 'CalculatedSpend' in sent)
              throw new ServiceFault('InvalidParameterException', `${amount} is no limit`);
            budgets.put(name, { name, amount });
            return {};
          },
        },
      },
    }),
  };
};
