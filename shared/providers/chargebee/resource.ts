import * as v from 'valibot';
import type { TenantSettings } from '../../contract/tenant.ts';
import { revision } from '../../event/fact.ts';
import {
  type StatementBodies,
  type StatementFact,
  type Subject,
  statementFact,
} from '../../event/statement.ts';
import { type CivilDate, civilDateIn } from '../../time/civil-date.ts';
import { isoInstant } from '../../time/instant.ts';
import { text } from '../text.ts';
import { type ChargebeeMoney, chargebeeMoney } from './amount.ts';

export const CHARGEBEE = 'chargebee';
/** Names the site of a tenant that has not told which one it is. */
const UNNAMED_SITE = 'self';
/** 31 December 2199; later is no time but a mistake. */
const LAST_SECOND = 7_258_118_399;
/** The most that the rank of a revision holds. */
const LAST_VERSION = 999_999_999_999_999;

/** Ids are free text, blanks included. */
export const chargebeeId: v.GenericSchema<string> = text(200);
export const seconds: v.GenericSchema<number> = v.pipe(
  v.number(),
  v.integer(),
  v.minValue(0),
  v.maxValue(LAST_SECOND),
);
const version = v.pipe(v.number(), v.safeInteger(), v.minValue(0), v.maxValue(LAST_VERSION));

/** What every resource has. */
export interface Resource {
  readonly id: string;
  readonly currency_code: string;
  readonly resource_version?: number | null | undefined;
  readonly updated_at?: number | null | undefined;
  readonly deleted?: boolean | null | undefined;
}

export const resourceSchema: v.GenericSchema<unknown, Resource> = v.object({
  id: chargebeeId,
  currency_code: v.string(),
  resource_version: v.nullish(version),
  updated_at: v.nullish(seconds),
  deleted: v.nullish(v.boolean()),
});

export const dayOf = (second: number, { accountingZone }: TenantSettings): CivilDate =>
  civilDateIn(accountingZone, second * 1_000);

export const instantOf = (second: number): string => isoInstant(second * 1_000);

/** What is said of a resource of this kind; a body of null says that it no longer holds, or does not hold yet. */
export interface Said<Of extends Subject> {
  readonly subject: Of;
  readonly body: StatementBodies[Of] | null;
  /** Second by which it is dated: one that no later telling changes. */
  readonly second: number;
  readonly description: string;
  readonly counterparty?: string | null | undefined;
  readonly metadata: Readonly<Record<string, string>>;
}

/** @param kind `txn`, `inv`, `sub` or `cn`. */
const keyOf = ({ chargebee }: TenantSettings, kind: string, id: string): string =>
  `cb:${chargebee?.site ?? UNNAMED_SITE}:${kind}:${id}`;

/**
 * A resource as a statement. Deliveries come in any order and lists are read at any time, but each telling carries the
 * version of what it tells, so the newest stands; where an old resource has no version, the second of its last change does.
 */
const statementOf = <Of extends Subject>(
  kind: string,
  resource: Resource,
  { subject, body, second, description, counterparty, metadata }: Said<Of>,
  settings: TenantSettings,
): StatementFact =>
  statementFact(
    {
      key: keyOf(settings, kind, resource.id),
      revision: revision('final', resource.resource_version ?? (resource.updated_at ?? 0) * 1_000),
      source: CHARGEBEE,
      date: dayOf(second, settings),
      occurredAt: instantOf(second),
      description,
      ...(counterparty && { counterparty }),
      metadata,
    },
    subject,
    body,
  );

/** Reads a resource of one kind, or says what is wrong with it. */
export type ReadResource = (value: unknown, settings: TenantSettings) => StatementFact | string;

/** A reader of one kind of resource: its shape, then what it says; a text where an amount is none. */
export const readerOf =
  <Shape extends Resource, Of extends Subject>(
    kind: string,
    schema: v.GenericSchema<unknown, Shape>,
    say: (resource: Shape, money: ChargebeeMoney, settings: TenantSettings) => Said<Of> | string,
  ): ReadResource =>
  (value, settings) => {
    const parsed = v.safeParse(schema, value);
    if (!parsed.success) return `${kind}: ${v.getDotPath(parsed.issues[0]) ?? 'resource'} is not understood`;
    const resource = parsed.output;
    const money = chargebeeMoney(resource.currency_code);
    if (money === undefined) return `${kind} ${resource.id}: ${resource.currency_code} is no currency`;
    const said = say(resource, money, settings);
    return typeof said === 'string'
      ? `${kind} ${resource.id}: ${said}`
      : statementOf(kind, resource, said, settings);
  };
