import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ReconciliationStore } from '../../shared/aws/reconciliation-store.ts';
import type { ReconciliationStatus } from '../../shared/reconciliation/status.ts';

const PAUSED: ReconciliationStatus = {
  paused: true,
  reasons: ['stripe: 1 missing'],
  since: '2026-11-20T03:17:00.000Z',
  attention: [],
  checkedAt: '2026-11-21T03:17:00.000Z',
};

/** What every store of reconciliation results must do; run against the real table and against its twin in memory. */
export const reconciliationStoreContract = (name: string, store: () => ReconciliationStore): void => {
  test(`${name}: a status comes back as it was put last, for its tenant alone`, async () => {
    assert.equal(await store().status('one'), undefined);
    await store().putStatus('one', PAUSED);
    await store().putStatus('one', { ...PAUSED, paused: false, since: null, reasons: [] });
    assert.deepEqual(await store().status('one'), { ...PAUSED, paused: false, since: null, reasons: [] });
    assert.equal(await store().status('other'), undefined);
  });

  test(`${name}: results come newest first, one a day and source, and the status is none of them`, async () => {
    await store().putStatus('two', PAUSED);
    for (const [date, source] of [
      ['2026-11-19', 'stripe'],
      ['2026-11-20', 'bank'],
      ['2026-11-20', 'stripe'],
      ['2026-11-20', 'stripe'],
    ] as const)
      await store().putResult('two', { date, source, document: `{"of":"${date} ${source}"}` });
    assert.deepEqual(
      (await store().results('two')).map(({ date, source, document }) => [date, source, document]),
      [
        ['2026-11-20', 'stripe', '{"of":"2026-11-20 stripe"}'],
        ['2026-11-20', 'bank', '{"of":"2026-11-20 bank"}'],
        ['2026-11-19', 'stripe', '{"of":"2026-11-19 stripe"}'],
      ],
    );
    assert.equal((await store().results('two', 1)).length, 1);
    const large = JSON.stringify({ of: 'x'.repeat(100_000) });
    await store().putResult('two', { date: '2026-11-21', source: 'stripe', document: large });
    assert.equal((await store().results('two', 1))[0]?.document, large);
  });
};
