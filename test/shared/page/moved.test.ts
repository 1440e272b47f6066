import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AttributionBody } from '../../../shared/explain/body.ts';
import type { MovedPeriod } from '../../../shared/page/moved.ts';
import { renderPage } from '../../../shared/page/page.ts';
import { HOSTILE, inputOf } from './documents.ts';

const attribution = (changes: Partial<AttributionBody>): AttributionBody => ({
  unit: 'days',
  from: 180,
  to: 169,
  change: -11,
  note: null,
  drivers: [
    { driver: 'balance', effect: -10.4, says: 'cash is 90000.00 USD less than expected by now' },
    { driver: 'time', effect: -0.6, says: '1 day went by' },
  ],
  ...changes,
});

const period = (p95: Partial<AttributionBody> = {}, basis = 'kept'): MovedPeriod => ({
  from: { as_of: '2026-11-20', basis },
  moved: { p5: attribution({}), p50: attribution({}), p95: attribution(p95) },
});

const pageOf = (...moved: readonly MovedPeriod[]): string => renderPage(inputOf({}, { moved })).html;

test('what moved the number is a table of drivers, the greatest first, from then to now', () => {
  const html = pageOf(period());
  assert.match(html, /<h2 id="moved-title">What moved it<\/h2>/);
  assert.match(html, /Since 20\u00a0November\u00a02026, in days of runway/);
  const cells = [
    ...html.matchAll(/<td role="cell" data-title="(?:What|p50)"[^>]*><span>(.*?)<\/span><\/td>/g),
  ]
    .map(([, cell = '']) =>
      cell
        .replace(/<small>.*?<\/small>/g, '')
        .replace(/<[^>]+>/g, '')
        .trim(),
    )
    .slice(0, 8);
  assert.deepEqual(cells, [
    'Then',
    '180',
    'Cash against what was expected',
    '\u221210.4',
    'Time going by',
    '\u22120.6',
    'Now',
    '169',
  ]);
});

test('beyond the horizon the change is one of chance, and the page says so', () => {
  const html = pageOf(
    period({
      unit: 'survival_at_horizon',
      from: 0.9512,
      to: 0.94,
      change: -0.0112,
      note: 'p95 lies beyond the 730 days looked at',
      drivers: [{ driver: 'balance', effect: -0.0112, says: 'cash is lower' }],
    }),
  );
  assert.match(html, /95\.12%/);
  assert.match(html, /\u22121\.12 pp/);
  assert.match(html, /<p class="aside">P95 lies beyond the 730 days looked at\.<\/p>/);
});

test('a day that was made again is said to be', () => {
  assert.match(pageOf(period({}, 'reconstructed')), /No forecast of that day is kept/);
  assert.doesNotMatch(pageOf(period()), /No forecast of that day is kept/);
});

test('without an older forecast there is no such section', () => {
  assert.doesNotMatch(pageOf(), /What moved it/);
});

test('whatever a driver says is escaped', () => {
  const hostile = attribution({ drivers: [{ driver: 'schedule', effect: 1, says: HOSTILE }] });
  const html = pageOf({ ...period(), moved: { p5: hostile, p50: hostile, p95: hostile } });
  assert.doesNotMatch(html, /<script|<img/);
});

const WITHOUT = {
  p5_days: 101,
  p50_days: 122,
  p95_days: null,
  censored: { p5: false, p50: false, p95: true },
  survival: { 30: 1, 60: 1, 90: 0.97, 180: 0.1, 365: 0 },
  survival_curve: [
    [0, 1],
    [91, 0.97],
    [182, 0.1],
    [364, 0],
  ],
} as const;

test('money that is not signed is left out beside the answer: in days, as a second curve, and in its table', () => {
  const html = renderPage(inputOf({ without_unsigned: WITHOUT })).html;
  assert.match(html, /101 \/ 122 \/ beyond 730/);
  assert.match(html, /<path class="unsigned" d="M/);
  assert.match(html, /The dashed line leaves out money that is not signed/);
  assert.match(html, /data-title="Without unsigned"[^>]*><span>97%/);
  assert.doesNotMatch(renderPage(inputOf()).html, /class="unsigned"|Without unsigned/);
});

test('what to do has its dates and amounts', () => {
  const html = renderPage(
    inputOf({
      p5_days: 300,
      breaking: { date: '2027-05-09', label: 'payroll', amount: '98000.00' },
      lowest_cash: { p5: '-20.00', p50: '10.00', p95: '4000.00', date: '2027-05-01' },
    }),
  ).html.replaceAll('\u00a0', ' ');
  assert.match(html, /<dt>Start raising by<\/dt><dd><span class="n">19 March 2027/);
  assert.match(html, /<bdi>payroll<\/bdi><\/span> <small>about \$98,000\.00, on 9 May 2027/);
  assert.match(html, /<dt>Lowest cash ahead<\/dt><dd><span class="n">\$10\.00/);
  assert.match(html, /<dt>Cash for 180 days<\/dt><dd><span class="n">\$2,588,000\.00/);
});
