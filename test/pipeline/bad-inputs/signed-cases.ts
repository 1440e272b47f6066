/** Deliveries in our own signing scheme that are wrong: single events, whole bodies, payrolls, signatures. */
import { gzipSync } from 'node:zlib';
import { payrollRun } from '../../support/payroll.ts';
import { capstackHeaders, type Delivery, type Kept, nowSeconds } from './door.ts';

export const MAX_EVENTS = 500;

/** An expense that would count but for `fields`. */
export const expense = (id: string, fields: object = {}): Record<string, unknown> => ({
  id,
  type: 'expense',
  amount: '12.34',
  currency: 'USD',
  date: '2026-01-31',
  ...fields,
});

const DEEP = JSON.parse(`${'{"a":'.repeat(500)}1${'}'.repeat(500)}`);

/** Members of an event with values that no event has. A member of `undefined` is left out. */
const MEMBERS: Readonly<Record<string, readonly unknown[]>> = {
  id: [undefined, null, 7, '', {}, [], 'x'.repeat(201), 'a\u0000b', 'a\nb', 'lone \ud800', '\u0085'],
  type: [undefined, null, 'Expense', 'refund', '__proto__', 'constructor', 7, ['expense']],
  amount: [
    ...[undefined, null, 12.34, 12, true, [], {}, '', ' ', 'NaN', 'Infinity', '-Infinity', '1e309', '1e3'],
    ...[
      '0',
      '0.00',
      '-0',
      '-12.34',
      '+12.34',
      ' 12.34',
      '12.34 ',
      '12.34\n',
      '1,234.00',
      '12,34',
      '.5',
      '5.',
    ],
    ...[
      '12.345',
      '0x10',
      '١٢',
      '１２',
      '--5',
      '1_000',
      '9'.repeat(19),
      '12.34USD',
      '$12',
      '\u0000',
      '\ud800',
    ],
  ],
  currency: [undefined, null, 7, '', 'US', 'USDT', 'ZZZ', 'US ', 'u\u00df', '\u0131ls', '__proto__', '$'],
  date: [
    ...[undefined, null, 20260131, '', '2026-02-30', '2026-13-01', '2026-00-10', '20260131', '2026-1-31'],
    ...[
      '31.01.2026',
      '2026-01-31T00:00:00Z',
      '1969-12-31',
      '2200-01-01',
      '0000-01-01',
      '-2026-01-31',
      'today',
    ],
  ],
  account: [
    null,
    7,
    '',
    'external',
    'stripe_balance',
    'transit:stripe',
    'suspense',
    'x'.repeat(101),
    'a\u0000',
  ],
  category: [null, 7, '', '!!!', 'x'.repeat(65), 'a\u0000', '\udc00'],
  counterparty: [null, 7, '', 'x'.repeat(201), 'a\u0007'],
  description: [null, 7, {}, 'x'.repeat(1_001), 'lone \udfff'],
  revision: [null, '1', -1, 1.5, 2 ** 53, 1e15, true],
  metadata: [
    ...[
      null,
      7,
      'x',
      [],
      ['a'],
      { a: 1 },
      { a: null },
      { '': 'x' },
      { a: 'x'.repeat(501) },
      { 'a\u0000': 'x' },
    ],
    ...[
      { a: '\ud800' },
      { ['x'.repeat(101)]: 'x' },
      { a: DEEP },
      { constructor: 'x' },
      JSON.parse('{"__proto__":"x"}'),
    ],
    Object.fromEntries(Array.from({ length: 51 }, (_, index) => [`k${index}`, 'x'])),
  ],
  occurred_at: ['2026-01-31T12:00:00Z'],
  amount_minor: [1234],
  toString: ['x'],
};

/** Instants in the place of the date. */
const INSTANTS: readonly unknown[] = [
  ...[
    '2026-01-31T12:00:00',
    '2026-01-31 12:00:00Z',
    '2026-01-31T12:00Z',
    '2026-01-31',
    '2026-02-30T12:00:00Z',
  ],
  ...[
    '2026-01-31T24:00:00Z',
    '2026-01-31T12:60:00Z',
    '2026-01-31T12:00:00+99:00',
    '2026-01-31T12:00:00 Europe/Paris',
  ],
  ...['1769860800', '', '1969-12-31T23:59:59Z', '2200-01-01T00:00:00Z', '2026-01-31T12:00:00z'],
  ...[null, 1_769_860_800, {}],
];

export interface BadEvent {
  readonly id: string;
  /** What the refusal names. */
  readonly member: string;
  readonly event: Record<string, unknown>;
}

const named = (member: string, index: number, event: Record<string, unknown>, says = member): BadEvent => ({
  id: typeof event['id'] === 'string' ? event['id'] : `${member} ${index}`,
  member: says,
  event,
});

export const BAD_EVENTS: readonly BadEvent[] = [
  ...Object.entries(MEMBERS).flatMap(([member, values]) =>
    values.map((value, index) => {
      const fields = member === 'occurred_at' || (member === 'date' && value === undefined);
      return named(
        member,
        index,
        expense(`bad ${member} ${index}`, { [member]: value }),
        fields ? 'needs either date or occurred_at' : `${member}`,
      );
    }),
  ),
  ...INSTANTS.map((occurred_at, index) =>
    named('occurred_at', index, expense(`bad instant ${index}`, { date: undefined, occurred_at })),
  ),
  ...['income', 'credit'].map((type, index) =>
    named(
      'amount',
      index,
      expense(`bad ${type}`, { type, amount: '-1.00' }),
      `amount: must be positive for ${type}`,
    ),
  ),
  named(
    'proto',
    0,
    JSON.parse(
      '{"id":"bad proto","type":"expense","amount":"1","currency":"USD","date":"2026-01-31","__proto__":{}}',
    ),
    '__proto__: is no member',
  ),
  named('yen', 0, expense('bad yen', { currency: 'JPY', amount: '100.5' }), 'amount'),
];

const generic = (name: string, body: unknown, status: number, kept: Kept, says: RegExp): Delivery => ({
  name: `generic: ${name}`,
  source: 'generic',
  body: typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body),
  status,
  says,
  kept,
});

const NO_JSON = /"detail":"body: is no JSON in UTF-8"/;
const whole = { schema: 1, events: [expense('whole body')] };
const wholeText = JSON.stringify(whole);

const bodies: readonly (readonly [name: string, body: unknown, says: RegExp])[] = [
  ['broken JSON', wholeText.slice(0, -1), NO_JSON],
  ['an empty body', '', NO_JSON],
  ['gzip', gzipSync(wholeText), NO_JSON],
  ['base64', Buffer.from(wholeText).toString('base64'), NO_JSON],
  ['UTF-16', Buffer.from(wholeText, 'utf16le'), NO_JSON],
  ['Latin-1', Buffer.from(wholeText.replace('whole', 'wh\u00f6le'), 'latin1'), NO_JSON],
  ['NaN', wholeText.replace('"12.34"', 'NaN'), NO_JSON],
  ['a form', 'schema=1&events=', NO_JSON],
  ['a raw null byte', wholeText.replace('whole', 'wh\u0000le'), NO_JSON],
  ['null', 'null', /body: is no object/],
  ['a list', [], /schema: is missing/],
  ['a text', '"x"', /body: is no object/],
  ['no schema', { events: [] }, /schema: is missing/],
  ['schema as text', { ...whole, schema: '1' }, /schema: is not 1/],
  ['schema 2', { ...whole, schema: 2 }, /schema: is not 1/],
  ['no events', { schema: 1 }, /events: is missing/],
  ['events as an object', { schema: 1, events: {} }, /events: is no list/],
  ['null events', { schema: 1, events: null }, /events: is no list/],
  ['an unknown member', { ...whole, tenant: 'other' }, /tenant: is no member here/],
  ['a prototype', `{"__proto__":{},${wholeText.slice(1)}`, /__proto__: is no member here/],
  ['events that are none', { schema: 1, events: [null, 1, 'x', [], {}] }, /events.0: body: is no object/],
  [
    '501 events',
    { schema: 1, events: Array.from({ length: MAX_EVENTS + 1 }, (_, index) => expense(`many ${index}`)) },
    /holds more than 500 events: send them in several/,
  ],
  ['deep lists', `{"schema":1,"events":${'['.repeat(100_000)}${']'.repeat(100_000)}}`, /is missing/],
  [
    'metadata of 90,000 entries',
    {
      schema: 1,
      events: [
        expense('entries', {
          metadata: Object.fromEntries(Array.from({ length: 90_000 }, (_, index) => [index.toString(36), 1])),
        }),
      ],
    },
    /metadata: has more than 50 entries/,
  ],
  [
    'a member of 900 KB',
    { schema: 1, events: [expense('long member', { ['x'.repeat(900_000)]: 1 })] },
    /is no member here/,
  ],
  [
    '500 empty events',
    { schema: 1, events: Array.from({ length: MAX_EVENTS }, () => ({})) },
    /id: is missing/,
  ],
];

const PAYROLL: Readonly<Record<string, readonly unknown[]>> = {
  schema: [undefined, 2, '1', null],
  eventId: [undefined, '', 7, 'a\u0000', 'x'.repeat(201)],
  payrollId: [undefined, '', null, {}, '\ud800', 'x'.repeat(201)],
  revision: [undefined, 0, -1, 1.5, '1', 1e10, null],
  status: [undefined, 'PAID', 'constructor', null],
  currency: [undefined, 'ZZZ', 7, '__proto__'],
  legs: [undefined, [], {}, 'net', [null], [{}]],
  grossMinor: [undefined, '-1', '1.5', 1.5, -1, '1e5', '9'.repeat(16), null, 1],
  netMinor: [undefined, '1', '-7000000', 'NaN', 2 ** 53],
  employeeTaxMinor: ['1', true],
  employerTaxMinor: ['1', {}],
  payDate: [undefined, '2026-02-30', '2026-01-15T00:00:00Z', '1969-12-31', 20260115],
  zone: [undefined, 'Mars/Olympus', '', 7],
  bonus: [1],
};
const leg = { leg: 'net', amountMinor: '7000000', cashDate: '2026-01-15' };
const tax = { leg: 'tax', amountMinor: '3800000', cashDate: '2026-01-20' };
const LEGS: readonly unknown[] = [
  [{ ...leg, leg: 'Net Pay' }, tax],
  [{ ...leg, amountMinor: '-7000000' }, tax],
  [{ ...leg, amountMinor: 0.5 }, tax],
  [{ ...leg, cashDate: '2026-02-30' }, tax],
  [{ ...leg, extra: 1 }, tax],
  [{ ...leg, amountMinor: '3500000' }, { ...leg, amountMinor: '3500000' }, tax],
  [leg],
  Array.from({ length: 21 }, (_, index) => ({ ...leg, leg: `net_${index}` })),
];

const payroll = (name: string, body: unknown, says: RegExp): Delivery => ({
  ...generic(name, body, 400, 'nothing', says),
  name: `payroll: ${name}`,
  source: 'payroll',
});

const stranger = (name: string, headers: (body: Buffer) => Record<string, string>): Delivery => ({
  ...generic(
    `stranger with ${name}`,
    { schema: 1, events: [expense(`stranger ${name}`)] },
    401,
    'nothing',
    /^\{"type":"about:blank","title":"Unauthorized","status":401\}$/,
  ),
  headers,
});

/** Headers of a good delivery with one of them replaced, or left out. */
const but =
  (name: string, value?: (good: string) => string) =>
  (body: Buffer): Record<string, string> => {
    const good = capstackHeaders(body);
    const { [name]: replaced = '', ...rest } = good;
    return value === undefined ? rest : { ...rest, [name]: value(replaced) };
  };
const id = (text: string) => (body: Buffer) => capstackHeaders(body, { id: text });

const strangers: readonly Delivery[] = [
  stranger('no headers', () => ({})),
  ...['timestamp', 'delivery-id', 'signature'].flatMap((name) => [
    stranger(`no ${name}`, but(`x-capstack-${name}`)),
    stranger(
      `an empty ${name}`,
      but(`x-capstack-${name}`, () => ''),
    ),
    stranger(
      `another ${name}`,
      but(`x-capstack-${name}`, (good) => good.replace(/.$/, (last) => (last === '0' ? '1' : '0'))),
    ),
    stranger(
      `the ${name} twice`,
      but(`x-capstack-${name}`, (good) => `${good}x, ${good}x`),
    ),
  ]),
  stranger(
    'v2',
    but('x-capstack-signature', (good) => good.replace('v1=', 'v2=')),
  ),
  stranger(
    'the right one last of many',
    but('x-capstack-signature', (good) => `${`v1=${'0'.repeat(64)},`.repeat(20)}${good}`),
  ),
  stranger('other bytes', (body) => capstackHeaders(Buffer.concat([body, Buffer.from('\n')]))),
  stranger('another secret', (body) => capstackHeaders(body, { secret: 'guess' })),
  stranger("another tenant's secret", (body) => capstackHeaders(body, { secret: 'local-secret_other' })),
  stranger('a time gone by', (body) => capstackHeaders(body, { nowMs: Date.now() - 330_000 })),
  stranger('a time to come', (body) => capstackHeaders(body, { nowMs: Date.now() + 330_000 })),
  stranger('a time in milliseconds', (body) => capstackHeaders(body, { nowMs: Date.now() * 1_000 })),
  stranger('a delivery id with a blank', id('a b')),
  stranger('a delivery id of 201 characters', id('x'.repeat(201))),
  stranger('a delivery id beyond ASCII', id('caf\u00e9')),
  stranger("Stripe's scheme", (body) => ({
    'stripe-signature': `t=${nowSeconds()},v1=${capstackHeaders(body)['x-capstack-signature']?.slice(3)}`,
  })),
];

export const SIGNED: readonly Delivery[] = [
  ...bodies.map(([name, body, says]) => generic(name, body, 400, 'nothing', says)),
  generic('no events at all', { schema: 1, events: [] }, 200, 'ignored', /"ignored","reason":"no events"/),
  ...BAD_EVENTS.map(({ id: name, member, event }, index) =>
    generic(
      `event ${index} ${name.slice(0, 30)}`,
      { schema: 1, events: [event] },
      400,
      'nothing',
      new RegExp(`"reason":"[^"]*${member}`),
    ),
  ),
  ...Object.entries(PAYROLL).flatMap(([member, values]) =>
    values.map((value, index) =>
      payroll(
        `${member} ${index}`,
        payrollRun({ payrollId: `bad-${member}-${index}`, [member]: value }),
        new RegExp(`${member}|legs`),
      ),
    ),
  ),
  ...LEGS.map((legs, index) =>
    payroll(`legs told ${index}`, payrollRun({ payrollId: `bad-legs-${index}`, legs }), /legs/),
  ),
  payroll('broken JSON', '{"schema":1', NO_JSON),
  payroll('a list', [], /schema: is missing/),
  payroll(
    'a prototype',
    `{"__proto__":{},${JSON.stringify(payrollRun()).slice(1)}`,
    /__proto__: is no member/,
  ),
  ...strangers,
];
