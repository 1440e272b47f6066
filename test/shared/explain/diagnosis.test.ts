import assert from 'node:assert/strict';
import { test } from 'node:test';
import { doubts } from '../../../shared/explain/doubts.ts';
import { RAISING_DAYS, startRaising } from '../../../shared/explain/raising.ts';
import { forecastRunway, type RunwayInput } from '../../../shared/model/runway.ts';
import { addDays } from '../../../shared/time/civil-date.ts';
import { AS_OF, daily } from '../model/ledgers.ts';
import { credits, live } from './pairs.ts';

const doubtsOf = (input: RunwayInput): readonly string[] => doubts(input, forecastRunway(input));

test('money has to be raised a lead before the first futures run out', () => {
  const forecast = forecastRunway(live({ balanceMinor: 2_500_000n }));
  const { date, leadDays, reason } = startRaising(forecast);
  assert.equal(leadDays, RAISING_DAYS);
  assert.equal(date, addDays(AS_OF, (forecast.days.p5 ?? assert.fail()) - RAISING_DAYS));
  assert.equal(reason, null);
});

test('a day that has passed is told, and said to have passed', () => {
  const { date, reason } = startRaising(forecastRunway(live({ balanceMinor: 300_000n })));
  assert.ok(date !== null && date < AS_OF);
  assert.match(reason ?? '', /has passed/);
});

test('no day is named where the forecast names none', () => {
  const beyond = startRaising(forecastRunway(live({ balanceMinor: 100_000_000n })));
  assert.equal(beyond.date, null);
  assert.match(beyond.reason ?? '', /within the 365 days/);
  assert.equal(startRaising(forecastRunway(live({ balanceMinor: -1n }))).date, null);
  assert.match(startRaising(forecastRunway(live({ days: [] }))).reason ?? '', /no forecast/);
});

test('a quiet ledger raises no doubt', () => {
  const even = daily(364, () => -10_000n).filter(({ date }) => date < AS_OF);
  assert.deepEqual(doubtsOf(live({ days: even })), []);
});

test('an interval wider than its own middle asks for an audit of expenses', () => {
  const wild = daily(364, (ago) => (ago % 91 === 3 ? -2_000_000n : ago % 2 === 0 ? -9_000n : 3_000n));
  const input = live({ days: wild, balanceMinor: 1_500_000n });
  assert.ok(
    doubtsOf(input).some((reason) => reason.includes('audit how expenses are classified')),
    JSON.stringify(forecastRunway(input).days),
  );
});

test('cash that grows asks for credits and refunds', () => {
  const [reason] = doubtsOf(live({ days: daily(364, (ago) => (ago % 2 === 0 ? -100n : 480n)) }));
  assert.match(
    reason ?? '',
    /cash grew by 1\.91 USD a day on average.*unapplied credits, a batch of refunds/,
  );
});

test('a credit that ends is a cliff with its day and its monthly cost', () => {
  const even = daily(364, () => -10_000n).filter(({ date }) => date < AS_OF);
  const plan = (item: RunwayInput['plan']['items'][number]) => ({ items: [item], reasons: [] });
  const [exhausted] = doubtsOf(live({ days: even, plan: plan(credits('100')) }));
  assert.equal(
    exhausted,
    `cloud pays its last on ${addDays(AS_OF, 50)}: from then 3000.00 USD of cloud cost in 30 days is paid in cash`,
  );
  const [inPart] = doubtsOf(live({ days: even, plan: plan(credits('120')) }));
  assert.match(inPart ?? '', new RegExp(`on ${addDays(AS_OF, 42)}: from then`), '41 days and a part of one');
  const [expired] = doubtsOf(live({ days: even, plan: plan(credits('1')) }));
  assert.match(expired ?? '', new RegExp(`on ${addDays(AS_OF, 60)}: from then 30\\.00 USD`));
  assert.deepEqual(doubtsOf(live({ days: even, plan: plan(credits('1', 400)) })), []);
});
