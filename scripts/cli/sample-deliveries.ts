/** Deliveries that try a webhook door without moving money: what each is, and what it should be answered. */
import { basicAuthorization } from '../../shared/providers/basic-auth.ts';
import { signedHeaders } from '../../shared/providers/generic/signature.ts';
import { GUSTO_HEADER } from '../../shared/providers/gusto/signature.ts';
import { hmacSha256 } from '../../shared/providers/signing.ts';
import { civilDateIn } from '../../shared/time/civil-date.ts';

export const SAMPLE_SOURCES = ['stripe', 'chargebee', 'gusto', 'generic', 'payroll'] as const;
export type SampleSource = (typeof SAMPLE_SOURCES)[number];

/** The documented test values of a local run; no deployment accepts them. */
export const LOCAL_SECRETS: Readonly<Record<SampleSource, string>> = {
  stripe: 'whsec_local',
  chargebee: 'local:local',
  gusto: 'local-secret',
  generic: 'local-secret',
  payroll: 'local-secret',
};

export interface Sample {
  readonly what: string;
  /** Last part of the address. */
  readonly source: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** `200 accepted`, `401`. */
  readonly expected: string;
}

/** Sources that sign the time too. Gusto does not, and Chargebee signs nothing: it sends a name and a password. */
const TIMED: ReadonlySet<SampleSource> = new Set(['stripe', 'generic', 'payroll']);

/** An hour off: five minutes are allowed. */
const STALE_MS = 3_600_000;

/** Headers with which a source's deliveries prove whose they are. */
export const sign = (
  source: SampleSource,
  secret: string,
  id: string,
  body: string,
  nowMs: number,
): Record<string, string> => {
  switch (source) {
    case 'stripe': {
      const seconds = Math.floor(nowMs / 1000);
      const v1 = hmacSha256(secret, `${seconds}.`, body).toString('hex');
      return { 'stripe-signature': `t=${seconds},v1=${v1}` };
    }
    case 'gusto':
      return { [GUSTO_HEADER]: hmacSha256(secret, body).toString('hex') };
    case 'chargebee': {
      const [user = '', ...password] = secret.split(':');
      return { authorization: basicAuthorization(user, password.join(':')) };
    }
    default:
      return signedHeaders(secret, id, Buffer.from(body), nowMs);
  }
};

/** What each source sends when nothing happened: an adjustment by nothing, a payroll that was cancelled, else an event of an unknown type. */
const BODIES: Readonly<Record<SampleSource, (id: string, nowMs: number) => unknown>> = {
  stripe: (id, nowMs) => ({
    id: `evt_${id}`,
    object: 'event',
    type: 'capstack.test',
    created: Math.floor(nowMs / 1000),
    livemode: false,
    data: { object: { id: 'capstack_test', object: 'test' } },
  }),
  chargebee: (id, nowMs) => ({
    id: `ev_${id}`,
    occurred_at: Math.floor(nowMs / 1000),
    source: 'api',
    object: 'event',
    api_version: 'v2',
    event_type: 'capstack_test',
    webhook_status: 'scheduled',
    content: {},
  }),
  gusto: (id, nowMs) => ({
    uuid: id,
    event_type: 'capstack.test',
    resource_type: 'Company',
    entity_type: 'Test',
    entity_uuid: id,
    timestamp: Math.floor(nowMs / 1000),
  }),
  generic: (id, nowMs) => ({
    schema: 1,
    events: [
      {
        id,
        type: 'adjustment',
        amount: '0',
        currency: 'USD',
        date: civilDateIn('UTC', nowMs),
        category: 'test',
      },
    ],
  }),
  payroll: (id, nowMs) => ({
    schema: 1,
    eventId: id,
    payrollId: id,
    revision: 1,
    status: 'cancelled',
    currency: 'USD',
    legs: [{ leg: 'net', amountMinor: '0', cashDate: civilDateIn('UTC', nowMs) }],
    grossMinor: '0',
    netMinor: '0',
    employeeTaxMinor: '0',
    employerTaxMinor: '0',
    payDate: civilDateIn('UTC', nowMs),
    zone: 'UTC',
  }),
};

/**
 * The deliveries of one source, to be sent in this order.
 * @param id names this run, so that its first delivery is news.
 */
export const samplesOf = (
  source: SampleSource,
  secret: string,
  id: string,
  nowMs: number,
): readonly Sample[] => {
  const body = JSON.stringify(BODIES[source](id, nowMs));
  const of = (what: string, expected: string, headers: Record<string, string>, sent = body): Sample => ({
    what,
    source,
    headers,
    body: sent,
    expected,
  });
  const signed = (text: string, atMs = nowMs): Record<string, string> => sign(source, secret, id, text, atMs);
  const isOurs = source === 'generic' || source === 'payroll';
  const known = !isOurs
    ? [of('an event of an unknown type', '200 ignored', signed(body))]
    : [
        of('an event that moves nothing', '200 accepted', signed(body)),
        of('the same again', '200 duplicate', signed(body)),
        of('a body that is not understood', '400', signed('{}'), '{}'),
      ];
  return [
    ...known,
    of('signed with another secret', '401', sign(source, `${secret}x`, id, body, nowMs)),
    ...(TIMED.has(source) ? [of('signed an hour ago', '401', signed(body, nowMs - STALE_MS))] : []),
    ...(source === 'chargebee' ? [] : [of('changed after it was signed', '401', signed(body), `${body} `)]),
    of('without a signature', '401', {}),
  ];
};

/** A source that no deployment has. */
export const unknownSource = (): Sample => ({
  what: 'from a source that does not exist',
  source: 'capstack-test',
  headers: {},
  body: '{}',
  expected: '404',
});
