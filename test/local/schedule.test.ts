import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { scheduleExpression } from '../../scripts/local/schedule.ts';

const at = (text: string): number => Date.parse(`${text}Z`);
const next = (expression: string, after: string): string => {
  const dueMs = scheduleExpression(expression, at('2026-11-21T09:14:30'))(at(after));
  return Number.isFinite(dueMs) ? new Date(dueMs).toISOString().slice(0, 16) : 'never';
};

describe('schedules', () => {
  it('count rates from the start, not from when they are asked', () => {
    assert.equal(next('rate(1 hour)', '2026-11-21T09:14:30'), '2026-11-21T10:14');
    assert.equal(next('rate(5 minutes)', '2026-11-21T09:20:00'), '2026-11-21T09:24');
    assert.equal(next('rate(1 day)', '2026-11-23T00:00:00'), '2026-11-23T09:14');
  });

  it('follow cron fields in UTC', () => {
    assert.equal(next('cron(17 * * * ? *)', '2026-11-21T09:17:00'), '2026-11-21T10:17');
    assert.equal(next('cron(17 3 * * ? *)', '2026-12-31T03:17:00'), '2027-01-01T03:17');
    assert.equal(next('cron(0/15 8-9 * * ? *)', '2026-11-21T08:46:00'), '2026-11-21T09:00');
    assert.equal(next('cron(5,35 * * * ? *)', '2026-11-21T09:05:00'), '2026-11-21T09:35');
    assert.equal(next('cron(0 12 ? * MON *)', '2026-11-21T00:00:00'), '2026-11-23T12:00');
    assert.equal(next('cron(0 0 29 FEB ? *)', '2026-11-21T00:00:00'), '2028-02-29T00:00');
    assert.equal(next('cron(0 0 1 1 ? 2020)', '2026-11-21T00:00:00'), 'never');
  });

  it('refuse what they do not know', () => {
    for (const wrong of [
      'cron(0 0 L * ? *)',
      'cron(0 0 * * *)',
      'rate(1 fortnight)',
      'at(2026-01-01T00:00:00)',
    ])
      assert.throws(() => scheduleExpression(wrong, 0), Error, wrong);
  });
});
