import { RemovalPolicy } from 'aws-cdk-lib';
import { AttributeType, Billing, ProjectionType, StreamViewType, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { AnyPrincipal, Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { LEDGER_INDEX, TABLE_KEYS } from '../../shared/contract/names.ts';
import type { StageSettings } from '../stages.ts';
import type { PipelineFunction } from './pipeline-function.ts';

/** Room for 15,000 events a second at two units each; a runaway producer stops here instead of on the bill. */
const MAX_WRITE_UNITS_PER_SECOND = 40_000;

/** Every money event and its raw delivery, for ever. Rows are only ever added. */
export class Ledger extends Construct {
  readonly table: TableV2;

  constructor(scope: Construct, id: string, settings: StageSettings) {
    super(scope, id);
    const text = AttributeType.STRING;
    this.table = new TableV2(this, 'Table', {
      partitionKey: { name: TABLE_KEYS.partition, type: text },
      sortKey: { name: TABLE_KEYS.sort, type: text },
      globalSecondaryIndexes: [
        {
          indexName: LEDGER_INDEX.name,
          partitionKey: { name: LEDGER_INDEX.partition, type: text },
          sortKey: { name: LEDGER_INDEX.sort, type: text },
          projectionType: ProjectionType.INCLUDE,
          nonKeyAttributes: [...LEDGER_INDEX.attributes],
        },
      ],
      billing: Billing.onDemand({ maxWriteRequestUnits: MAX_WRITE_UNITS_PER_SECOND }),
      dynamoStream: StreamViewType.NEW_IMAGE,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true, recoveryPeriodInDays: 35 },
      deletionProtection: settings.keepData,
      removalPolicy: settings.keepData ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    });
    this.table.addToResourcePolicy(
      new PolicyStatement({
        sid: 'RowsAreOnlyEverAdded',
        effect: Effect.DENY,
        principals: [new AnyPrincipal()],
        actions: [
          'dynamodb:UpdateItem',
          'dynamodb:DeleteItem',
          'dynamodb:BatchWriteItem',
          'dynamodb:PartiQLInsert',
          'dynamodb:PartiQLUpdate',
          'dynamodb:PartiQLDelete',
        ],
        /** A table's own ARN in its own policy would be a circular reference; the policy is attached to it anyway. */
        resources: ['*'],
      }),
    );
  }

  /** Appending is a conditional put, or a transaction of them, after a look at what is there. */
  grantAppend(appender: PipelineFunction): void {
    appender.allow('AppendToLedger', {
      actions: ['dynamodb:PutItem', 'dynamodb:GetItem', 'dynamodb:Query'],
      resources: [this.table.tableArn],
    });
  }

  /** Raw deliveries, by the keys that facts name. */
  grantReadRows(reader: PipelineFunction): void {
    reader.allow('ReadLedgerRows', {
      actions: ['dynamodb:GetItem', 'dynamodb:Query'],
      resources: [this.table.tableArn],
    });
  }

  grantReadBuckets(reader: PipelineFunction): void {
    reader.allow('ReadLedgerBuckets', {
      actions: ['dynamodb:Query'],
      resources: [`${this.table.tableArn}/index/${LEDGER_INDEX.name}`],
    });
  }
}
