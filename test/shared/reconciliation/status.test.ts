import assert from 'node:assert/strict';
import { test } from 'node:test';
import { heldBack } from '../../../shared/lambda/exposure.ts';
import { pausedDocument } from '../../../shared/reconciliation/paused-document.ts';
import { nextStatus } from '../../../shared/reconciliation/status.ts';

const REASON = 'stripe: 2 items are missing';
const found = { reasons: [REASON], attention: [] };
const well = { reasons: [], attention: ['plaid has been silent for 9 days'] };
const paused = nextStatus(undefined, found, true, '2026-11-20T03:27:00.000Z');

test('a pause begins once, goes on, and ends by itself', () => {
  assert.deepEqual(
    [paused.paused, paused.since, paused.reasons],
    [true, '2026-11-20T03:27:00.000Z', [REASON]],
  );
  const later = nextStatus(paused, found, true, '2026-11-21T03:27:00.000Z');
  assert.deepEqual([later.since, later.checkedAt], [paused.since, '2026-11-21T03:27:00.000Z']);
  const healed = nextStatus(later, well, true, '2026-11-22T03:27:00.000Z');
  assert.deepEqual([healed.paused, healed.since, healed.reasons], [false, null, []]);
  assert.deepEqual(healed.attention, well.attention);
});

test('where nothing pauses by itself, what was found is still said', () => {
  const status = nextStatus(undefined, found, false, '2026-11-20T03:27:00.000Z');
  assert.deepEqual([status.paused, status.reasons, status.attention], [false, [], [REASON]]);
});

test('a paused runway keeps its numbers and says why; no cash and no number come first', () => {
  const runway = (status: string) =>
    JSON.stringify({ status, p5_days: 90, trust: { partial: false, paused: false, reasons: ['x'] } });
  const shown = JSON.parse(pausedDocument(runway('ok'), paused));
  assert.deepEqual([shown.status, shown.p5_days], ['paused', 90]);
  assert.deepEqual(shown.trust, {
    partial: false,
    paused: true,
    paused_since: paused.since,
    reasons: [REASON, 'x'],
  });
  for (const status of ['out_of_cash', 'insufficient_data'])
    assert.equal(JSON.parse(pausedDocument(runway(status), paused)).status, status);
});

test('only those who can put it right see figures during a pause', () => {
  for (const scopes of [['runway:read'], ['metrics:read', 'runway:read'], ['import:write'], []]) {
    const held = heldBack(paused, { scopes });
    assert.equal(held?.status, 503);
    assert.match(held?.body ?? '', /2 items are missing/);
    assert.equal(held?.headers['content-type'], 'application/problem+json');
    assert.equal(heldBack({ paused: false, reasons: [] }, { scopes }), undefined);
    assert.equal(heldBack(undefined, { scopes }), undefined);
  }
  for (const scope of ['plan:write', 'policy:write', 'admin'])
    assert.equal(heldBack(paused, { scopes: ['runway:read', scope] }), undefined);
  assert.equal(heldBack(paused, undefined), undefined);
});
