import { RemovalPolicy } from 'aws-cdk-lib';
import { AttributeType, Billing, StreamViewType, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { Construct } from 'constructs';
import { STATE_TTL_ATTRIBUTE, TABLE_KEYS } from '../../shared/contract/names.ts';
import type { StageSettings } from '../stages.ts';
import type { PipelineFunction } from './pipeline-function.ts';

/** Rate limit counters share the table; a function that only counts may touch no other key. */
const RATE_LIMIT_KEYS = 'RL#*';
/** What the owner asks of the policy, and what they may look up to ask it. */
const INTENT_KEYS = 'T#*#INTENTS';
const DECISION_KEYS = ['T#*#DECISION', 'T#*#DECISIONS'];

/** What alerts are judged by, and what is remembered of them. */
const ALERT_KEYS = 'T#*#ALERTS';
const JUDGED_KEYS = ['T#*#FORECAST', 'T#*#REC'];

/** Aggregates, forecasts, decisions: all derived from the ledger, and rebuilt from it if need be. */
export class StateTable extends Construct {
  readonly table: TableV2;

  constructor(scope: Construct, id: string, settings: StageSettings) {
    super(scope, id);
    this.table = new TableV2(this, 'Table', {
      partitionKey: { name: TABLE_KEYS.partition, type: AttributeType.STRING },
      sortKey: { name: TABLE_KEYS.sort, type: AttributeType.STRING },
      timeToLiveAttribute: STATE_TTL_ATTRIBUTE,
      billing: Billing.onDemand(),
      /** Whether a forecast is worth announcing depends on the one before it. */
      dynamoStream: StreamViewType.NEW_AND_OLD_IMAGES,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true, recoveryPeriodInDays: 35 },
      deletionProtection: settings.keepData,
      removalPolicy: settings.keepData ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    });
  }

  grantRead(reader: PipelineFunction): void {
    this.allow(reader, 'ReadState', ['dynamodb:GetItem', 'dynamodb:Query']);
  }

  grantDerive(writer: PipelineFunction): void {
    this.allow(writer, 'DeriveState', ['dynamodb:GetItem', 'dynamodb:Query', 'dynamodb:PutItem']);
  }

  /** Decisions change state in place: stances, leases, outcomes. */
  grantDecide(decider: PipelineFunction): void {
    this.allow(decider, 'DecideInState', [
      'dynamodb:ConditionCheckItem',
      'dynamodb:GetItem',
      'dynamodb:Query',
      'dynamodb:PutItem',
      'dynamodb:UpdateItem',
    ]);
  }

  grantCountRequests(counter: PipelineFunction): void {
    counter.allow('CountRequests', {
      actions: ['dynamodb:UpdateItem'],
      resources: [this.table.tableArn],
      conditions: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': [RATE_LIMIT_KEYS] } },
    });
  }

  /** Asking is not deciding: whoever asks can write nothing that the policy would take for its own. */
  grantAskPolicy(asker: PipelineFunction): void {
    const keys = (patterns: readonly string[]) => ({
      'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': [...patterns] },
    });
    asker.allow('AskPolicy', {
      actions: ['dynamodb:PutItem'],
      resources: [this.table.tableArn],
      conditions: keys([INTENT_KEYS]),
    });
    asker.allow('ReadDecision', {
      actions: ['dynamodb:GetItem'],
      resources: [this.table.tableArn],
      conditions: keys(DECISION_KEYS),
    });
  }

  /** Whoever tells others reads what it tells and writes what it told. */
  grantAlert(teller: PipelineFunction): void {
    const keys = (patterns: readonly string[]) => ({
      'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': [...patterns] },
    });
    teller.allow('ReadJudged', {
      actions: ['dynamodb:GetItem'],
      resources: [this.table.tableArn],
      conditions: keys(JUDGED_KEYS),
    });
    teller.allow('RememberTold', {
      actions: ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:Query'],
      resources: [this.table.tableArn],
      conditions: keys([ALERT_KEYS]),
    });
  }

  private allow(grantee: PipelineFunction, sid: string, actions: string[]): void {
    grantee.allow(sid, { actions, resources: [this.table.tableArn] });
  }
}
