import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { answer, notices } from '../../../shared/page/answer.ts';
import type { RunwayDocument } from '../../../shared/page/document.ts';
import { inputOf, STATES } from './documents.ts';

const plain = (markup: string): string => markup.replace(/<[^>]+>/g, '').replaceAll('\u00a0', ' ');

const answerIn = (state: string): string => {
  const input = STATES[state];
  assert(input !== undefined, state);
  return plain(answer(input).markup);
};

test('each state has its sentence', () => {
  const BOTH =
    'at least 95 of 100 modelled futures still have cash on 20 April 2027; half run out by 9 May 2027.';
  const upper = (text: string): string => text.replace(/^a/, 'A');
  assert.equal(answerIn('ok'), upper(BOTH));
  assert.equal(answerIn('partial'), upper(BOTH));
  assert.equal(answerIn('stale'), `As seen on 21 November 2026, ${BOTH}`);
  assert.equal(answerIn('paused'), `Subject to reconciliation, ${BOTH}`);
  assert.equal(
    answerIn('not_burning'),
    'On average cash does not shrink, and at least 95 of 100 modelled futures still have cash on 27 December 2027; more than half still have it on 20 November 2028, the last day the model looks at.',
  );
  assert.equal(
    answerIn('censored_all'),
    'More than 95 of 100 modelled futures still have cash on 20 November 2028, the last day the model looks at.',
  );
  assert.equal(
    answerIn('imminent'),
    'In at least 5 of 100 modelled futures cash runs out by 22 November 2026; half run out by 24 November 2026.',
  );
  assert.equal(
    answerIn('out_of_cash'),
    'Cash has run out: the balance on 21 November 2026 is \u2212$1,830.17.',
  );
  assert.equal(answerIn('insufficient_data'), 'No forecast yet: the recorded history is too short to tell.');
  assert.equal(answerIn('empty'), 'No forecast yet: no money event has been recorded.');
});

test('cash above zero but at the minimum is not called gone', () => {
  const input = inputOf({ status: 'out_of_cash', cash: { amount: '500.00', currency: 'USD' } });
  assert.equal(
    plain(answer(input).markup),
    'The runway has ended: the balance on 21 November 2026, $500.00, is at or below the minimum to keep.',
  );
});

test('a reader is warned of what is paused, stale or partial, and of nothing else', () => {
  const titles = (state: string): readonly string[] => {
    const input = STATES[state];
    assert(input !== undefined);
    return [...notices(input).markup.matchAll(/<strong>([^<]+)</g)].map(([, title = '']) => title);
  };
  assert.deepEqual(titles('ok'), []);
  assert.deepEqual(titles('paused'), ['Paused']);
  assert.deepEqual(titles('stale'), ['Stale']);
  assert.deepEqual(titles('late'), ['Stale']);
  assert.deepEqual(titles('partial'), ['Partial']);
  assert.deepEqual(titles('hostile'), ['Paused', 'Partial']);
});

test('today begins where the books are kept', () => {
  const around = { nowMs: Date.parse('2026-11-22T03:00:00Z') };
  const zoned = (accountingZone: string): string =>
    notices(inputOf({}, { ...around, tenant: { tenant: 'demo', accountingZone } })).markup;
  assert.equal(zoned('America/Los_Angeles'), '');
  assert.match(plain(zoned('Europe/Berlin')), /forecast of 21 November 2026, 1 day old/);
});

const HORIZON = 400;

/** A document made of futures by the definitions: type 1 quantiles, null beyond the horizon. */
const documentOf = (runways: readonly number[]): Partial<RunwayDocument> => {
  const sorted = runways.toSorted((a, b) => a - b);
  const quantile = (q: number): number | null => {
    const days = sorted[Math.max(1, Math.ceil(q * sorted.length - 1e-9)) - 1] ?? 0;
    return days > HORIZON ? null : days;
  };
  const [p5, p50, p95] = [quantile(0.05), quantile(0.5), quantile(0.95)];
  return {
    as_of: '2026-11-21',
    horizon_days: HORIZON,
    p5_days: p5,
    p50_days: p50,
    p95_days: p95,
    censored: { p5: p5 === null, p50: p50 === null, p95: p95 === null },
  };
};

const dayOf = (date: string): number => (Date.parse(date) - Date.parse('2026-11-21')) / 86_400_000;

/** What the sentence says, as conditions on a future's runway and on their share. */
const claimsOf = (markup: string): readonly { share: (alive: number) => boolean; day: number }[] =>
  markup.split(';').map((claim) => {
    const day = dayOf(/datetime="([^"]+)"/.exec(claim)?.[1] ?? '');
    if (/more than half still have/.test(claim)) return { day, share: (alive) => alive > 0.5 };
    if (/half run out by/.test(claim)) return { day, share: (alive) => alive <= 0.5 };
    if (/in at least 5\s+of 100/i.test(claim)) return { day, share: (alive) => alive <= 0.95 };
    assert.match(claim, /(at least|more than) 95 of 100 .* still have cash/i);
    return { day, share: (alive) => alive >= 0.95 };
  });

test('every claim of the sentence is true of the futures that the document sums up', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 1, max: HORIZON + 60 }), { minLength: 20, maxLength: 120 }),
      (runways) => {
        for (const { day, share } of claimsOf(answer(inputOf(documentOf(runways))).markup)) {
          const alive = runways.filter((runway) => runway > day).length / runways.length;
          assert(share(alive), `${alive} alive on day ${day}`);
        }
      },
    ),
  );
});
