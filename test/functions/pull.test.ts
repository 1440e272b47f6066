import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type PullDeps, pull, type StreamedRow, scheduledSweep, sweep } from '../../functions/pull/pull.ts';
import { stripeStub } from '../../scripts/local/providers/stripe.ts';
import { sha256Of } from '../../shared/canonical/canonical.ts';
import { recordDelivery } from '../../shared/intake/record.ts';
import type { LedgerRow } from '../../shared/ledger/row.ts';
import { type Fetch, stripeApi } from '../../shared/providers/stripe/api.ts';
import { stripe } from '../../shared/providers/stripe/webhook.ts';
import { memoryArchive, memorySecrets, NO_PROVIDERS, quietInvocation } from '../support/memory-intake.ts';
import { memoryLedgerStore } from '../support/memory-ledger-store.ts';
import { settingsOf } from '../support/settings.ts';
import { bodyOf, CREATED, charge, event, payout, transaction } from '../support/stripe-payloads.ts';

const BASE = 'http://stripe.local/stand-in';
const NOW = (CREATED + 3_600) * 1000;
const settings = settingsOf();

const world = (apiKey: readonly string[] = ['sk_test_1']) => {
  const stub = stripeStub();
  const calls: { path: string; headers: Record<string, string> }[] = [];
  let trouble: number | undefined;
  const through: Fetch = async (url, { headers }) => {
    assert.ok(url.startsWith(BASE), `${url} is under the address we were given, path and all`);
    const path = url.slice(BASE.length);
    calls.push({ path, headers });
    const answer = stub({ method: 'GET', path, headers, body: Buffer.alloc(0) });
    return { status: trouble ?? answer.status, text: async () => answer.body.toString() };
  };
  const ledger = memoryLedgerStore();
  const deps: PullDeps = {
    ...NO_PROVIDERS,
    tenants: [settings],
    ledger,
    archive: memoryArchive(),
    secrets: memorySecrets({ 'acme/stripe/api': apiKey }),
    stripe: stripeApi(`${BASE}/`, through),
  };
  return {
    deps,
    ledger,
    calls,
    context: quietInvocation(NOW),
    issue: (value: unknown) =>
      assert.equal(stub({ method: 'POST', path: '/_issue', headers: {}, body: bodyOf(value) }).status, 200),
    limit: (requests: number) =>
      stub({ method: 'POST', path: '/_limit', headers: {}, body: bodyOf({ requests }) }),
    answerWith: (status: number | undefined) => {
      trouble = status;
    },
  };
};
type World = ReturnType<typeof world>;

/** Brings an event in as ingest does, and hands back what the stream would carry of it. */
const arrive = async (at: World, given: unknown): Promise<StreamedRow[]> => {
  const before = at.ledger.rows().length;
  const body = bodyOf(given);
  const reading = stripe.interpret(body, settings);
  assert.ok(reading.outcome !== 'malformed');
  const bodyHash = sha256Of(body);
  const delivery = {
    tenant: 'acme',
    source: 'stripe',
    deliveryId: stripe.deliveryId({ headers: {}, body }),
    kept: await at.deps.archive.keep('acme', bodyHash, body),
    bodyHash,
    receivedAt: '2026-01-31T12:00:05.000Z',
    traceparent: at.context.traceparent,
  };
  await recordDelivery(at.ledger, delivery, settings, stripe.normaliser, reading);
  return at.ledger
    .rows()
    .slice(before)
    .map((row: LedgerRow, index) => ({ row, sequenceNumber: `${before + index}` }));
};

const effective = (at: World) => {
  const rows = at.ledger.rows();
  const reversed = new Set(
    rows.flatMap((row) => (row.kind === 'reversal' ? [`${row.pk}|${row.reverses}`] : [])),
  );
  return rows.flatMap((row) =>
    row.kind === 'fact' && row.fact.kind === 'cash' && !reversed.has(`${row.pk}|${row.sk}`) ? [row.fact] : [],
  );
};
const totalCash = (at: World): bigint =>
  effective(at)
    .filter((fact) => fact.counterAccount === 'external')
    .flatMap((fact) => fact.lines)
    .reduce((sum, line) => sum + line.amountMinor, 0n);

test('the fetched transaction supersedes the estimate and says where it came from', async () => {
  const at = world();
  at.issue(transaction());
  const rows = await arrive(at, event('charge.succeeded', charge()));
  assert.equal(totalCash(at), 4900n);
  assert.deepEqual(await pull(at.deps, rows, at.context), []);
  assert.equal(totalCash(at), 4728n);
  const [fact] = effective(at);
  assert.equal(fact?.estimated, false);
  const latest = at.ledger.rows().findLast((row) => row.kind === 'fact');
  assert.equal(latest?.delivery, 'D#acme#stripe#fetched:txn_ch1');
  assert.ok(at.ledger.rows().some((row) => row.kind === 'delivery' && row.pk === latest?.delivery));
  assert.equal(at.calls[0]?.headers['authorization'], 'Bearer sk_test_1');
});

test('a fetched page that is asked for again changes nothing, and is not asked for again', async () => {
  const at = world();
  at.issue(transaction());
  const rows = await arrive(at, event('charge.succeeded', charge()));
  await pull(at.deps, rows, at.context);
  const after = at.ledger.rows();
  await pull(at.deps, rows, at.context);
  await pull(at.deps, await arrive(at, event('charge.succeeded', charge())), at.context);
  assert.deepEqual(at.ledger.rows(), after);
  assert.equal(at.calls.length, 1);
});

test('an estimate that arrives after the settled figure is ignored', async () => {
  const at = world();
  at.issue(transaction());
  await sweep(at.deps, at.context);
  assert.equal(totalCash(at), 4728n);
  await arrive(at, event('charge.succeeded', charge()));
  assert.equal(totalCash(at), 4728n);
});

test('the sweep states payouts, follows them as they change, and says nothing twice', async () => {
  const at = world();
  for (let index = 0; index < 120; index++)
    at.issue(payout({ id: `po_${index}`, created: CREATED - index * 60, status: 'in_transit' }));
  const statements = () =>
    at.ledger.rows().flatMap((row) => (row.kind === 'fact' && row.fact.kind === 'statement' ? [row] : []));
  await sweep(at.deps, at.context);
  assert.equal(statements().length, 120);
  assert.equal(statements()[0]?.bucket, 'T#acme#S#payout#2026-01');
  await sweep(at.deps, at.context);
  assert.equal(statements().length, 120);
  at.issue(payout({ id: 'po_3', created: CREATED - 180, status: 'failed' }));
  await sweep(at.deps, at.context);
  assert.equal(statements().length, 121);
  // A webhook of what was before, arriving last, changes nothing.
  await arrive(at, event('payout.paid', payout({ id: 'po_3', created: CREATED - 180, status: 'paid' })));
  const body = statements().findLast(({ fact }) => fact.key === 'stripe:self:test:po:po_3')?.fact;
  assert.match(body?.kind === 'statement' ? (body.body ?? '') : '', /"status":"failed"/);
});

test('a rate limit ends a sweep, and the next one goes on', async () => {
  const at = world();
  at.issue(transaction());
  at.limit(1);
  await assert.rejects(sweep(at.deps, at.context), AggregateError);
  assert.equal(totalCash(at), 0n);
  await sweep(at.deps, at.context);
  assert.equal(totalCash(at), 4728n);
});

test('a nightly sweep looks further back than an hourly one', async () => {
  const at = world();
  at.issue({ ...transaction(), created: CREATED - 20 * 86_400 });
  await scheduledSweep(at.deps, { 'detail-type': 'Scheduled Event' }, at.context);
  assert.equal(totalCash(at), 0n);
  await scheduledSweep(at.deps, { stripe_days: 36 }, at.context);
  assert.equal(totalCash(at), 4728n);
});

test('what was before the first look is read by nightly sweeps, quarter by quarter, once', async () => {
  const at = world();
  for (const days of [40, 200, 1_000])
    at.issue({ ...transaction({ id: `txn_${days}` }), created: CREATED - days * 86_400 });
  at.issue(payout({ created: CREATED - 201 * 86_400 }));
  await scheduledSweep(at.deps, { stripe_days: 36 }, at.context);
  assert.equal(totalCash(at), 3n * 4728n);
  assert.ok(at.ledger.rows().some((row) => row.kind === 'fact' && row.fact.kind === 'statement'));
  const rows = at.ledger.rows();
  const asked = at.calls.length;
  await scheduledSweep(at.deps, { stripe_days: 36 }, at.context);
  assert.deepEqual(at.ledger.rows(), rows);
  // Only the days that are looked at every night.
  assert.equal(at.calls.length - asked, 2);
});

test('a subscription that rings is read anew, and stated again only where it changed', async () => {
  const at = world();
  const price = { unit_amount: 1200, recurring: { interval: 'month' } };
  const object = {
    id: 'sub_1',
    object: 'subscription',
    customer: 'cus_1',
    currency: 'usd',
    created: CREATED,
  };
  const items = { data: [{ quantity: 2, price }] };
  at.issue({ ...object, status: 'active', items });
  const ring = async (id: string) =>
    pull(
      at.deps,
      await arrive(at, event('customer.subscription.updated', { id: 'sub_1' }, { id })),
      at.context,
    );
  const stated = () =>
    at.ledger
      .rows()
      .flatMap((row) => (row.kind === 'fact' && row.fact.kind === 'statement' ? [row.fact.body] : []));
  assert.deepEqual(await ring('evt_1'), []);
  await ring('evt_2');
  assert.equal(stated().length, 1);
  assert.match(stated()[0] ?? '', /"mrrMinor":"2400"/);
  at.issue({ ...object, status: 'canceled', items });
  const later = { ...at.context, nowMs: NOW + 1000 };
  await pull(
    at.deps,
    await arrive(at, event('customer.subscription.deleted', { id: 'sub_1' }, { id: 'evt_3' })),
    later,
  );
  assert.match(stated().at(-1) ?? '', /"mrrMinor":"0".*"status":"canceled"/);
  assert.equal(totalCash(at), 0n);
});

test('a history that Stripe will not list is asked for again', async () => {
  const at = world();
  at.issue({ ...transaction(), created: CREATED - 200 * 86_400 });
  at.limit(4);
  for (let night = 0; night < 4; night += 1)
    await assert.rejects(scheduledSweep(at.deps, { stripe_days: 36 }, at.context), AggregateError);
  await scheduledSweep(at.deps, { stripe_days: 36 }, at.context);
  assert.equal(totalCash(at), 4728n);
});

test('an id that Stripe does not know leaves the estimate and is not tried for ever', async () => {
  const at = world();
  const rows = await arrive(at, event('charge.succeeded', charge()));
  assert.deepEqual(await pull(at.deps, rows, at.context), []);
  assert.equal(totalCash(at), 4900n);
  assert.equal(effective(at)[0]?.estimated, true);
});

test('a busy or broken Stripe sends the record back; a wrong key does not', async () => {
  const at = world();
  at.issue(transaction());
  const rows = await arrive(at, event('charge.succeeded', charge()));
  const bell = rows.filter(({ row }) => row.kind === 'delivery').map((row) => row.sequenceNumber);
  for (const status of [429, 500, 503]) {
    at.answerWith(status);
    assert.deepEqual(await pull(at.deps, rows, at.context), bell);
  }
  at.answerWith(401);
  assert.deepEqual(await pull(at.deps, rows, at.context), []);
  at.answerWith(undefined);
  assert.deepEqual(await pull(at.deps, rows, at.context), []);
  assert.equal(totalCash(at), 4728n);
});

test('without a key nobody is asked', async () => {
  const at = world([]);
  const rows = await arrive(at, event('charge.succeeded', charge()));
  assert.deepEqual(await pull(at.deps, rows, at.context), []);
  await sweep(at.deps, at.context);
  assert.deepEqual(at.calls, []);
});

test('a connected account is fetched in its own name', async () => {
  const at = world();
  const rows = await arrive(at, event('charge.succeeded', charge(), { account: 'acct_7' }));
  await pull(at.deps, rows, at.context);
  assert.equal(at.calls[0]?.headers['stripe-account'], 'acct_7');
});

test('what Stripe sends and we do not understand is kept for review', async () => {
  const at = world();
  at.issue({ ...transaction(), net: 1 });
  const rows = await arrive(at, event('charge.succeeded', charge()));
  assert.deepEqual(await pull(at.deps, rows, at.context), []);
  assert.ok(at.ledger.rows().some((row) => row.kind === 'delivery' && row.quarantined !== undefined));
  assert.equal(totalCash(at), 4900n);
});

test('the sweep pages through the last days and settles what no webhook told', async () => {
  const at = world();
  for (let index = 0; index < 250; index++)
    at.issue(transaction({ id: `txn_${index}`, created: CREATED - index * 60, amount: 100, fee: 3 }));
  at.issue(transaction({ id: 'txn_old', created: CREATED - 30 * 86_400 }));
  await sweep(at.deps, at.context);
  assert.equal(effective(at).length, 250);
  assert.equal(totalCash(at), 250n * 97n);
  assert.equal(at.calls.filter(({ path }) => path.startsWith('/v1/balance_transactions?')).length, 3);
  const after = at.ledger.rows();
  await sweep(at.deps, at.context);
  assert.deepEqual(at.ledger.rows(), after);
});

test('total cash is constant through the life of a payout, whatever comes first', async () => {
  const out = transaction({
    id: 'txn_po1',
    type: 'payout',
    amount: -3000,
    fee: 0,
    source: 'po_1',
    created: CREATED + 120,
  });
  const back = transaction({ id: 'txn_po1f', type: 'payout_failure', amount: 3000, fee: 0, source: 'po_1' });
  const failed = payout({ status: 'failed', failure_balance_transaction: 'txn_po1f' });
  const steps: ((at: World) => Promise<unknown>)[] = [
    async (at) =>
      pull(at.deps, await arrive(at, event('payout.created', payout({ status: 'pending' }))), at.context),
    async (at) =>
      pull(at.deps, await arrive(at, event('payout.paid', payout(), { id: 'evt_2' })), at.context),
    async (at) => sweep(at.deps, at.context),
    async (at) =>
      pull(at.deps, await arrive(at, event('payout.failed', failed, { id: 'evt_3' })), at.context),
  ];
  for (const order of [
    [0, 1, 2, 3],
    [3, 2, 1, 0],
    [2, 3, 1, 0],
    [1, 3, 0, 2],
  ]) {
    const at = world();
    at.issue(out);
    at.issue(back);
    for (const step of order) {
      await steps[step]?.(at);
      assert.equal(totalCash(at), 0n);
    }
    const inTransit = effective(at)
      .flatMap((fact) => fact.lines)
      .reduce((sum, line) => sum + line.amountMinor, 0n);
    assert.equal(inTransit, 0n, 'a payout that failed is back in the balance');
    assert.equal(effective(at).length, 2);
  }
});

test('a run that dies between a payout and its fee leaves the fee to the next one', async () => {
  for (const next of ['doorbell', 'sweep']) {
    const at = world();
    at.issue(
      transaction({
        id: 'txn_po1',
        type: 'payout',
        amount: -3000,
        fee: 30,
        source: 'po_1',
        created: CREATED,
      }),
    );
    const rows = await arrive(at, event('payout.created', payout()));
    const append: PullDeps['ledger']['append'] = async (fact, from) => {
      if (fact.key.endsWith(':fee')) throw new Error('the run died');
      return at.ledger.append(fact, from);
    };
    assert.equal((await pull({ ...at.deps, ledger: { ...at.ledger, append } }, rows, at.context)).length, 1);
    assert.equal(totalCash(at), 0n);
    if (next === 'sweep') await sweep(at.deps, at.context);
    else assert.deepEqual(await pull(at.deps, rows, at.context), []);
    assert.equal(totalCash(at), -30n);
  }
});
