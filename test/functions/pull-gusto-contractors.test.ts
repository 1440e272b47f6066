import assert from 'node:assert/strict';
import { test } from 'node:test';
import { answerGusto, sweepGusto } from '../../functions/pull/gusto.ts';
import {
  COMPANY,
  CONTRACTOR_PAYMENT,
  contractorPayment,
  contractorTransfer,
  PAYROLL,
  payroll,
  receipt,
  recoveryCase,
} from '../support/gusto-payloads.ts';
import { type GustoWorld, gustoSettings, gustoWorld } from '../support/gusto-world.ts';

const RUNG = { kind: 'contractor_payment', id: CONTRACTOR_PAYMENT } as const;
const sweep = (gusto: GustoWorld): Promise<void> => sweepGusto(gusto.deps, gustoSettings, gusto.context());
const owed = (gusto: GustoWorld): readonly (readonly unknown[])[] =>
  gusto
    .commitments()
    .filter(({ status }) => status === 'expected')
    .map(({ leg, amountMinor, dueDate }) => [leg, amountMinor, dueDate]);

test('16 a contractor payment is one debit of wages and reimbursement, on the day of its transfer', async () => {
  const gusto = gustoWorld();
  await gusto.put({ contractor_payments: [contractorPayment()], ach_transactions: [contractorTransfer()] });
  await answerGusto(gusto.deps, gustoSettings, RUNG, gusto.context());
  assert.deepEqual(owed(gusto), [['contractor_debit', -84_050n, '2026-03-11']]);
  assert.equal(gusto.left(), 0n);
  const label = gusto.facts().get(`gusto:${COMPANY}:ach:${contractorTransfer()['uuid']}`);
  assert.equal(label?.metadata?.['contractor_payment'], CONTRACTOR_PAYMENT);
  gusto.move('2026-03-11T12:00');
  await sweep(gusto);
  assert.equal(gusto.left(), -84_050n);
  const before = gusto.ledger.rows().length;
  await sweep(gusto);
  assert.equal(gusto.ledger.rows().length, before, 'unchanged, it adds nothing');
});

test('16 without transfers to read it leaves on its day, or when Gusto says that it was taken', async () => {
  const gusto = gustoWorld();
  gusto.forbidden.set('ach_transactions', 403);
  await gusto.put({ contractor_payments: [contractorPayment()] });
  await sweep(gusto);
  assert.deepEqual(owed(gusto), [['contractor_debit', -84_050n, '2026-03-13']]);
  gusto.move('2026-03-10T12:00');
  await gusto.put({ contractor_payments: [contractorPayment({ status: 'Funded' })] });
  await sweep(gusto);
  assert.equal(gusto.left(), -84_050n);
  gusto.move('2026-03-12T12:00');
  const context = gusto.context();
  await sweepGusto(gusto.deps, gustoSettings, context);
  assert.deepEqual(owed(gusto), [['contractor_debit', -84_050n, '2026-03-10']], 'and stays said');
  assert.deepEqual(context.lines, [], 'not every application may read them');
});

test('16 a check leaves on its day; what was paid elsewhere moves nothing; amounts that are none are held', async () => {
  const gusto = gustoWorld();
  await gusto.put({
    contractor_payments: [
      contractorPayment({ uuid: 'check', payment_method: 'Check' }),
      contractorPayment({ uuid: 'history', payment_method: 'Historical Payment' }),
      contractorPayment({ uuid: 'bad', wage_total: '1,000.00' }),
    ],
  });
  await sweep(gusto);
  assert.deepEqual(owed(gusto), [['contractor_check', -84_050n, '2026-03-13']]);
  assert.ok(gusto.ledger.rows().some((row) => row.kind === 'delivery' && row.quarantined !== undefined));
});

test('16 a cancelled contractor payment is gone at Gusto and owed no more, rung or not', async () => {
  for (const tell of [
    sweep,
    (gusto: GustoWorld) => answerGusto(gusto.deps, gustoSettings, RUNG, gusto.context()),
  ]) {
    const gusto = gustoWorld();
    await gusto.put({ contractor_payments: [contractorPayment()] });
    gusto.move('2026-03-13T12:00');
    await sweep(gusto);
    assert.equal(gusto.left(), -84_050n);
    await gusto.put({ remove: [CONTRACTOR_PAYMENT] });
    gusto.move('2026-03-13T13:00');
    await tell(gusto);
    assert.deepEqual([owed(gusto), gusto.left()], [[], 0n]);
  }
});

test('16 hundreds of old contractor payments are one list, not a request each', async () => {
  const gusto = gustoWorld();
  const many = Array.from({ length: 30 }, (_, index) =>
    contractorPayment({ uuid: `c${index}`, date: '2026-01-15' }),
  );
  await gusto.put({ contractor_payments: many });
  await sweep(gusto);
  assert.equal(gusto.left(), -30n * 84_050n);
  assert.deepEqual(
    gusto.calls.filter((call) => call.endsWith('ach_transactions')),
    [],
  );
});

test('16 a debit that failed has not left, is owed within days, and leaves once it is recovered', async () => {
  const gusto = gustoWorld();
  await gusto.put({ payrolls: [payroll()], receipts: [receipt()] });
  gusto.move('2026-03-13T12:00');
  await sweep(gusto);
  assert.equal(gusto.left(), -1_915_090n);
  await gusto.put({ recovery_cases: [recoveryCase()] });
  gusto.move('2026-03-16T12:00');
  await sweep(gusto);
  assert.equal(gusto.left(), -90_050n, 'checks are not debited');
  assert.deepEqual(owed(gusto), [
    ['checks', -90_050n, '2026-03-13'],
    ['failed_debit', -1_825_040n, '2026-03-20'],
  ]);
  gusto.move('2026-03-17T12:00');
  await answerGusto(gusto.deps, gustoSettings, { kind: 'payroll', id: PAYROLL }, gusto.context());
  assert.equal(owed(gusto).at(-1)?.[2], '2026-03-20', 'looked at again, its day stays');
  await gusto.put({
    recovery_cases: [recoveryCase({ status: 'redebit_initiated', amount_outstanding: 8250.4 })],
  });
  gusto.move('2026-03-18T12:00');
  await sweep(gusto);
  assert.equal(gusto.left(), -1_090_050n, 'some was recovered');
  assert.equal(owed(gusto).at(-1)?.[1], -825_040n);
  await gusto.put({ recovery_cases: [recoveryCase({ status: 'recovered', amount_outstanding: '0.0' })] });
  gusto.move('2026-03-19T12:00');
  await sweep(gusto);
  assert.equal(gusto.left(), -1_915_090n);
  assert.deepEqual(owed(gusto), [['checks', -90_050n, '2026-03-13']]);
  const before = gusto.ledger.rows().length;
  gusto.move('2026-03-20T12:00');
  await sweep(gusto);
  assert.equal(gusto.ledger.rows().length, before);
});

test('16 what Gusto gave up on never left; a case that was over when first seen changes nothing', async () => {
  const gusto = gustoWorld();
  await gusto.put({
    contractor_payments: [contractorPayment()],
    recovery_cases: [
      recoveryCase({
        payroll_uuid: null,
        contractor_payment_uuids: [CONTRACTOR_PAYMENT],
        amount_outstanding: '840.50',
      }),
      recoveryCase({ uuid: 'over', payroll_uuid: 'long-ago', status: 'recovered', amount_outstanding: '0' }),
    ],
  });
  gusto.move('2026-03-16T12:00');
  await sweep(gusto);
  assert.equal(gusto.left(), 0n);
  assert.deepEqual(owed(gusto), [['failed_debit', -84_050n, '2026-03-20']]);
  const lost = {
    payroll_uuid: null,
    contractor_payment_uuids: [CONTRACTOR_PAYMENT],
    amount_outstanding: '840.50',
    status: 'lost',
  };
  await gusto.put({ recovery_cases: [recoveryCase(lost)] });
  gusto.move('2026-03-17T12:00');
  await sweep(gusto);
  assert.deepEqual([owed(gusto), gusto.left()], [[], 0n]);
});

test('16 money of a failed debit whose day nobody tells is given back once, on the day it was first seen', async () => {
  const gusto = gustoWorld();
  await gusto.put({ recovery_cases: [recoveryCase({ original_debit_date: null, check_date: null })] });
  await sweep(gusto);
  const before = gusto.ledger.rows().length;
  gusto.move('2026-03-11T12:00');
  await sweep(gusto);
  assert.equal(gusto.ledger.rows().length, before);
});

test('16 a debit after the payday stays on the day of its transfer, when transfers are asked for no more', async () => {
  const gusto = gustoWorld();
  await gusto.put({
    contractor_payments: [contractorPayment()],
    ach_transactions: [contractorTransfer({ payment_date: '2026-03-16' })],
  });
  await sweep(gusto);
  assert.deepEqual(owed(gusto), [['contractor_debit', -84_050n, '2026-03-16']]);
  gusto.move('2026-04-01T12:00');
  await sweep(gusto);
  assert.deepEqual(owed(gusto), [['contractor_debit', -84_050n, '2026-03-16']]);
});

test('16 what changes at Gusto while a run asks for it again is the later word, and no conflict', async () => {
  const gusto = gustoWorld();
  await gusto.put({ contractor_payments: [contractorPayment()] });
  const context = gusto.context();
  await answerGusto(gusto.deps, gustoSettings, RUNG, context);
  await gusto.put({ contractor_payments: [contractorPayment({ wage_total: '750.00' })] });
  await answerGusto(gusto.deps, gustoSettings, RUNG, context);
  assert.deepEqual(owed(gusto), [['contractor_debit', -85_050n, '2026-03-13']]);
  assert.ok(gusto.ledger.rows().every(({ kind }) => kind !== 'conflict'));
});

test('16 a failed debit is not owed a second time while Gusto does not say which debits failed', async () => {
  for (const status of [401, 403]) {
    const gusto = gustoWorld();
    const cancelled = payroll({ payroll_uuid: 'cancelled' });
    await gusto.put({ payrolls: [payroll(), cancelled], receipts: [receipt()] });
    await sweep(gusto);
    await gusto.put({
      payrolls: [{ ...cancelled, processed: false }],
      recovery_cases: [recoveryCase()],
    });
    gusto.move('2026-03-16T12:00');
    await sweep(gusto);
    const before = owed(gusto);
    assert.deepEqual(before.map(([leg]) => leg).toSorted(), ['checks', 'failed_debit']);
    gusto.forbidden.set('recovery_cases', status);
    await gusto.put({ payrolls: [cancelled] });
    gusto.move('2026-03-16T13:00');
    await sweep(gusto);
    const again = owed(gusto).length - before.length;
    assert.equal(again, 5, 'only what was cancelled is owed again, now that it is run again');
  }
});
