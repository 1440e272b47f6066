import assert from 'node:assert/strict';
import { test } from 'node:test';
import { groundsOf } from '../../../shared/policy/reading.ts';
import { runwayDocument } from '../../support/policy.ts';

const COMPUTED = '2026-06-10T00:00:00.000Z';
const HOUR_MS = 3_600_000;
const FRESH = Date.parse(COMPUTED) + HOUR_MS;
const hold = (document: string | undefined, nowMs = FRESH): string =>
  (groundsOf('plan', document, nowMs).hold ?? []).join('; ');

test('a sound forecast is read with what a decision has to quote', () => {
  assert.deepEqual(groundsOf('plan', runwayDocument(52, COMPUTED), FRESH), {
    reading: {
      p5Days: 52,
      standardErrorDays: 0.5,
      evidence: {
        p5_days: 52,
        standard_error_days: 0.5,
        as_of: '2026-06-10',
        inputs_hash: 'sha256:52',
        model_version: 'test-1',
      },
    },
  });
});

test('beyond the horizon is no number, and gone is nought', () => {
  assert.equal(groundsOf('plan', runwayDocument(null, COMPUTED), FRESH).reading?.p5Days, null);
  const gone = runwayDocument(null, COMPUTED, { status: 'out_of_cash', censored: { p5: false } });
  assert.equal(groundsOf('plan', gone, FRESH).reading?.p5Days, 0);
});

test('26 hours is fresh, a millisecond more is not', () => {
  const document = runwayDocument(52, COMPUTED);
  assert.equal(hold(document, Date.parse(COMPUTED) + 26 * HOUR_MS), '');
  assert.match(hold(document, Date.parse(COMPUTED) + 26 * HOUR_MS + 1), /older than 26 hours/);
});

test('each doubt holds, and says so', () => {
  const trust = { partial: false, paused: false, conflicts: 0 };
  const cases: [string | undefined, RegExp][] = [
    [undefined, /no forecast yet/],
    ['{', /cannot be read/],
    ['[]', /computed/],
    [runwayDocument(52, 'soon'), /computed/],
    [runwayDocument(52, COMPUTED, { status: 'insufficient_data', p5_days: null }), /too little data/],
    [runwayDocument(52, COMPUTED, { status: 'paused' }), /paused/],
    [runwayDocument(52, COMPUTED, { trust: { ...trust, paused: true } }), /paused/],
    [runwayDocument(52, COMPUTED, { trust: { ...trust, partial: true } }), /partial/],
    [runwayDocument(52, COMPUTED, { trust: { ...trust, conflicts: 1 } }), /two ways/],
    [runwayDocument(52, COMPUTED, { trust: undefined }), /trust/],
    [runwayDocument(52, COMPUTED, { p5_days: null }), /cannot be read/],
    [runwayDocument(52, COMPUTED, { p5_days: '52' }), /cannot be read/],
    [runwayDocument(52, COMPUTED, { standard_error_days: { p5: null } }), /cannot be read/],
    [runwayDocument(52, COMPUTED, { inputs: {} }), /cannot be read/],
  ];
  for (const [document, reason] of cases) assert.match(hold(document), reason, document);
  assert.deepEqual(groundsOf('off', runwayDocument(52, COMPUTED), FRESH).hold, ['the policy mode is off']);
  assert.equal(groundsOf('apply', runwayDocument(52, COMPUTED), FRESH).hold, undefined);
});
