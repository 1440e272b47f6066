import { type EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { EVENT_SOURCE } from '../contract/names.ts';

/** PutEvents takes at most ten entries. */
const ENTRIES_PER_CALL = 10;

export interface BusEvent {
  readonly detailType: string;
  readonly detail: Readonly<Record<string, unknown>>;
}

export interface EventBus {
  /** Puts all events or throws; a caller that retries may put some twice, so targets must be idempotent. */
  readonly put: (events: readonly BusEvent[]) => Promise<void>;
}

export const eventBus = (client: EventBridgeClient, busName: string): EventBus => ({
  put: async (events) => {
    for (let start = 0; start < events.length; start += ENTRIES_PER_CALL) {
      const answer = await client.send(
        new PutEventsCommand({
          Entries: events.slice(start, start + ENTRIES_PER_CALL).map((event) => ({
            EventBusName: busName,
            Source: EVENT_SOURCE,
            DetailType: event.detailType,
            Detail: JSON.stringify(event.detail),
          })),
        }),
      );
      if ((answer.FailedEntryCount ?? 0) > 0)
        throw new Error(`the event bus refused ${answer.FailedEntryCount} of our events`);
    }
  },
});
