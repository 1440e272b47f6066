/** Doorbells in the ledger's stream in; the objects they name, fetched and appended, out. Hourly: a sweep of the last days; nightly, of the last weeks. */
import { ledgerRowOf } from '../../shared/aws/stream-image.ts';
import { type StreamHandler, streamHandler } from '../../shared/lambda/stream.ts';
import { dependencies } from './dependencies.ts';
import { environment } from './environment.ts';
import { pull, scheduledSweep } from './pull.ts';

const deps = dependencies(environment());

export const handler: StreamHandler = streamHandler(
  'pull',
  async (records, context) => {
    const rows = records.flatMap((record) => {
      const row = ledgerRowOf(record);
      const sequenceNumber = record.dynamodb?.SequenceNumber;
      return row === undefined || sequenceNumber === undefined ? [] : [{ row, sequenceNumber }];
    });
    return pull(deps, rows, context);
  },
  (event, context) => scheduledSweep(deps, event, context),
);
