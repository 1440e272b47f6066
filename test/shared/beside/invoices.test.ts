import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { fromInvoices } from '../../../shared/beside/invoices.ts';
import type { Invoice } from '../../../shared/event/statement.ts';
import { addDays } from '../../../shared/time/civil-date.ts';
import { day } from '../../support/rows.ts';

const invoice = (fields: Partial<Invoice> = {}): { readonly body: Invoice } => ({
  body: { currency: 'USD', totalMinor: 36_500n, dueMinor: 0n, status: 'paid', ...fields },
});
const YEAR = { periodFrom: day('2026-01-01'), periodTo: day('2026-12-31') };
const usd = (amountMinor: bigint) => [{ currency: 'USD', amountMinor }];

test('what was paid for a year is earned day by day, and today is earned', () => {
  const deferred = (asOf: string, fields: Partial<Invoice> = {}) =>
    fromInvoices([invoice({ ...YEAR, ...fields })], day(asOf)).deferred;
  assert.deepEqual(deferred('2025-12-31'), usd(36_500n));
  assert.deepEqual(deferred('2026-01-01'), usd(36_400n));
  assert.deepEqual(deferred('2026-12-30'), usd(100n));
  assert.deepEqual(deferred('2026-12-31'), []);
  assert.deepEqual(
    deferred('2026-01-01', { periodMinor: 3_650n }),
    usd(3_640n),
    'the rest was for no period',
  );
  assert.deepEqual(deferred('2025-11-01'), usd(36_500n), 'no more than was paid');
});

test('only what was paid is owed as service; what is open is to be collected', () => {
  const open = invoice({ ...YEAR, status: 'payment_due', dueMinor: 36_500n, dueDate: day('2026-02-01') });
  const half = invoice({ ...YEAR, status: 'payment_due', dueMinor: 18_250n, dueDate: day('2026-01-15') });
  const undated = invoice({ status: 'open', dueMinor: 7n, currency: 'EUR' });
  const told = fromInvoices(
    [open, half, undated, invoice({ status: 'voided', dueMinor: 9n })],
    day('2025-12-31'),
  );
  assert.deepEqual(told.deferred, usd(18_250n));
  assert.deepEqual(told.collections, [
    { currency: 'USD', amountMinor: 18_250n, dueDate: '2026-01-15' },
    { currency: 'USD', amountMinor: 36_500n, dueDate: '2026-02-01' },
    { currency: 'EUR', amountMinor: 7n, dueDate: null },
  ]);
});

test('a credit note takes back what it credits, and its refund is still to be paid', () => {
  const note = invoice({ ...YEAR, totalMinor: -36_500n, dueMinor: -3_650n, status: 'refund_due' });
  const told = fromInvoices([invoice(YEAR), note], day('2025-12-31'));
  assert.deepEqual(told.deferred, usd(3_650n));
  assert.deepEqual(told.refundsDue, usd(3_650n));
  assert.deepEqual(told.collections, []);
});

test('what is deferred falls from all that was paid to nothing, and never rises', () => {
  const dates = fc.record({
    length: fc.integer({ min: 1, max: 800 }),
    totalMinor: fc.bigInt({ min: 1n, max: 10n ** 12n }),
  });
  fc.assert(
    fc.property(dates, ({ length, totalMinor }) => {
      const periodFrom = day('2026-01-31');
      const body = invoice({ totalMinor, periodFrom, periodTo: addDays(periodFrom, length - 1) });
      const left = Array.from({ length: length + 1 }, (_, index) => {
        const [told] = fromInvoices([body], addDays(periodFrom, index - 1)).deferred;
        return told?.amountMinor ?? 0n;
      });
      assert.equal(left[0], totalMinor);
      assert.equal(left.at(-1), 0n);
      for (const [index, amount] of left.entries())
        assert.ok(index === 0 || amount <= (left[index - 1] ?? 0n));
    }),
  );
});
