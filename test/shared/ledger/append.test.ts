import assert from 'node:assert/strict';
import { test } from 'node:test';
import { revision } from '../../../shared/event/fact.ts';
import { appendFact, decideAppend } from '../../../shared/ledger/append.ts';
import { contentHashOf, decodeFact, encodeFact, itemOf, rowOf } from '../../../shared/ledger/codec.ts';
import { conflictRow, factRow, type LedgerRow } from '../../../shared/ledger/row.ts';
import { cashFact, day } from '../../support/rows.ts';
import { provenance, settingsOf } from '../../support/settings.ts';

const from = provenance(settingsOf());
const final = (order: number, amountMinor = 1000n) =>
  cashFact({ key: 'k', revision: revision('final', order), amountMinor });

test('first sight writes one row', () => {
  const { outcome, rows } = decideAppend([], final(0), from);
  assert.equal(outcome, 'accepted');
  assert.deepEqual(
    rows.map((row) => [row.kind, row.pk, row.sk]),
    [['fact', 'F#acme#k', '00000001']],
  );
});

test('a correction writes the reversal into the old day and the new content into its own', () => {
  const old = factRow(final(0), from);
  const { rows } = decideAppend([old], { ...final(1, 900n), date: day('2026-03-01') }, from);
  assert.deepEqual(
    rows.map((row) => [row.kind, row.sk, 'bucket' in row && row.bucket]),
    [
      ['reversal', '00000001~reversal', 'T#acme#D#2026-01-31#00'],
      ['fact', '00000002', 'T#acme#D#2026-03-01#00'],
    ],
  );
});

test('a higher rank with known content is a duplicate that still records its rank', () => {
  const stored: LedgerRow[] = [factRow(final(1), from)];
  const higher = decideAppend(stored, final(3), from);
  assert.equal(higher.outcome, 'duplicate');
  stored.push(...higher.rows);
  // Without the recorded rank this one, late and out of date, would win.
  assert.equal(decideAppend(stored, final(2, 500n), from).outcome, 'ignored');
});

test('content that was superseded is a duplicate of its own telling, and out of date in any other', () => {
  const first = factRow(final(1), from);
  const stored = [first, factRow(final(2, 900n), from, first)];
  assert.equal(decideAppend(stored, final(1), from).outcome, 'duplicate');
  assert.equal(decideAppend(stored, final(0), from).outcome, 'ignored');
  assert.equal(decideAppend(stored, final(1, 7n), from).outcome, 'ignored');
});

test('a conflict already held is told again and written no more', () => {
  const stored = [factRow(final(0), from), conflictRow(final(0, 7n), from)];
  assert.deepEqual(decideAppend(stored, final(0, 7n), from), { outcome: 'conflict', rows: [] });
  assert.equal(decideAppend(stored, final(0, 8n), from).rows.length, 1);
  assert.equal(decideAppend(stored, final(1, 7n), from).outcome, 'accepted');
});

test('ordinals sort as numbers beyond nine', () => {
  let stored: LedgerRow[] = [];
  for (let order = 0; order < 12; order++)
    stored = [...stored, ...decideAppend(stored, final(order, BigInt(order)), from).rows];
  assert.equal(stored.at(-1)?.sk, '00000012');
});

test('a fact that others keep writing is given up in the end, not for ever', async () => {
  const table = { insert: async () => 'taken' as const, rowsUnder: async () => [] };
  await assert.rejects(appendFact(table, final(0), from), /k was being written/);
});

test('the content hash is blind to identity and rank and sees everything else', () => {
  const hash = contentHashOf(final(0));
  assert.equal(contentHashOf({ ...final(9), key: 'other' }), hash);
  assert.notEqual(contentHashOf(final(0, 1001n)), hash);
  assert.notEqual(contentHashOf({ ...final(0), date: day('2026-02-01') }), hash);
  assert.notEqual(contentHashOf({ ...final(0), estimated: true }), hash);
  assert.notEqual(contentHashOf({ ...final(0), account: 'bank' }), hash);
});

test('facts of every kind survive their encoding, and equal facts encode equally', () => {
  const { lines: _lines, counterAccount: _counter, estimated: _estimated, ...base } = final(0);
  for (const fact of [
    final(0, -9_007_199_254_740_993n),
    { ...base, kind: 'credit' as const, amountMinor: 5n },
    { ...base, kind: 'plan' as const, item: '{"a":1}' },
    { ...base, kind: 'plan' as const, item: null },
  ]) {
    assert.deepEqual(decodeFact(encodeFact(fact)), fact);
    assert.equal(
      encodeFact(Object.fromEntries(Object.entries(fact).reverse()) as typeof fact),
      encodeFact(fact),
    );
  }
});

test('rows survive their items', () => {
  const row = factRow(final(0), from);
  assert.deepEqual(rowOf(itemOf(row)), row);
  assert.equal(typeof itemOf(row)['fact'], 'string');
});
