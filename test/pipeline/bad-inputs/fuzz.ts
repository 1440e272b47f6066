/** Good inputs with parts of them replaced by anything, from one seed. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Answer } from '../../support/local-client.ts';
import { payrollRun } from '../../support/payroll.ts';
import { type Delivery, type Door, formFaults } from './door.ts';
import { scenario, statement } from './owner-cases.ts';
import { scheduled, tranche, weekly } from './plan-cases.ts';
import { expense } from './signed-cases.ts';
import { chargeFor } from './webhook-cases.ts';

const SEED = 20_260_131;

/** Anything that JSON can say, and what people and programs say by mistake. */
const odd: fc.Arbitrary<unknown> = fc.oneof(
  fc.jsonValue({ maxDepth: 2 }),
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.constantFrom<unknown>(
    ...[
      undefined,
      null,
      true,
      '',
      ' ',
      'NaN',
      '1e309',
      '-0',
      '0.01',
      '-12.34',
      '9'.repeat(18),
      '9'.repeat(40),
    ],
    ...[0, -1, 1.5, 2 ** 53, 1e308, '2026-02-29', '2028-02-29', '9999-12-31', '2026-01-31T12:00:00'],
    ...[
      '2026-01-31T23:59:59.999-12:00',
      '__proto__',
      '\u0000',
      '\ud800',
      '\u202e',
      'usd',
      'jpy',
      'zzz',
      {},
      [],
    ],
  ),
);

/** The object with up to three of its members replaced, and perhaps one that it should not have. */
const mutated = (good: Readonly<Record<string, unknown>>): fc.Arbitrary<Record<string, unknown>> =>
  fc
    .array(fc.tuple(fc.oneof(fc.constantFrom(...Object.keys(good)), fc.string({ maxLength: 12 })), odd), {
      minLength: 1,
      maxLength: 3,
    })
    .map((changes) => ({ ...good, ...Object.fromEntries(changes) }));

/** As JSON; nothing where the value has no form in it. */
const written = (value: unknown): string => JSON.stringify(value) ?? '';

export interface Fuzz {
  readonly name: string;
  readonly runs: number;
  readonly property: (door: Door) => fc.IAsyncProperty<unknown>;
}

const right = (answer: Answer, statuses: readonly number[]): void => {
  assert.deepEqual(formFaults(answer), [], `${answer.status} ${JSON.stringify(answer.body)}`);
  assert.ok(statuses.includes(answer.status), `${answer.status} ${JSON.stringify(answer.body)}`);
};

let made = 0;

const delivered =
  (
    source: string,
    input: fc.Arbitrary<() => string | Buffer>,
    holds: (answer: Answer) => void,
    headers?: Delivery['headers'],
  ) =>
  (door: Door) =>
    fc.asyncProperty(input, async (body) => {
      made += 1;
      const name = `fuzz ${made}`;
      holds(
        await door.deliver({ name, source, body: body(), status: 0, says: /./, ...(headers && { headers }) }),
      );
    });

const events = fc
  .array(mutated({ ...expense('x'), account: 'bank', category: 'rent', revision: 1, metadata: { a: 'b' } }), {
    minLength: 1,
    maxLength: 6,
  })
  .map(
    (list) => () =>
      written({
        schema: 1,
        events: list.map((event, index) =>
          event['id'] === 'x' ? { ...event, id: `fuzz-${made}-${index}` } : event,
        ),
      }),
  );

const listed = (answer: Answer): void => {
  right(answer, [200, 400]);
  for (const event of answer.body.events) {
    assert.ok(['accepted', 'duplicate', 'conflict', 'rejected'].includes(event.status));
    assert.ok(event.status !== 'rejected' || event.reason.length > 5);
  }
};

const charges = fc
  .tuple(
    mutated(chargeFor('x')),
    mutated((chargeFor('x')['data'] as { object: Record<string, unknown> }).object),
    fc.boolean(),
  )
  .map(
    ([envelope, object, isInside]) =>
      () =>
        written(
          isInside
            ? chargeFor(`fuzz ${made}`, {
                ...object,
                balance_transaction:
                  object['balance_transaction'] === 'txn_x'
                    ? `txn_fuzz_${made}`
                    : object['balance_transaction'],
              })
            : envelope,
        ),
  );

const payrolls = mutated(payrollRun() as Record<string, unknown>).map(
  (run) => () => written(run['payrollId'] === 'run-1' ? { ...run, payrollId: `fuzz-${made}` } : run),
);

const goodText = written({ schema: 1, events: [expense('cut')] });
const noise = fc
  .oneof(
    fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
    fc.integer({ min: 0, max: goodText.length - 1 }).map((length) => Buffer.from(goodText.slice(0, length))),
    fc.string({ unit: 'binary', minLength: 1, maxLength: 100 }).map((text) => Buffer.from(`\u0001${text}`)),
  )
  .map((body) => () => body);

const headerText = fc.string({
  unit: fc.constantFrom(...' !"#$%,=:;.0123456789abcdefv1tzAZ~'),
  maxLength: 120,
});
const signatures = (door: Door) =>
  fc.asyncProperty(
    fc.constantFrom('stripe', 'generic', 'payroll', 'plaid'),
    fc.tuple(headerText, headerText, headerText),
    async (source, [first, second, third]) => {
      made += 1;
      const answer = await door.deliver({
        name: `fuzz ${made}`,
        source,
        body: written({ schema: 1, events: [expense(`forged-${made}`)], item_id: 'item_1' }),
        status: 401,
        says: /./,
        kept: 'nothing',
        headers: () => ({
          'stripe-signature': first,
          'plaid-verification': first,
          'x-capstack-signature': first,
          'x-capstack-timestamp': second,
          'x-capstack-delivery-id': third,
        }),
      });
      right(answer, [401]);
    },
  );

const asked =
  (method: string, path: string, input: fc.Arbitrary<unknown>, statuses: readonly number[]) => (door: Door) =>
    fc.asyncProperty(input, async (value) => {
      right(await door.ask({ method, path, body: written(value) }), statuses);
    });

const removals = (door: Door) =>
  fc.asyncProperty(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 80 }), async (id) => {
    const path = encodeURIComponent(id).replaceAll('.', '%2E');
    right(await door.ask({ method: 'DELETE', path: `/v1/plan/${path}` }), [404]);
  });

const tokens = (door: Door) =>
  fc.asyncProperty(
    headerText,
    fc.constantFrom('GET /v1/runway', 'PUT /v1/policy/mode'),
    async (text, route) => {
      const [method = '', path = ''] = route.split(' ');
      right(await door.ask({ method, path, authorization: `Bearer ${text}` }), [401]);
    },
  );

/** Cells of an export, with a comma, a quote or a line end here and there. */
const cells = fc
  .array(
    fc.oneof(
      fc.constantFrom('2026-01-02', '5.00', '-5', '"', ',', '\n', '1e5', '2026-02-30'),
      fc.string({ maxLength: 8 }),
    ),
    { maxLength: 12 },
  )
  .map((parts) => ({ ...statement, account: 'fuzzed', csv: `date,amount\n${parts.join(',')}` }));

export const FUZZ: readonly Fuzz[] = [
  { name: 'generic events', runs: 60, property: delivered('generic', events, listed) },
  {
    name: 'Stripe events',
    runs: 60,
    property: delivered('stripe', charges, (answer) => right(answer, [200])),
  },
  { name: 'payrolls', runs: 40, property: delivered('payroll', payrolls, listed) },
  {
    name: 'noise to Stripe',
    runs: 30,
    property: delivered('stripe', noise, (answer) => right(answer, [200])),
  },
  {
    name: 'noise to generic',
    runs: 30,
    property: delivered('generic', noise, (answer) => right(answer, [400])),
  },
  {
    name: 'noise to payroll',
    runs: 20,
    property: delivered('payroll', noise, (answer) => right(answer, [400])),
  },
  { name: 'signatures', runs: 60, property: signatures },
  {
    name: 'plan items',
    runs: 60,
    property: asked(
      'POST',
      '/v1/plan',
      fc.oneof(mutated(scheduled), mutated(weekly), mutated(tranche), odd),
      [200, 400],
    ),
  },
  { name: 'plan items taken back', runs: 30, property: removals },
  {
    name: 'scenarios',
    runs: 40,
    property: asked('POST', '/v1/runway/scenario', fc.oneof(mutated(scenario), odd), [200, 400]),
  },
  {
    name: 'policy modes',
    runs: 30,
    property: asked(
      'PUT',
      '/v1/policy/mode',
      fc.oneof(
        odd.map((mode) => ({ mode })),
        odd,
      ),
      [400],
    ),
  },
  {
    name: 'imports',
    runs: 40,
    property: asked(
      'POST',
      '/v1/imports',
      fc.oneof(mutated({ ...statement, account: 'fuzzed' }), cells),
      [200, 400, 409],
    ),
  },
  { name: 'tokens', runs: 40, property: tokens },
];

/** A run that fails prints its input and the path that leads to it. */
export const check = ({ property, runs }: Fuzz, door: Door): Promise<void> =>
  fc.assert(property(door), { seed: SEED, numRuns: runs, endOnFailure: true });
