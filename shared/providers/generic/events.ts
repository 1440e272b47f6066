import * as v from 'valibot';
import type { TenantSettings } from '../../contract/tenant.ts';
import { isReservedAccount, OWN_ACCOUNT } from '../../event/account.ts';
import { categoryOf } from '../../event/category.ts';
import { type Fact, revision } from '../../event/fact.ts';
import { type Currency, currency } from '../../money/currency.ts';
import { type Minor, minorOf } from '../../money/money.ts';
import { type CivilDate, civilDate, civilDateIn } from '../../time/civil-date.ts';
import { instantMs, isoInstant } from '../../time/instant.ts';
import type { EventReading, Interpretation, Provider } from '../provider.ts';
import { jsonIn, problemOf, text } from '../text.ts';
import { DELIVERY_HEADER, verifyCapstack } from './signature.ts';

const MAX_EVENTS = 500;
const MAX_METADATA = 50;
/** Dropped in silence by the record below, lest they reach a prototype. */
const UNSAFE_NAMES = ['__proto__', 'prototype', 'constructor'] as const;
/** The rank of a revision has this many digits. */
const MAX_REVISION = 999_999_999_999_999;
const NO_DAY = 'is no calendar day like 2026-01-31';
const NO_INSTANT = 'is no instant with its zone, like 2026-01-31T12:00:00Z';
const FIRST_DATE = '1970-01-01';
const LAST_DATE = '2199-12-31';

const eventSchema = v.strictObject({
  id: text(200),
  type: v.picklist(
    ['income', 'expense', 'adjustment', 'credit'],
    'is none of income, expense, adjustment, credit',
  ),
  amount: v.string('is no decimal string'),
  currency: v.string('is no ISO 4217 code'),
  date: v.optional(v.string(NO_DAY)),
  occurred_at: v.optional(v.string(NO_INSTANT)),
  account: v.optional(text(100)),
  category: v.optional(text(64)),
  counterparty: v.optional(text(200)),
  description: v.optional(
    v.pipe(
      v.string('is no text'),
      v.maxLength(1_000, 'is longer than 1000 characters'),
      v.check((value) => value.isWellFormed(), 'holds broken characters'),
    ),
  ),
  revision: v.optional(
    v.pipe(
      v.number('is no whole number'),
      v.safeInteger('is no whole number'),
      v.minValue(0, 'is negative'),
      v.maxValue(MAX_REVISION, `is above ${MAX_REVISION}`),
    ),
  ),
  metadata: v.optional(
    v.pipe(
      v.custom<Record<string, unknown>>(
        (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
        'is no object',
      ),
      v.check(
        (record) => Object.keys(record).length <= MAX_METADATA,
        `has more than ${MAX_METADATA} entries`,
      ),
      v.check(
        (record) => !UNSAFE_NAMES.some((name) => Object.hasOwn(record, name)),
        `has an entry named ${UNSAFE_NAMES.join(', ')}: choose another name`,
      ),
      v.record(
        text(100),
        v.pipe(
          v.string('is no text'),
          v.maxLength(500, 'is longer than 500 characters'),
          v.check((value) => value.isWellFormed(), 'holds broken characters'),
        ),
      ),
    ),
  ),
});
type GenericEvent = v.InferOutput<typeof eventSchema>;

const envelope = v.strictObject({
  schema: v.literal(1, 'is not 1'),
  events: v.pipe(
    v.array(v.unknown(), 'is no list'),
    v.maxLength(MAX_EVENTS, `holds more than ${MAX_EVENTS} events: send them in several deliveries`),
  ),
});

/** A civil date stays one; an instant becomes the tenant's day. A text as the answer says what is wrong. */
const dayOf = (
  event: GenericEvent,
  zone: string,
): { readonly date: CivilDate; readonly occurredAt?: string } | string => {
  if ((event.date === undefined) === (event.occurred_at === undefined))
    return 'needs either date or occurred_at';
  const ms = event.occurred_at === undefined ? undefined : instantMs(event.occurred_at);
  if (event.occurred_at !== undefined && ms === undefined) return `occurred_at: ${NO_INSTANT}`;
  if (ms !== undefined && (ms < Date.UTC(1970, 0, 1) || ms >= Date.UTC(2200, 0, 1)))
    return `occurred_at: is not within ${FIRST_DATE} and ${LAST_DATE}`;
  if (ms !== undefined) return { date: civilDateIn(zone, ms), occurredAt: isoInstant(ms) };
  const date = civilDate(event.date ?? '');
  if (date === undefined) return `date: ${NO_DAY}`;
  return date < FIRST_DATE || date > LAST_DATE
    ? `date: is not within ${FIRST_DATE} and ${LAST_DATE}`
    : { date };
};

const amountOf = (
  event: GenericEvent,
): { readonly currency: Currency; readonly amountMinor: Minor } | string => {
  const known = currency(event.currency);
  if (known === undefined) return 'currency: is no ISO 4217 code';
  const amountMinor = minorOf(event.amount, known);
  if (amountMinor === undefined) return `amount: is no decimal number that ${known} can hold`;
  if (event.type !== 'adjustment' && amountMinor <= 0n) return `amount: must be positive for ${event.type}`;
  return { currency: known, amountMinor };
};

const factOf = (event: GenericEvent, settings: TenantSettings): Fact | string => {
  const day = dayOf(event, settings.accountingZone);
  if (typeof day === 'string') return day;
  const money = amountOf(event);
  if (typeof money === 'string') return money;
  const account = event.account ?? OWN_ACCOUNT;
  if (isReservedAccount(account)) return `account: ${account} is not for this source`;
  const category = categoryOf(event.category ?? event.type);
  if (category === '') return 'category: has no letter or digit';
  const { description, counterparty, metadata } = event;
  const base = {
    key: `generic:${event.id}`,
    revision: revision('final', event.revision ?? 0),
    source: 'generic',
    ...day,
    ...(description === undefined ? {} : { description }),
    ...(counterparty === undefined ? {} : { counterparty }),
    ...(metadata === undefined ? {} : { metadata }),
    account,
    currency: money.currency,
  };
  if (event.type === 'credit') return { kind: 'credit', ...base, amountMinor: money.amountMinor };
  const amountMinor = event.type === 'expense' ? -money.amountMinor : money.amountMinor;
  return {
    kind: 'cash',
    ...base,
    counterAccount: 'external',
    lines: [{ category, amountMinor }],
    estimated: false,
  };
};

/** The id an event goes by in the answer, however broken the event. */
const nameOf = (value: unknown, index: number): string => {
  const id = typeof value === 'object' && value !== null ? (value as { id?: unknown }).id : undefined;
  return typeof id === 'string' && id !== '' && id.isWellFormed() ? id.slice(0, 200) : `events.${index}`;
};

const readingOf = (value: unknown, index: number, settings: TenantSettings): EventReading => {
  const id = nameOf(value, index);
  const parsed = v.safeParse(eventSchema, value);
  if (!parsed.success) return { id, rejected: parsed.issues.map(problemOf).join('; ') };
  const fact = factOf(parsed.output, settings);
  return typeof fact === 'string' ? { id, rejected: fact } : { id, fact };
};

const interpret = (body: Buffer, settings: TenantSettings): Interpretation => {
  const value = jsonIn(body);
  if (value === undefined)
    return { outcome: 'malformed', problems: ['body: is no JSON in UTF-8'], events: [] };
  const parsed = v.safeParse(envelope, value);
  if (!parsed.success) return { outcome: 'malformed', problems: parsed.issues.map(problemOf), events: [] };
  const events = parsed.output.events.map((event, index) => readingOf(event, index, settings));
  if (events.length === 0) return { outcome: 'ignored', reason: 'no events', doorbells: [] };
  const problems = events.flatMap((event) => ('rejected' in event ? [`${event.id}: ${event.rejected}`] : []));
  return problems.length === events.length
    ? { outcome: 'malformed', problems, events }
    : { outcome: 'facts', events, doorbells: [] };
};

/** Facts from the tenant's own systems, in our own format and signing scheme. */
export const generic: Provider = {
  normaliser: 'generic/1',
  verify: verifyCapstack,
  deliveryId: (request) => request.headers[DELIVERY_HEADER] ?? '',
  interpret,
};
