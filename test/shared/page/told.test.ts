import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ToldDay } from '../../../shared/page/document.ts';
import { renderPage } from '../../../shared/page/page.ts';
import { toldSoFar } from '../../../shared/page/told.ts';
import { addDays, type CivilDate } from '../../../shared/time/civil-date.ts';
import { inputOf, okDocument } from './documents.ts';

const FIRST = '2026-10-01' as CivilDate;
const day = (k: number, changes: Partial<ToldDay> = {}): ToldDay => ({
  as_of: addDays(FIRST, k),
  p5_days: 150 - k,
  p50_days: 170 - k,
  p95_days: 200 - k,
  censored: { p5: false, p50: false, p95: false },
  ...changes,
});
const markup = (...told: readonly ToldDay[]): string => toldSoFar(told)?.markup ?? '';

test('one day is no history', () => {
  assert.equal(toldSoFar([]), null);
  assert.equal(toldSoFar([day(0)]), null);
  assert.doesNotMatch(renderPage(inputOf(okDocument)).html, /id="told"/);
});

test('the table tells every day, newest first', () => {
  const rows = [...markup(day(0), day(1), day(4)).matchAll(/<tr role="row">(.*?)<\/tr>/gs)].slice(1);
  assert.equal(rows.length, 3);
  assert.match(rows[0]?.[1] ?? '', /5\u00a0October\u00a02026.*146.*166.*196/s);
});

test('a day without a number is a gap, and the table says why', () => {
  const censored = { p5: false, p50: false, p95: true };
  const text = markup(day(0), day(1), day(2, { p95_days: null, censored }), day(3), day(4));
  assert.doesNotMatch(text, /NaN|null/);
  assert.match(text, /beyond the horizon/);
  const edges = [...text.matchAll(/<path class="edge" d="([^"]*)"/g)].map(([, path = '']) => path);
  // Two drawings, p5 and p95 in each: only p95 is broken in two.
  assert.deepEqual(
    edges.map((path) => path.split('M').length - 1),
    [1, 2, 1, 2],
  );
});

test('the page shows it where there is one', () => {
  assert.match(renderPage({ ...inputOf(okDocument), told: [day(0), day(1)] }).html, /id="told"/);
});
