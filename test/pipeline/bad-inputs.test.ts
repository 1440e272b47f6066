/**
 * Wrong inputs at every door of a running pipeline. Each is answered as it should be and by words that help; what should be
 * kept is kept, nothing else is, and afterwards everything works as before.
 */
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import type { KeptBody } from '../../shared/intake/delivery.ts';
import type { DeliveryRow, LedgerRow } from '../../shared/ledger/row.ts';
import { currency } from '../../shared/money/currency.ts';
import { civilDate } from '../../shared/time/civil-date.ts';
import { until } from '../support/local-client.ts';
import { localWorld } from '../support/local-world.ts';
import { assertAnswers, capstackHeaders, doorOf, stripeHeader } from './bad-inputs/door.ts';
import { check, FUZZ } from './bad-inputs/fuzz.ts';
import { acceptedKeys, deliveryRows, promised, type Stored, storedBy } from './bad-inputs/ledger.ts';
import { IMPORTED, POLICY_MODES, SCENARIOS } from './bad-inputs/owner-cases.ts';
import { PLAN_ITEMS } from './bad-inputs/plan-cases.ts';
import { BAD_EVENTS, expense, MAX_EVENTS, SIGNED } from './bad-inputs/signed-cases.ts';
import { tokenCases } from './bad-inputs/token-cases.ts';
import { chargeFor, STRANGERS, STRIPE, TOO_LARGE } from './bad-inputs/webhook-cases.ts';

const CONFIGURATION = `
policy: { tenant: demo }
tenants:
  - name: demo
    accounting_zone: America/New_York
    base_currency: USD
    livemode: false
    plaid: [{ item_id: item_1 }]
  - { name: other, accounting_zone: UTC, base_currency: USD, livemode: false }
`;
const SOURCES = ['stripe', 'generic', 'payroll', 'plaid'];

const { run, admin } = await localWorld(CONFIGURATION);
const door = doorOf(run.url, admin);

const ok = { status: 200, says: /./, kept: 'facts' } as const;
const events = (list: readonly unknown[]): string => JSON.stringify({ schema: 1, events: list });

const keptOf = ({ body, bodyPointer = '' }: DeliveryRow): KeptBody =>
  body === undefined ? { bodyPointer } : { body };

/** Money from and to the outside in the base currency, over the revisions that stand. */
const cashOf = (ledger: readonly LedgerRow[]): bigint => {
  const reversed = new Set(
    ledger.flatMap((row) => (row.kind === 'reversal' ? [`${row.pk} ${row.reverses}`] : [])),
  );
  return ledger
    .flatMap((row) => (row.kind === 'fact' && !reversed.has(`${row.pk} ${row.sk}`) ? [row.fact] : []))
    .flatMap((fact) =>
      fact.kind === 'cash' && fact.currency === 'USD' && fact.counterAccount === 'external' ? fact.lines : [],
    )
    .reduce((sum, { amountMinor }) => sum + amountMinor, 0n);
};

describe('what is wrong is answered as such', () => {
  test('Stripe deliveries', () => assertAnswers(STRIPE, door.deliver));
  test('deliveries of strangers, and to addresses that there are not', () =>
    assertAnswers(STRANGERS, door.deliver));
  test('deliveries of more than 1 MB', () => assertAnswers(TOO_LARGE, door.deliver));
  test('generic and payroll deliveries', () => assertAnswers(SIGNED, door.deliver));
  test('plan items', () => assertAnswers(PLAN_ITEMS, door.ask));
  test('scenarios', () => assertAnswers(SCENARIOS, door.ask));
  test('policy modes', () => assertAnswers(POLICY_MODES, door.ask));
  test('imports', () => assertAnswers(IMPORTED, door.ask));

  test('tokens', async () => {
    const token = (tenant: string, scope: string, ttlSeconds?: number): Promise<string> =>
      run.token({ tenant, scopes: [scope], ttlSeconds });
    const cases = tokenCases(admin, {
      expired: await token('demo', 'admin', -60),
      stranger: await token('nobody', 'admin'),
      proto: await token('__proto__', 'admin'),
      unscoped: await token('demo', 'metrics:read'),
    });
    await assertAnswers(cases, door.ask);
  });

  test('bad events do not hold up a good one beside them', async () => {
    const sent = [...BAD_EVENTS.map(({ event }) => event), expense('good among bad')];
    const { status, body } = await door.deliver({
      ...ok,
      name: 'mixed',
      source: 'generic',
      body: events(sent),
    });
    assert.deepEqual([status, body.status, body.events.length], [200, 'accepted', sent.length]);
    for (const [index, { id, member }] of BAD_EVENTS.entries()) {
      const { status: each, reason } = body.events[index];
      assert.ok(each === 'rejected' && reason.includes(member), `${id}: ${each} ${reason}`);
    }
    assert.deepEqual(body.events.at(-1), { id: 'good among bad', status: 'accepted' });
  });

  test('one id told three times in one delivery counts once', async () => {
    const sent = [expense('thrice'), expense('thrice'), expense('thrice', { amount: '99.99' })];
    const { body } = await door.deliver({ ...ok, name: 'thrice', source: 'generic', body: events(sent) });
    assert.deepEqual(
      body.events.map(({ status }: { status: string }) => status),
      ['accepted', 'duplicate', 'conflict'],
    );
  });

  for (const fuzz of FUZZ) test(`anything: ${fuzz.name}`, () => check(fuzz, door));
});

describe('what is right is taken all the same', () => {
  test('as many events as a delivery may hold', async () => {
    const body = events(Array.from({ length: MAX_EVENTS }, (_, index) => expense(`most ${index}`)));
    assert.equal(
      (await door.deliver({ ...ok, name: 'most', source: 'generic', body })).body.status,
      'accepted',
    );
  });

  test('a secret in rotation: the second of two signatures', async () => {
    const body = events([expense('rotated')]);
    const headers = (bytes: Buffer) => {
      const good = capstackHeaders(bytes);
      return { ...good, 'x-capstack-signature': `v1=${'0'.repeat(64)},${good['x-capstack-signature']}` };
    };
    const generic = await door.deliver({ ...ok, name: 'rotated', source: 'generic', body, headers });
    const stripe = await door.deliver({
      ...ok,
      name: 'rotated at Stripe',
      source: 'stripe',
      body: JSON.stringify(chargeFor('rotated')),
      headers: (bytes) => ({
        'stripe-signature': `${stripeHeader(bytes)['stripe-signature']?.replace(',', `,v1=${'0'.repeat(64)},`)}`,
      }),
    });
    assert.deepEqual([generic.body.status, stripe.body.status], ['accepted', 'accepted']);
  });
});

describe('afterwards', () => {
  let stored: Stored;
  before(async () => {
    await run.settled();
    stored = await storedBy(run.url);
  });

  test('every delivery that was to be kept is in the ledger, byte for byte, and no other is', async () => {
    const expected = promised(door.sent);
    const found = deliveryRows(stored.ledger, SOURCES);
    assert.deepEqual([...found.keys()].sort(), [...expected.keys()].sort());
    for (const [name, row] of found) {
      const { quarantined, bytes } = expected.get(name) ?? assert.fail(name);
      assert.equal(row.quarantined !== undefined, quarantined, name);
      assert.ok((await stored.archive.read(keptOf(row))).equals(bytes), name);
    }
    assert.ok([...expected.values()].filter(({ quarantined }) => quarantined).length > 70);
  });

  test('the facts in the ledger are those that were answered accepted', () => {
    const facts = stored.ledger.filter((row) => row.kind === 'fact');
    const imported = facts.filter(({ fact }) => fact.source === 'csv');
    const told = facts.filter(({ fact }) => SOURCES.includes(fact.source)).map(({ fact }) => fact.key);
    assert.deepEqual([...new Set(told)].sort(), [...acceptedKeys(door.sent)].sort());
    const fuzzed = door.sent.filter(
      ({ delivery, kept }) => delivery.name.startsWith('fuzz') && kept === 'facts',
    );
    assert.ok(fuzzed.length > 10, `${fuzzed.length} of the made-up deliveries were good ones`);
    const answers = (route: string) =>
      door.granted.filter((each) => each.route === route).map(({ answer }) => answer.body);
    const rows = answers('POST /v1/imports').reduce(
      (sum, { accepted, opening_balance: opening }) =>
        sum + accepted + (opening?.status === 'accepted' ? 1 : 0),
      0,
    );
    assert.equal(imported.length, rows);
    const planned = answers('POST /v1/plan').filter(({ status }) => status === 'accepted');
    assert.equal(facts.filter(({ fact }) => fact.source === 'owner').length, planned.length);
  });

  test('every stored row is of the tenant it was sent to, and every fact is one that can be', () => {
    const keys = new Set(stored.ledger.map(({ pk }) => pk));
    for (const row of stored.ledger) {
      assert.equal(row.tenant, 'demo');
      if (row.kind !== 'fact') continue;
      const { fact } = row;
      assert.ok(keys.has(row.delivery), `${fact.key} comes from a stored delivery`);
      assert.ok(civilDate(fact.date) !== undefined, fact.date);
      assert.ok(fact.key.isWellFormed() && !/\p{Cc}/u.test(fact.key), JSON.stringify(fact.key));
      if (fact.kind === 'plan') continue;
      assert.ok(fact.date >= '1970-01-01' && fact.date <= '2199-12-31', fact.date);
      if (fact.kind === 'statement') continue;
      assert.equal(currency(fact.currency), fact.currency);
      if (fact.kind === 'credit') assert.ok(fact.amountMinor > 0n);
    }
  });

  test('the policy mode is what it was', () => assert.equal(stored.policyMode, 'plan'));

  test('the runway counts what was accepted and names what waits, and a good event still moves it', async () => {
    const runway = async () => (await door.ask({ method: 'GET', path: '/v1/runway' })).body;
    const cashMinor = cashOf(stored.ledger);
    const counted = await until(runway, ({ cash }) => BigInt(cash.amount.replace('.', '')) === cashMinor);
    const conflicts = stored.ledger.filter(({ kind }) => kind === 'conflict').length;
    const held = [...promised(door.sent).values()].filter(({ quarantined }) => quarantined).length;
    assert.equal(counted.trust.conflicts, conflicts);
    assert.ok(
      counted.trust.reasons.some((reason: string) =>
        reason.startsWith(`${held} authentic deliveries were not understood`),
      ),
      `${held}: ${counted.trust.reasons}`,
    );
    const body = JSON.stringify(chargeFor('at last'));
    assert.equal(
      (await door.deliver({ ...ok, name: 'at last', source: 'stripe', body })).body.status,
      'accepted',
    );
    await until(runway, ({ cash }) => BigInt(cash.amount.replace('.', '')) === cashMinor + 4900n);
  });
});
