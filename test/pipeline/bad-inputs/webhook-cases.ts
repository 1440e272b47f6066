/** Deliveries that are wrong, and what each of them is answered. */
import { gzipSync } from 'node:zlib';
import { charge, dispute, event, refund, transaction } from '../../support/stripe-payloads.ts';
import { capstackHeaders, type Delivery, type Kept, nowSeconds, stripeHeader } from './door.ts';

const MB = 1024 * 1024;
/** The local secret of the tenant `other`. */
const OTHER_STRIPE_SECRET = 'whsec_local_other';

const slug = (name: string): string => name.replaceAll(/[^A-Za-z0-9]+/g, '_').slice(0, 60);

/** A charge that would count but for `fields`. */
export const chargeFor = (
  name: string,
  fields: object = {},
  eventFields: object = {},
): Record<string, unknown> => ({
  ...event(
    'charge.succeeded',
    charge({ id: `ch_${slug(name)}`, balance_transaction: `txn_${slug(name)}`, ...fields }),
  ),
  id: `evt_${slug(name)}`,
  ...eventFields,
});

const stripe = (
  name: string,
  body: unknown,
  kept: Kept,
  says: RegExp,
  more: Partial<Delivery> = {},
): Delivery => ({
  name: `stripe: ${name}`,
  source: 'stripe',
  body: typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body),
  status: 200,
  says,
  kept,
  ...more,
});

/** An event of that many bytes, hard to compress. */
const paddedEvent = (name: string, bytes: number): string => {
  const shell = JSON.stringify(chargeFor(name, {}, { type: 'padded', padding: '' }));
  let random = 1;
  const digits = Array.from({ length: bytes - shell.length }, () => {
    random = (random * 48_271) % 0x7fffffff;
    return (random % 36).toString(36);
  });
  return shell.replace('"padding":""', `"padding":"${digits.join('')}"`);
};

const header = (body: Buffer): string => stripeHeader(body)['stripe-signature'] ?? '';

const NOT_AN_EVENT = /"accepted","quarantined":"not a Stripe event/;

/** Authentic, but no event of Stripe's. */
const stripeBodies: readonly Delivery[] = Object.entries<unknown>({
  'broken JSON': '{"id":"evt_broken"',
  'an empty body': '',
  'a list': [],
  null: 'null',
  'a text': '"evt"',
  'a number': '42',
  'bytes that are no UTF-8': Buffer.from([0xff, 0xfe, 0x00, 0x80]),
  gzip: gzipSync(JSON.stringify(chargeFor('gzip'))),
  base64: Buffer.from(JSON.stringify(chargeFor('base64'))).toString('base64'),
  'a byte order mark': `\ufeff${JSON.stringify(chargeFor('bom'))}`,
  'NaN in JSON': JSON.stringify(chargeFor('nan')).replace('"amount":4900', '"amount":NaN'),
  'two events in a row': `${JSON.stringify(chargeFor('two a'))}\n${JSON.stringify(chargeFor('two b'))}`,
  'no data': { ...chargeFor('no data'), data: undefined },
  'null data': { ...chargeFor('null data'), data: null },
  'a list as object': chargeFor('list', {}, { data: { object: [1] } }),
  'livemode as text': chargeFor('livemode text', {}, { livemode: 'false' }),
  'no livemode': chargeFor('no livemode', {}, { livemode: undefined }),
  'id as number': chargeFor('id number', {}, { id: 7 }),
  'type null': chargeFor('type null', {}, { type: null }),
  'account as object': chargeFor('account object', {}, { account: {} }),
  'account of a path': chargeFor('account path', {}, { account: '../acct#1' }),
  'all in a prototype': `{"__proto__":${JSON.stringify(chargeFor('proto'))}}`,
  'a thin event of v2': {
    id: 'evt_thin',
    object: 'v2.core.event',
    type: 'v1.billing.meter.error_report_triggered',
    created: '2026-01-01T00:00:00Z',
    livemode: false,
    related_object: { id: 'mtr_1', type: 'billing.meter', url: '/v1/billing/meters/mtr_1' },
  },
  'deep nesting': `${'{"data":'.repeat(50_000)}1${'}'.repeat(50_000)}`,
}).map(([name, body]) =>
  stripe(
    name,
    body,
    'quarantined',
    name === 'a list as object' ? /"quarantined":"charge.succeeded: object is not understood/ : NOT_AN_EVENT,
  ),
);

/** Members of a charge with values that no charge has. */
const CHARGE_MEMBERS: Readonly<Record<string, readonly unknown[]>> = {
  amount: ['4900', 49.5, null, true, [], {}, -1, 2 ** 53, undefined],
  amount_captured: ['1', 0.5, -4900, {}],
  currency: [null, 7, {}, undefined],
  created: [null, 'now', 1.5, 0, -1, 946_684_799, 7_258_118_400, 1_767_225_600_000],
  balance_transaction: [7, true, {}, '', 'a b', '../x', 'txn_\u0000', 'x'.repeat(101), ['txn_1']],
  captured: ['yes', 1],
  object: ['refund', null],
};

const stripeCharges: readonly Delivery[] = [
  ...Object.entries(CHARGE_MEMBERS).flatMap(([member, values]) =>
    values.map((value, index) =>
      stripe(
        `${member} ${index} is ${String(JSON.stringify(value)).slice(0, 30)}`,
        chargeFor(`${member} ${index}`, { [member]: value }),
        'quarantined',
        new RegExp(`"quarantined":"charge.succeeded: ${member}.* is not understood"`),
      ),
    ),
  ),
  stripe(
    'amount 1e309',
    JSON.stringify(chargeFor('1e309')).replace('"amount":4900', '"amount":1e309'),
    'quarantined',
    /amount is not understood/,
  ),
  ...['zzz', '', 'us', 'usd ', 'u\u017fd', 'constructor'].map((currency) =>
    stripe(
      `currency "${currency}"`,
      chargeFor(`currency ${currency}`, { currency }),
      'quarantined',
      /"quarantined":"txn_.*: no such amount of /,
    ),
  ),
  stripe(
    'part of a shilling',
    chargeFor('ugx', { currency: 'ugx', amount: 101, amount_captured: 101 }),
    'quarantined',
    /no such amount of ugx/,
  ),
  stripe(
    'a transaction that does not add up',
    chargeFor('net', { balance_transaction: transaction({ id: 'txn_net', net: 1 }) }),
    'quarantined',
    /net is not amount less fee/,
  ),
  stripe(
    'a transaction in a currency of nobody',
    chargeFor('txn currency', { balance_transaction: transaction({ id: 'txn_cur', currency: 'zzz' }) }),
    'quarantined',
    /txn_cur: no such amount/,
  ),
  stripe(
    'a negative refund',
    { ...event('refund.created', refund({ amount: -5 })), id: 'evt_negative_refund' },
    'quarantined',
    /refund.created: amount is not understood/,
  ),
  stripe(
    'disputed transactions as an object',
    {
      ...event('charge.dispute.created', { ...dispute([]), balance_transactions: {} }),
      id: 'evt_dispute_object',
    },
    'quarantined',
    /charge.dispute.created: balance_transactions/,
  ),
];

const ignored = (name: string, body: unknown, says: RegExp): Delivery => stripe(name, body, 'ignored', says);

const stripeIgnored: readonly Delivery[] = [
  ignored(
    'the other mode',
    chargeFor('live', {}, { livemode: true }),
    /"ignored","reason":"event of the other mode"/,
  ),
  ...['foo.bar', '__proto__', 'constructor', 'charge.succeeded ', 'charge.succeeded\n', ''].map((type) =>
    ignored(
      `type ${JSON.stringify(type)}`,
      chargeFor(`type ${type}`, {}, { type }),
      /"ignored","reason":"nothing to do for/,
    ),
  ),
  ignored(
    'a charge without transaction',
    chargeFor('null txn', { balance_transaction: null }),
    /"ignored","reason":"no money moved yet"/,
  ),
  ignored(
    'a charge that leaves it out',
    chargeFor('no txn', { balance_transaction: undefined }),
    /no money moved yet/,
  ),
  ignored(
    'an authorisation',
    chargeFor('authorised', { captured: false }),
    /an authorisation moves no money/,
  ),
  ignored(
    'a refunded charge',
    chargeFor('refunded', {}, { type: 'charge.refunded' }),
    /a refund moves its money/,
  ),
  ignored(
    'an inquiry',
    { ...event('charge.dispute.created', dispute([])), id: 'evt_inquiry' },
    /a dispute without settled/,
  ),
  ignored(
    'an id of 3,000 characters',
    chargeFor('long id', {}, { id: 'e'.repeat(3_000), type: 'foo.bar' }),
    /nothing to do/,
  ),
  ignored('exactly 1 MB', paddedEvent('exact', MB), /nothing to do for padded/),
];

const UNAUTHORIZED = /^\{"type":"about:blank","title":"Unauthorized","status":401\}$/;

const stripeStrangers: readonly Delivery[] = Object.entries<(body: Buffer) => Record<string, string>>({
  'no signature': () => ({}),
  'an empty signature': () => ({ 'stripe-signature': '' }),
  'no time': (body) => ({ 'stripe-signature': header(body).replace(/^t=\d+,/, '') }),
  'no v1': () => ({ 'stripe-signature': `t=${nowSeconds()}` }),
  'v0 alone': (body) => ({ 'stripe-signature': header(body).replace('v1=', 'v0=') }),
  'a time in words': (body) => ({ 'stripe-signature': header(body).replace(/t=\d+/, 't=now') }),
  'two times': (body) => ({ 'stripe-signature': `t=1,${header(body)}` }),
  'the header twice': (body) => ({ 'stripe-signature': `${header(body)}, ${header(body)}` }),
  'half a signature': (body) => ({ 'stripe-signature': header(body).slice(0, -32) }),
  'other bytes': (body) => stripeHeader(Buffer.concat([body, Buffer.from(' ')])),
  'another secret': (body) => stripeHeader(body, { secret: 'whsec_guess' }),
  "another tenant's secret": (body) => stripeHeader(body, { secret: OTHER_STRIPE_SECRET }),
  'an empty secret': (body) => stripeHeader(body, { secret: '' }),
  'a time gone by': (body) => stripeHeader(body, { seconds: nowSeconds() - 330 }),
  'a time to come': (body) => stripeHeader(body, { seconds: nowSeconds() + 120 }),
  'a time in milliseconds': (body) => stripeHeader(body, { seconds: Date.now() }),
  'the right one last of many': (body) => ({
    'stripe-signature': header(body).replace(/,v1=/, `${`,v1=${'0'.repeat(64)}`.repeat(20)},v1=`),
  }),
  'the scheme of another source': (body) => capstackHeaders(body),
}).map(([name, headers]) =>
  stripe(name, chargeFor(`stranger ${name}`), 'nothing', UNAUTHORIZED, { status: 401, headers }),
);

const elsewhere = (name: string, path: string, status: number, says: RegExp, method = 'POST'): Delivery =>
  stripe(name, chargeFor(name), 'nothing', says, { path, status, method });

const strangeAddresses: readonly Delivery[] = [
  ...[
    'nobody',
    'DEMO',
    '__proto__',
    'constructor',
    '%00',
    'demo%2Fother',
    '%E0%A4%A',
    'demo%20',
    'd'.repeat(500),
  ].map((tenant) =>
    elsewhere(`tenant ${tenant.slice(0, 20)}`, `/v1/webhooks/${tenant}/stripe`, 401, UNAUTHORIZED),
  ),
  ...['nothing', 'STRIPE', '__proto__', 'toString', 'stripe%20', '%00', '..%2fstripe', 'owner', 'csv'].map(
    (source) => elsewhere(`source ${source}`, `/v1/webhooks/demo/${source}`, 404, /no such webhook source/),
  ),
  elsewhere('unknown tenant and source', '/v1/webhooks/nobody/nothing', 404, /no such webhook source/),
  ...[
    '/v1/webhooks/demo/stripe/',
    '/v1/webhooks/demo',
    '/v1/webhooks//stripe',
    '/V1/webhooks/demo/stripe',
    '/v2/webhooks/demo/stripe',
    '//v1/webhooks/demo/stripe',
  ].map((path) => elsewhere(`path ${path}`, path, 404, /Not Found/)),
  ...['GET', 'PUT', 'PATCH', 'DELETE'].map((method) =>
    elsewhere(`method ${method}`, '/v1/webhooks/demo/stripe', 404, /Not Found/, method),
  ),
];

const OVERSIZE = paddedEvent('too large', MB + 1);
const tooLarge: readonly Delivery[] = ['stripe', 'generic', 'payroll', 'plaid', 'nothing'].map((source) => ({
  name: `${source}: 1 MB and a byte`,
  source,
  body: OVERSIZE,
  status: 413,
  says: /at most 1 MB/,
  kept: 'nothing',
}));

/** Plaid's signature is by a key that only Plaid has; whatever else comes is a stranger's. */
const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const plaidStrangers: readonly Delivery[] = Object.entries<Record<string, string>>({
  'no token': {},
  'no JWT': { 'plaid-verification': 'x' },
  'an unsigned token': {
    'plaid-verification': `${part({ alg: 'none', kid: 'k' })}.${part({ iat: nowSeconds() })}.`,
  },
  'a token of HS256': {
    'plaid-verification': `${part({ alg: 'HS256', kid: 'k' })}.${part({ iat: nowSeconds() })}.x`,
  },
  'a key of nobody': {
    'plaid-verification': `${part({ alg: 'ES256', kid: 'nobody' })}.${part({ iat: nowSeconds(), request_body_sha256: 'x' })}.x`,
  },
}).map(([name, headers]) => ({
  name: `plaid: ${name}`,
  source: 'plaid',
  body: JSON.stringify({
    webhook_type: 'TRANSACTIONS',
    webhook_code: 'SYNC_UPDATES_AVAILABLE',
    item_id: 'item_1',
    name,
  }),
  status: 401,
  says: UNAUTHORIZED,
  kept: 'nothing',
  headers: () => headers,
}));

export const STRIPE: readonly Delivery[] = [...stripeBodies, ...stripeCharges, ...stripeIgnored];
export const STRANGERS: readonly Delivery[] = [...stripeStrangers, ...strangeAddresses, ...plaidStrangers];
export const TOO_LARGE: readonly Delivery[] = tooLarge;
