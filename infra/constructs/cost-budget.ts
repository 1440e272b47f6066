import { Stack } from 'aws-cdk-lib';
import { CfnBudget } from 'aws-cdk-lib/aws-budgets';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Topic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import type { StageSettings } from '../stages.ts';

/** The account's bill by the month, watched where the runway is not looking: an alert when it is forecast to pass the limit. */
export class CostBudget extends Construct {
  constructor(scope: Construct, id: string, { budget }: StageSettings, topic: Topic) {
    super(scope, id);
    topic.addToResourcePolicy(
      new PolicyStatement({
        sid: 'BudgetsPublish',
        principals: [new ServicePrincipal('budgets.amazonaws.com')],
        actions: ['sns:Publish'],
        resources: [topic.topicArn],
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
      }),
    );
    const alert = (notificationType: 'FORECASTED' | 'ACTUAL') => ({
      notification: {
        notificationType,
        comparisonOperator: 'GREATER_THAN',
        threshold: 100,
        thresholdType: 'PERCENTAGE',
      },
      subscribers: [{ subscriptionType: 'SNS', address: topic.topicArn }],
    });
    new CfnBudget(this, 'Month', {
      budget: {
        budgetName: budget.name,
        budgetType: 'COST',
        timeUnit: 'MONTHLY',
        budgetLimit: { amount: budget.monthlyUsd, unit: 'USD' },
        /** Credits pay for use, they do not undo it. */
        costTypes: { includeCredit: false, includeRefund: false },
      },
      notificationsWithSubscribers: [alert('FORECASTED'), alert('ACTUAL')],
    });
  }
}
