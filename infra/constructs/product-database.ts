import { Construct } from 'constructs';
import type { ProductEnvironment } from '../../functions/product/environment.ts';
import { secretPrefix } from '../../shared/contract/names.ts';
import type { StageSettings } from '../stages.ts';
import type { StatefulStack } from '../stateful-stack.ts';
import type { DeadLetters } from './dead-letters.ts';
import { PipelineFunction } from './pipeline-function.ts';
import { Schedule } from './schedule.ts';
import { grantDatabaseAddress } from './secrets.ts';

/** What tenants' own databases say of their product, asked by the hour; only where a tenant names one. */
export class ProductDatabase extends Construct {
  constructor(
    scope: Construct,
    id: string,
    settings: StageSettings,
    { ledger, archive }: StatefulStack,
    deadLetters: DeadLetters,
  ) {
    super(scope, id);
    const product = new PipelineFunction<ProductEnvironment>(this, 'Product', settings, {
      folder: 'product',
      description: 'What tenants’ own databases say of their product',
      memoryMb: 512,
      timeoutSeconds: 300,
      environment: {
        STAGE: settings.stage,
        LEDGER_TABLE: ledger.table.tableName,
        ARCHIVE_BUCKET: archive.bucket.bucketName,
        SECRET_PREFIX: secretPrefix(settings.stage),
        TENANTS: JSON.stringify(settings.tenants),
      },
    });
    ledger.grantAppend(product);
    archive.grantWrite(product);
    grantDatabaseAddress(product, settings.stage);
    product.keepFailedEvents(deadLetters.queue);
    new Schedule(this, 'Hourly', { target: product, at: { minute: '21' }, deadLetters });
  }
}
