import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LINEAR_30, LINEAR_90, NORMAL_90 } from '../../../shared/backtest/methods.ts';
import { CALIBRATED } from '../../../shared/backtest/model-methods.ts';
import { type OriginOptions, originsOf } from '../../../shared/backtest/origins.ts';
import { runCases } from '../../../shared/backtest/run.ts';
import { summaries } from '../../../shared/backtest/summary.ts';
import type { LedgerLine } from '../../../shared/ledger-file/line.ts';
import { addDays, daysBetween } from '../../../shared/time/civil-date.ts';
import { USD } from '../model/ledgers.ts';
import { FIRST, linesOf } from './cases.ts';

const OPTIONS: OriginOptions = { leadDays: [30, 60, 90, 180], paths: 300, seed: 0 };
const subject = (lines: readonly LedgerLine[]) => ({ name: 'ours', currency: USD, lines });

/** Earns on every tenth day more than it spends. */
const earning = linesOf(900, (day) => (day % 10 === 0 ? 20_000n : -1_000n - BigInt((day * 7) % 300)));
/** Spends 10.00 to 12.99 a day. */
const burning = linesOf(900, (day) => -1_000n - BigInt((day * 7) % 300));

const skippedCases = (skipped: Readonly<Record<string, number>>): number =>
  Object.values(skipped).reduce((sum, count) => sum + count, 0);

test('origins are 29 days apart from day 185 on, and every lead of each is a case or told', () => {
  const { origins, cases, skipped } = originsOf(subject(burning), OPTIONS);
  assert.equal(origins, Math.ceil((900 - 185) / 29));
  assert.equal(cases.length + skippedCases(skipped), origins * 4);
  assert.ok(skippedCases(skipped) > 0);
  const days = [...new Set(cases.map(({ question }) => daysBetween(FIRST, question.asOf)))];
  assert.deepEqual(days.slice(0, 3), [184, 213, 242]);
});

test('a ledger that does not burn is asked twice, without its income and with less of it', () => {
  const { origins, cases, played, skipped } = originsOf(subject(earning), OPTIONS);
  assert.equal(played.net, 0);
  assert.equal(played.spend + played.thin, cases.length);
  assert.equal(cases.length + skippedCases(skipped), origins * 8);
  const [first] = cases;
  assert.ok(first?.question.lines.every(({ amountMinor }) => amountMinor < 0n));
  const thin = cases.find(({ question }) => question.lines.some(({ amountMinor }) => amountMinor > 0n));
  assert.ok(thin !== undefined);
  const sum = (sign: bigint): number =>
    Number(
      thin.question.lines.reduce(
        (total, { amountMinor }) => (amountMinor * sign > 0n ? total + amountMinor : total),
        0n,
      ),
    );
  assert.ok(Math.abs(sum(1n) / -sum(-1n) - 0.5) < 0.001);
});

test('the balance is the recent burn times the lead; the outcome is the first day without cash', () => {
  const { cases } = originsOf(subject(burning), OPTIONS);
  for (const { question, leadDays, seenDays, outcomeDays } of cases) {
    const within = (from: number, to: number) =>
      burning.filter(
        ({ date }) => daysBetween(question.asOf, date) >= from && daysBetween(question.asOf, date) <= to,
      );
    const spent = within(-181, 0).reduce((sum, { amountMinor }) => sum - amountMinor, 0n);
    assert.equal(question.balanceMinor, (spent * BigInt(leadDays)) / 182n);
    let left = question.balanceMinor;
    const future = within(1, seenDays);
    const day = future.findIndex(({ amountMinor }) => {
      left += amountMinor;
      return left <= 0n;
    });
    assert.equal(outcomeDays, day === -1 ? seenDays + 1 : day + 1);
    assert.ok(seenDays >= Math.min(365, 1.5 * leadDays + 30));
  }
});

test('a question knows nothing of what comes after it', () => {
  const turn = addDays(FIRST, 500);
  const changed = earning.map((line) => (line.date > turn ? { ...line, amountMinor: -999_999n } : line));
  const before = (lines: readonly LedgerLine[]) =>
    originsOf(subject(lines), OPTIONS).cases.filter(({ question }) => question.asOf <= turn);
  const [told, retold] = [before(earning), before(changed)];
  assert.deepEqual(
    told.map(({ question }) => question),
    retold.map(({ question }) => question),
  );
  assert.notDeepEqual(
    told.map(({ outcomeDays }) => outcomeDays),
    retold.map(({ outcomeDays }) => outcomeDays),
  );
});

test('a ledger in which nothing is spent has origins and no cases', () => {
  const { origins, cases, skipped } = originsOf(subject(linesOf(400, () => 500n)), OPTIONS);
  assert.equal(cases.length, 0);
  assert.equal(skippedCases(skipped), origins * 8);
  assert.ok((skipped['nothing is burnt before it'] ?? 0) > 0);
});

test('too short a ledger has no origins', () => {
  assert.deepEqual(originsOf(subject([]), OPTIONS), {
    origins: 0,
    cases: [],
    played: { net: 0, spend: 0, thin: 0 },
    skipped: {},
  });
  assert.equal(originsOf(subject(linesOf(185, () => -1n)), OPTIONS).origins, 0);
});

test('a ledger without surprises is covered, to the day, by every method', () => {
  const { cases } = originsOf(subject(linesOf(700, () => -1_000n)), OPTIONS);
  const { scored, declined } = runCases(cases, [CALIBRATED, NORMAL_90, LINEAR_30, LINEAR_90]);
  assert.equal(declined, 0);
  for (const summary of summaries(scored, 0)) {
    assert.deepEqual([summary.medianErrorDays, summary.p90ErrorDays], [0, 0]);
    // The model alone leaves room for what has never happened.
    assert.ok(summary.crpsDays <= (summary.method === CALIBRATED.name ? 4 : 0), String(summary.crpsDays));
    if (summary.interval !== null)
      assert.deepEqual([summary.interval.coverage.mean, summary.interval.aboveP95], [1, 0]);
  }
});

test('a spending that doubles after the origin is missed, and counted below p5', () => {
  const lines = linesOf(700, (day) => (day > 400 ? -2_000n : -1_000n));
  const { cases } = originsOf(subject(lines), OPTIONS);
  const caught = cases.filter(({ question }) => daysBetween(FIRST, question.asOf) === 184 + 29 * 7);
  const [overall] = summaries(runCases(caught, [CALIBRATED]).scored, 0).slice(-1);
  assert.equal(overall?.interval?.coverage.mean, 0);
  assert.equal(overall?.interval?.belowP5, 1);
});
