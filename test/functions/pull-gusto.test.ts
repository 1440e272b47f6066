import assert from 'node:assert/strict';
import { test } from 'node:test';
import { answerGusto, sweepGusto } from '../../functions/pull/gusto.ts';
import { gustoAccess } from '../../functions/pull/gusto-access.ts';
import { METRICS } from '../../shared/contract/names.ts';
import { draft, PAYROLL, payroll, receipt, transfer } from '../support/gusto-payloads.ts';
import { gustoSettings, gustoWorld } from '../support/gusto-world.ts';
import { memorySecrets, memoryTokens } from '../support/memory-intake.ts';

const RUNG = { kind: 'payroll', id: PAYROLL } as const;

test('16 fetched again and unchanged, a payroll adds nothing to the ledger', async () => {
  const gusto = gustoWorld();
  await gusto.put({ payrolls: [payroll()], receipts: [receipt()], ach_transactions: [transfer()] });
  await answerGusto(gusto.deps, gustoSettings, RUNG, gusto.context());
  const before = gusto.ledger.rows();
  assert.equal(gusto.commitments().length, 5);
  gusto.move('2026-03-09T13:00');
  await answerGusto(gusto.deps, gustoSettings, RUNG, gusto.context());
  assert.deepEqual(gusto.ledger.rows(), before);
});

test('16 the sweep finds on the debit date what no webhook tells: the money has left', async () => {
  const gusto = gustoWorld();
  await gusto.put({ payrolls: [payroll()], receipts: [receipt()] });
  await sweepGusto(gusto.deps, gustoSettings, gusto.context());
  assert.equal(gusto.left(), 0n);
  gusto.move('2026-03-12T12:00');
  await sweepGusto(gusto.deps, gustoSettings, gusto.context());
  assert.equal(gusto.left(), -1_825_040n);
  await sweepGusto(gusto.deps, gustoSettings, gusto.context());
  assert.equal(gusto.left(), -1_825_040n);
});

test('16 pages, limits and off-cycle payrolls lose nothing; the first sweep looks back a year, later ones do not', async () => {
  const gusto = gustoWorld();
  const many = ['2025-08-15', '2026-02-13', '2026-02-27', '2026-03-13', '2026-03-27'].map(
    (check_date, index) =>
      payroll({ payroll_uuid: `p${index}`, check_date, off_cycle: index === 2, payroll_status_meta: null }),
  );
  await gusto.put({ payrolls: many });
  await gusto.limit(3);
  await sweepGusto(gusto.deps, gustoSettings, gusto.context());
  assert.equal(gusto.commitments().length, 25);
  const old = many.map((each) => ({ ...each, processed: false }));
  await gusto.put({ payrolls: old });
  gusto.move('2026-03-09T13:00');
  await sweepGusto(gusto.deps, gustoSettings, gusto.context());
  const expected = gusto.commitments().filter(({ status }) => status === 'expected');
  assert.ok(expected.every(({ key }) => key.includes(':p0:')) && expected.length === 5);
});

test('16 cancelled takes back, run again commits again, deleted takes back for good', async () => {
  const gusto = gustoWorld();
  const steps: [object, number][] = [
    [{ payrolls: [payroll()] }, 5],
    [{ payrolls: [draft()] }, 0],
    [{ payrolls: [payroll()] }, 5],
    [{ remove: [PAYROLL] }, 0],
    [{}, 0],
  ];
  for (const [index, [step, owed]] of steps.entries()) {
    gusto.move(`2026-03-09T12:0${index}`);
    await gusto.put(step);
    await answerGusto(gusto.deps, gustoSettings, RUNG, gusto.context());
    assert.equal(gusto.commitments().length, owed, `step ${index}`);
  }
});

test('16 debits that do not add up are held, and commit nothing', async () => {
  const gusto = gustoWorld();
  await gusto.put({ payrolls: [payroll({ totals: { company_debit: '1.00', net_pay_debit: '2.00' } })] });
  await answerGusto(gusto.deps, gustoSettings, RUNG, gusto.context());
  assert.equal(gusto.commitments().length, 0);
  assert.ok(gusto.ledger.rows().some((row) => row.kind === 'delivery' && row.quarantined !== undefined));
});

test('16 tokens are exchanged before they end, each refresh token once, also by two runs at a time', async () => {
  const gusto = gustoWorld();
  const { deps } = gusto;
  const first = await gustoAccess(deps, 'acme', gusto.context());
  assert.deepEqual(await gustoAccess(deps, 'acme', gusto.context()), first);
  gusto.move('2026-03-09T13:55');
  const second = await gustoAccess(deps, 'acme', gusto.context());
  assert.notDeepEqual(second, first);
  assert.equal(gusto.calls.filter((call) => call === 'POST /oauth/token').length, 2);
  gusto.move('2026-03-09T16:00');
  const both = await Promise.all([1, 2].map(() => gustoAccess(deps, 'acme', gusto.context())));
  assert.ok(both.some(({ outcome }) => outcome === 'open'));
  assert.equal((await gustoAccess(deps, 'acme', gusto.context())).outcome, 'open');
});

test('16 a token that ends early is exchanged at once', async () => {
  const gusto = gustoWorld();
  await gusto.put({ payrolls: [payroll()] });
  await gustoAccess(gusto.deps, 'acme', gusto.context());
  gusto.move('2026-03-09T12:30');
  await gusto.expire();
  await answerGusto(gusto.deps, gustoSettings, RUNG, gusto.context());
  assert.equal(gusto.commitments().length, 5);
});

test('16 a lost login is said in the forecast, counted at each try, and forgotten once somebody signs in again', async () => {
  const gusto = gustoWorld();
  const lost = { ...gusto.deps, tokens: memoryTokens() };
  await sweepGusto(gusto.deps, gustoSettings, gusto.context());
  assert.deepEqual(gusto.trouble(), []);
  for (const hour of ['13:00', '14:00']) {
    gusto.move(`2026-03-09T${hour}`);
    const context = gusto.context();
    await sweepGusto(lost, gustoSettings, context);
    assert.deepEqual(gusto.trouble(), ['signed_out']);
    assert.deepEqual(
      context.lines.map(({ level }) => level),
      ['ERROR'],
    );
    assert.equal(context.emitted[0]?.[METRICS.eventsRejected], 1);
  }
  gusto.secrets.values.set('acme/gusto/api/refresh_token', ['refresh-local-anew']);
  gusto.move('2026-03-09T15:00');
  await sweepGusto(lost, gustoSettings, gusto.context());
  assert.deepEqual(gusto.trouble(), []);
});

test('16 where a list may not be read with any token, the payrolls still are', async () => {
  const gusto = gustoWorld();
  gusto.forbidden.set('recovery_cases', 401);
  await gusto.put({ payrolls: [payroll()] });
  await sweepGusto(gusto.deps, gustoSettings, gusto.context());
  assert.equal(gusto.commitments().length, 5);
  gusto.forbidden.set('payrolls', 401);
  await assert.rejects(sweepGusto(gusto.deps, gustoSettings, gusto.context()));
});

test('16 without anything to sign in with nothing is said; refused payrolls are', async () => {
  const gusto = gustoWorld();
  const unconnected = { ...gusto.deps, secrets: memorySecrets({}) };
  await sweepGusto(unconnected, gustoSettings, gusto.context());
  assert.deepEqual(gusto.ledger.rows(), []);
  gusto.forbidden.set('payrolls', 403);
  await sweepGusto(gusto.deps, gustoSettings, gusto.context());
  assert.deepEqual(gusto.trouble(), ['payrolls 403']);
});

test('16 what no webhook told of and no list shows any more is taken back', async () => {
  const gusto = gustoWorld();
  const far = payroll({ payroll_uuid: 'far', check_date: '2026-05-29', payroll_status_meta: null });
  await gusto.put({ payrolls: [payroll(), far] });
  await sweepGusto(gusto.deps, gustoSettings, gusto.context());
  assert.equal(gusto.commitments().length, 10);
  await gusto.put({ remove: ['far'] });
  gusto.move('2026-03-09T13:00');
  await sweepGusto(gusto.deps, gustoSettings, gusto.context());
  assert.equal(gusto.commitments().length, 5);
  const moved = payroll({ check_date: '2026-08-14', payroll_status_meta: null });
  await gusto.put({ payrolls: [moved] });
  gusto.move('2026-03-09T14:00');
  await sweepGusto(gusto.deps, gustoSettings, gusto.context());
  assert.deepEqual(
    [...new Set(gusto.commitments().map(({ dueDate }) => dueDate))],
    ['2026-08-14'],
    'moved beyond what is listed',
  );
});
