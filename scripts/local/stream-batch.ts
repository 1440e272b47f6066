/** What Lambda does with one batch of stream records: bisect, partial answers, retries, giving up. */
import type { InvocationResult } from './execution-environment.ts';

export interface StreamRecord {
  readonly eventName: string;
  readonly dynamodb: { readonly SequenceNumber: string; readonly ApproximateCreationDateTime: number };
}

export type GiveUpCondition = 'RetryAttemptsExhausted' | 'MaximumRecordAgeExceeded';

export interface BatchOptions<Item extends StreamRecord> {
  readonly invoke: (records: readonly Item[]) => Promise<InvocationResult>;
  /** Keeps what is given up, where the mapping names a destination. */
  readonly giveUp: (
    records: readonly Item[],
    condition: GiveUpCondition,
    invocations: number,
  ) => Promise<void>;
  /** Everything up to and including this record is dealt with. */
  readonly checkpoint: (last: Item) => void;
  readonly bisect: boolean;
  readonly partialResponse: boolean;
  /** -1 is for ever. */
  readonly maxRetries: number;
  /** -1 is for ever. */
  readonly maxAgeSeconds: number;
  readonly nowMs: () => number;
  /** Waits before the given retry, counted from 1. */
  readonly backOff: (retry: number) => Promise<void>;
  readonly stopped: () => boolean;
}

interface Piece<Item> {
  readonly records: readonly Item[];
  /** Retries this piece has used; splitting uses none. */
  readonly retries: number;
}

/**
 * Index of the first record that failed; the whole length when all succeeded. An identifier that is empty or unknown
 * fails the whole batch, as Lambda documents it.
 */
const firstFailure = <Item extends StreamRecord>(
  result: InvocationResult,
  records: readonly Item[],
  partialResponse: boolean,
): number => {
  if (!result.ok) return 0;
  if (!partialResponse) return records.length;
  const failures = (
    result.value as { batchItemFailures?: { itemIdentifier?: string }[] | null } | null | undefined
  )?.batchItemFailures;
  if (!failures || failures.length === 0) return records.length;
  const positions = failures.map(({ itemIdentifier }) =>
    records.findIndex(({ dynamodb }) => dynamodb.SequenceNumber === itemIdentifier),
  );
  return Math.max(0, Math.min(...positions));
};

const halves = <Item>(records: readonly Item[]): [readonly Item[], readonly Item[]] => {
  const middle = Math.ceil(records.length / 2);
  return [records.slice(0, middle), records.slice(middle)];
};

/** The leading records that are too old to be processed. */
const expiredCount = <Item extends StreamRecord>(
  records: readonly Item[],
  maxAgeSeconds: number,
  nowMs: number,
): number => {
  if (maxAgeSeconds < 0) return 0;
  const young = records.findIndex(
    ({ dynamodb }) => nowMs / 1000 - dynamodb.ApproximateCreationDateTime <= maxAgeSeconds,
  );
  return young === -1 ? records.length : young;
};

/** Deals with every record, in order, each at least once. Returns early only when stopped. */
export const processBatch = async <Item extends StreamRecord>(
  batch: readonly Item[],
  options: BatchOptions<Item>,
): Promise<void> => {
  const { invoke, giveUp, checkpoint, bisect, partialResponse, maxRetries, backOff } = options;
  const pieces: Piece<Item>[] = [{ records: batch, retries: 0 }];
  const done = (records: readonly Item[]): void => {
    const last = records.at(-1);
    if (last) checkpoint(last);
  };

  for (let piece = pieces.shift(); piece && !options.stopped(); piece = pieces.shift()) {
    const { records, retries } = piece;
    const expired = expiredCount(records, options.maxAgeSeconds, options.nowMs());
    if (expired > 0) {
      await giveUp(records.slice(0, expired), 'MaximumRecordAgeExceeded', retries);
      done(records.slice(0, expired));
      if (expired < records.length) pieces.unshift({ records: records.slice(expired), retries });
      continue;
    }
    const failedAt = firstFailure(await invoke(records), records, partialResponse);
    done(records.slice(0, failedAt));
    const rest = records.slice(failedAt);
    if (rest.length === 0) continue;
    if (failedAt > 0) {
      await backOff(1);
      pieces.unshift({ records: rest, retries: 1 });
    } else if (bisect && rest.length > 1) {
      const [first, second] = halves(rest);
      pieces.unshift({ records: first, retries }, { records: second, retries });
    } else if (maxRetries >= 0 && retries >= maxRetries) {
      await giveUp(rest, 'RetryAttemptsExhausted', retries + 1);
      done(rest);
    } else {
      await backOff(retries + 1);
      pieces.unshift({ records: rest, retries: retries + 1 });
    }
  }
};
