import { Duration, Stack } from 'aws-cdk-lib';
import { Rule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import { Construct } from 'constructs';
import type { GovernEnvironment } from '../../functions/govern/environment.ts';
import {
  ASG_TAGS,
  EVENT_SOURCE,
  FORECAST_CHANGED,
  policyModeParameter,
} from '../../shared/contract/names.ts';
import type { StageSettings } from '../stages.ts';
import type { StatefulStack } from '../stateful-stack.ts';
import type { Announcing } from './announcing.ts';
import type { DeadLetters } from './dead-letters.ts';
import { PipelineFunction } from './pipeline-function.ts';
import { Schedule } from './schedule.ts';

/** Environments whose capacity may follow the runway. Production is not among them, and is denied besides. */
const GOVERNED_ENVIRONMENTS = ['staging', 'dev'] as const;
const PROTECTED_ENVIRONMENT = 'production';

const resourceTag = (tag: string): string => `autoscaling:ResourceTag/${tag}`;

/** Forecasts in; capacity of tagged, non-production Auto Scaling groups out. Its role may resize what is tagged, and nothing else. */
export class Governing extends Construct {
  readonly govern: PipelineFunction<GovernEnvironment>;
  readonly mode: StringParameter;

  constructor(
    scope: Construct,
    id: string,
    settings: StageSettings,
    { state }: StatefulStack,
    { bus }: Announcing,
    deadLetters: DeadLetters,
  ) {
    super(scope, id);
    this.mode = new StringParameter(this, 'Mode', {
      parameterName: policyModeParameter(settings.stage),
      description: 'What Capstack does about a short runway: off, plan or apply',
      stringValue: 'plan',
      allowedPattern: '^(off|plan|apply)$',
    });
    this.govern = new PipelineFunction<GovernEnvironment>(this, 'Govern', settings, {
      folder: 'govern',
      description: 'Forecast and capacity to a plan',
      /** Most of a core: what a plan does to the runway takes two forecasts. */
      memoryMb: 1024,
      timeoutSeconds: 30,
      environment: {
        STAGE: settings.stage,
        STATE_TABLE: state.table.tableName,
        POLICY_MODE_PARAMETER: this.mode.parameterName,
        POLICY: JSON.stringify(settings.policy),
        BUDGET: JSON.stringify({ ...settings.budget, accountId: Stack.of(this).account }),
        TENANTS: JSON.stringify(settings.tenants),
      },
    });
    state.grantDecide(this.govern);
    this.govern.allow('ReadMode', { actions: ['ssm:GetParameter'], resources: [this.mode.parameterArn] });
    this.allowCapacityChanges();
    this.govern.allow('FollowStance', {
      actions: ['budgets:ViewBudget', 'budgets:ModifyBudget'],
      resources: [
        Stack.of(this).formatArn({
          ...{ service: 'budgets', region: '', resource: 'budget' },
          resourceName: settings.budget.name,
        }),
      ],
    });
    if (settings.policy.spotShift) this.allowSpotShift();
    this.govern.keepFailedEvents(deadLetters.queue);
    new Rule(this, 'ForecastChanged', {
      eventBus: bus,
      eventPattern: { source: [EVENT_SOURCE], detailType: [FORECAST_CHANGED] },
      targets: [
        new LambdaFunction(this.govern.function, {
          deadLetterQueue: deadLetters.queue,
          retryAttempts: 8,
          maxEventAge: Duration.hours(2),
        }),
      ],
    });
    /** Dwell times pass without an event. */
    new Schedule(this, 'Hourly', { target: this.govern, at: { minute: '17' }, deadLetters });
  }

  grantSetMode(setter: PipelineFunction): void {
    setter.allow('SetPolicyMode', { actions: ['ssm:PutParameter'], resources: [this.mode.parameterArn] });
  }

  private allowCapacityChanges(): void {
    const anyGroup = 'autoScalingGroup:*:autoScalingGroupName/*';
    const groups = Stack.of(this).formatArn({ service: 'autoscaling', resource: anyGroup });
    const governed = {
      [resourceTag(ASG_TAGS.managed)]: 'true',
      [resourceTag(ASG_TAGS.environment)]: [...GOVERNED_ENVIRONMENTS],
    };
    this.govern.allow(
      'SeeCapacity',
      {
        actions: [
          'autoscaling:DescribeAutoScalingGroups',
          'autoscaling:DescribePolicies',
          'autoscaling:DescribeScheduledActions',
        ],
        resources: ['*'],
      },
      { pattern: '*', reason: 'The three describing actions of Auto Scaling know no resource.' },
    );
    this.govern.allow(
      'ChangeGovernedCapacity',
      {
        actions: ['autoscaling:UpdateAutoScalingGroup'],
        resources: [groups],
        conditions: { StringEquals: governed },
      },
      {
        pattern: `arn:<AWS::Partition>:autoscaling:<AWS::Region>:<AWS::AccountId>:${anyGroup}`,
        reason: 'Groups are chosen by the two tags in the condition, which their owner sets, not by name.',
      },
    );
    /** Only the baseline: whoever may set any tag could make a production group eligible. */
    this.govern.allow('RecordBaseline', {
      actions: ['autoscaling:CreateOrUpdateTags', 'autoscaling:DeleteTags'],
      resources: [groups],
      conditions: {
        StringEquals: governed,
        'ForAllValues:StringEquals': { 'aws:TagKeys': [ASG_TAGS.baseline] },
      },
    });
    this.govern.role.addToPrincipalPolicy(
      new PolicyStatement({
        sid: 'NeverProduction',
        effect: Effect.DENY,
        actions: ['autoscaling:*'],
        resources: ['*'],
        conditions: { StringEquals: { [resourceTag(ASG_TAGS.environment)]: PROTECTED_ENVIRONMENT } },
      }),
    );
  }

  /** Auto Scaling asks whether whoever changes what a group launches may launch it; only by a launch template. */
  private allowSpotShift(): void {
    const instances = Stack.of(this).formatArn({ service: 'ec2', resource: '*' });
    this.govern.allow(
      'LaunchByTemplate',
      {
        actions: ['ec2:RunInstances'],
        resources: [instances],
        conditions: { Bool: { 'ec2:IsLaunchTemplateResource': 'true' } },
      },
      {
        pattern: 'arn:<AWS::Partition>:ec2:<AWS::Region>:<AWS::AccountId>:*',
        reason: 'What a launch template launches is named in the template, which its owner writes.',
      },
    );
  }
}
