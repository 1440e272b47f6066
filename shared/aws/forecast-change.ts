import type { DynamoDBRecord } from 'aws-lambda';

/** One write of a tenant's current forecast: its document now, and before where there was one. */
export interface ForecastChange {
  readonly tenant: string;
  readonly fence: string;
  readonly document: string;
  readonly previousDocument?: string;
}

/** The change that a stream record of the state table tells; undefined for any other record. */
export const forecastChangeOf = (record: DynamoDBRecord): ForecastChange | undefined => {
  const { NewImage: image, OldImage: previous } = record.dynamodb ?? {};
  const tenant = image?.['tenant']?.S;
  const fence = image?.['fence']?.S;
  const document = image?.['document']?.S;
  if (tenant === undefined || fence === undefined || document === undefined) return undefined;
  const previousDocument = previous?.['document']?.S;
  return { tenant, fence, document, ...(previousDocument !== undefined && { previousDocument }) };
};
