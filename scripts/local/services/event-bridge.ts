/** EventBridge: takes events for its buses and keeps each until the rules' dispatcher has delivered it. */
import { randomUUID } from 'node:crypto';
import { ACCOUNT, REGION } from '../attributes.ts';
import type { Durable } from '../durable.ts';
import type { Access, LocalService } from '../service.ts';
import { ServiceFault } from './fault.ts';
import { type Input, jsonService } from './json-protocol.ts';

/** An event as rules match it and targets receive it. */
export interface BusEnvelope {
  readonly version: '0';
  readonly id: string;
  readonly 'detail-type': string;
  readonly source: string;
  readonly account: string;
  /** RFC 3339, whole seconds. */
  readonly time: string;
  readonly region: string;
  readonly resources: readonly string[];
  readonly detail: unknown;
}

export interface AcceptedEvent {
  /** Name, not ARN. */
  readonly bus: string;
  readonly event: BusEnvelope;
}

export interface EventBridgeOptions {
  readonly durable: Durable;
  /** Names of the template's buses, beside `default`. */
  readonly buses: readonly string[];
  /** Told of each event right after it is stored. Must not throw; `delivered` says when it is done with. */
  readonly accepted?: (event: AcceptedEvent) => void;
  readonly clock?: () => number;
}

export interface EventBridge {
  readonly service: LocalService;
  /**
   * Stored and not yet delivered, oldest first. After a restart these are the events that a dispatcher may have handed to
   * some targets, or to none: hand them out again.
   */
  readonly pending: () => readonly AcceptedEvent[];
  /** Forgets an event, once every target has it. */
  readonly delivered: (id: string) => void;
}

const MAX_ENTRIES = 10;
const MAX_ENTRY_BYTES = 1024 * 1024;

export const busArn = (name: string): string => `arn:aws:events:${REGION}:${ACCOUNT}:event-bus/${name}`;

const busNameOf = (entry: Input): string =>
  String(entry['EventBusName'] ?? 'default')
    .split('/')
    .at(-1) ?? 'default';

const entriesOf = (input: Input): readonly Input[] => (input['Entries'] ?? []) as Input[];

type Refusal = { readonly ErrorCode: string; readonly ErrorMessage: string };

const refusal = (ErrorCode: string, ErrorMessage: string): Refusal => ({ ErrorCode, ErrorMessage });

/** EventBridge refuses entries one by one; the request succeeds all the same. */
const refusalOf = (entry: Input, buses: readonly string[]): Refusal | undefined => {
  for (const name of ['Source', 'DetailType', 'Detail'])
    if (typeof entry[name] !== 'string' || entry[name] === '')
      return refusal(
        'InvalidArgument',
        `Parameter ${name} is not valid. Reason: ${name} is a required argument.`,
      );
  if (!['default', ...buses].includes(busNameOf(entry)))
    return refusal('ResourceNotFoundException', `Event bus ${busNameOf(entry)} does not exist.`);
  if (Buffer.byteLength(JSON.stringify(entry)) > MAX_ENTRY_BYTES)
    return refusal('InvalidArgument', `Total size of the entry is over ${MAX_ENTRY_BYTES} bytes.`);
  try {
    const detail: unknown = JSON.parse(String(entry['Detail']));
    if (typeof detail === 'object' && detail !== null && !Array.isArray(detail)) return undefined;
  } catch {}
  return refusal('MalformedDetail', 'Detail is malformed.');
};

const envelope = (entry: Input, nowMs: number): BusEnvelope => ({
  version: '0',
  id: randomUUID(),
  'detail-type': String(entry['DetailType']),
  source: String(entry['Source']),
  account: ACCOUNT,
  time: `${new Date(entry['Time'] === undefined ? nowMs : Number(entry['Time']) * 1000).toISOString().slice(0, 19)}Z`,
  region: REGION,
  resources: (entry['Resources'] ?? []) as string[],
  detail: JSON.parse(String(entry['Detail'])),
});

/** Each bus is asked about once, with what goes to it. */
const access = (input: Input): readonly Access[] =>
  [...new Set(entriesOf(input).map(busNameOf))].map((name) => {
    const entries = entriesOf(input).filter((entry) => busNameOf(entry) === name);
    return {
      action: 'events:PutEvents',
      resource: busArn(name),
      context: {
        'events:source': entries.map((entry) => String(entry['Source'])),
        'events:detail-type': entries.map((entry) => String(entry['DetailType'])),
      },
    };
  });

/** Events in order of arrival, also across restarts. */
const outboxOf = (durable: Durable) => {
  const events = durable.records<AcceptedEvent>('events');
  const keys = new Map(events.entries().map(([key, { event }]) => [event.id, key]));
  let arrivals = Number([...keys.values()].at(-1) ?? 0);
  return {
    add: (accepted: AcceptedEvent): AcceptedEvent => {
      arrivals += 1;
      const key = arrivals.toString().padStart(16, '0');
      events.put(key, accepted);
      keys.set(accepted.event.id, key);
      return accepted;
    },
    pending: () => events.entries().map(([, accepted]) => accepted),
    remove: (id: string): void => {
      const key = keys.get(id);
      if (key !== undefined) events.remove(key);
      keys.delete(id);
    },
  };
};

export const eventBridgeService = ({
  durable,
  buses,
  accepted = () => undefined,
  clock = Date.now,
}: EventBridgeOptions): EventBridge => {
  const outbox = outboxOf(durable);

  const putEvents = (input: Input): object => {
    const entries = entriesOf(input);
    if (entries.length === 0 || entries.length > MAX_ENTRIES)
      throw new ServiceFault(
        'ValidationException',
        `1 validation error detected: entries must have between 1 and ${MAX_ENTRIES} members`,
      );
    const outcomes = durable.atomically(() =>
      entries.map(
        (entry) =>
          refusalOf(entry, buses) ?? outbox.add({ bus: busNameOf(entry), event: envelope(entry, clock()) }),
      ),
    );
    for (const outcome of outcomes) if ('event' in outcome) accepted(outcome);
    return {
      FailedEntryCount: outcomes.filter((outcome) => 'ErrorCode' in outcome).length,
      Entries: outcomes.map((outcome) => ('event' in outcome ? { EventId: outcome.event.id } : outcome)),
    };
  };

  return {
    service: jsonService({
      signingName: 'events',
      target: 'AWSEvents',
      version: '1.1',
      operations: { PutEvents: { access, handle: putEvents } },
    }),
    pending: outbox.pending,
    delivered: outbox.remove,
  };
};
