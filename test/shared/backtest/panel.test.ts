import assert from 'node:assert/strict';
import { test } from 'node:test';
import { NET_ALONE, STREAMS_ALONE, SURE_OF_THE_LEVEL } from '../../../shared/backtest/ablations.ts';
import { type Gate, gatesOf } from '../../../shared/backtest/gates.ts';
import { NORMAL_90 } from '../../../shared/backtest/methods.ts';
import { adapted, RAW } from '../../../shared/backtest/model-methods.ts';
import { casesOf, oracle } from '../../../shared/backtest/panel.ts';
import { runCases } from '../../../shared/backtest/run.ts';
import { type Summary, summaries } from '../../../shared/backtest/summary.ts';
import { daysBetween } from '../../../shared/time/civil-date.ts';

const LEAD_DAYS = [30, 60, 90, 180];
/** Companies that the constants were not fitted on. */
const FIRST_SEED = 2_000;
const CAPSTACK = adapted();
const COMPANIES = 90;

const panel = (companies: number, leadDays: readonly number[], paths = 500) =>
  Array.from({ length: companies }, (_, k) => casesOf(FIRST_SEED + k, { leadDays, paths })).flat();

const of = (all: readonly Summary[], method: string, lead: Summary['leadDays']): Summary => {
  const found = all.find((summary) => summary.method === method && summary.leadDays === lead);
  assert(found !== undefined, `${method} ${lead}`);
  return found;
};
const coverage = (summary: Summary): number => summary.interval?.coverage.mean ?? Number.NaN;

test('each company that burns is asked once for each lead, from 91, 182 or 364 days of history', () => {
  const cases = panel(12, [30, 180]);
  assert.ok(cases.length >= 12 && cases.length % 2 === 0);
  const shown = cases.map(({ question }) => daysBetween(question.historyFrom, question.asOf) + 1);
  assert.deepEqual([...new Set(shown)].sort(), [182, 364, 91]);
  for (const { question } of cases)
    assert.ok(question.lines.every(({ date }) => date >= question.historyFrom && date <= question.asOf));
});

/**
 * With so few companies chance moves a coverage of .93 by .018 (one standard deviation over companies, whose four forecasts
 * overlap) and that of one lead by .028; the tolerances are two of those below the gates that `npm run backtest:panel` judges
 * hundreds of companies by.
 */
test('the intervals hold what they promise, and the forecasts beat independent normal days', () => {
  const { scored, declined } = runCases(panel(COMPANIES, LEAD_DAYS), [CAPSTACK, RAW, NORMAL_90]);
  assert.equal(declined, 0);
  const all = summaries(scored, 1);
  const told = of(all, CAPSTACK.name, 'all');
  assert.ok(coverage(told) >= 0.86 && coverage(told) <= 0.985, String(coverage(told)));
  assert.ok(coverage(told) >= coverage(of(all, RAW.name, 'all')));
  assert.ok((told.interval?.pitDistance ?? 1) <= 0.15);
  for (const lead of LEAD_DAYS) {
    const [own, normal] = [of(all, CAPSTACK.name, lead), of(all, NORMAL_90.name, lead)];
    assert.ok(coverage(own) >= 0.81, `${lead}: ${coverage(own)}`);
    assert.ok(own.crpsDays < normal.crpsDays, `${lead}: ${own.crpsDays} ${normal.crpsDays}`);
    assert.ok(own.medianErrorDays <= { 30: 7, 60: 13, 90: 20, 180: 40 }[lead as 30], String(lead));
  }
});

test('a model that is sure of the level covers too little far ahead', () => {
  const { scored } = runCases(panel(70, [180]), [CAPSTACK, SURE_OF_THE_LEVEL]);
  const all = summaries(scored, 1);
  const sure = coverage(of(all, SURE_OF_THE_LEVEL.name, 180));
  assert.ok(sure < 0.8, String(sure));
  assert.ok(coverage(of(all, CAPSTACK.name, 180)) > sure);
});

test('the process itself forecasts best, and covers what it says', () => {
  const { scored } = runCases(panel(24, [30, 90]), [CAPSTACK, NORMAL_90, oracle(20)]);
  const all = summaries(scored, 1);
  const best = of(all, 'oracle', 'all');
  assert.ok(best.crpsDays < 0.8 * of(all, CAPSTACK.name, 'all').crpsDays);
  assert.ok(best.crpsDays < 0.8 * of(all, NORMAL_90.name, 'all').crpsDays);
  assert.ok(best.medianErrorDays <= of(all, CAPSTACK.name, 'all').medianErrorDays);
  assert.ok(coverage(best) >= 0.85, String(coverage(best)));
});

test('the halves of the model are made of its own paths', () => {
  const { scored } = runCases(panel(6, [90]), [RAW, STREAMS_ALONE, NET_ALONE]);
  const all = summaries(scored, 1);
  const [whole, streams, net] = [RAW, STREAMS_ALONE, NET_ALONE].map(({ name }) => of(all, name, 90));
  assert(whole !== undefined && streams !== undefined && net !== undefined);
  assert.notEqual(streams.crpsDays, net.crpsDays);
  // The score is convex: a pool is never worse than its halves on average.
  assert.ok(whole.crpsDays <= (streams.crpsDays + net.crpsDays) / 2 + 1e-9);
});

test('the gates tell what is wanted, what was reached, and whether it suffices', () => {
  const { scored } = runCases(panel(6, [30, 60]), [CAPSTACK, NORMAL_90]);
  const found = summaries(scored, 1);
  const names = { model: CAPSTACK.name, baseline: NORMAL_90.name, oracle: 'oracle' };
  assert.deepEqual(
    gatesOf(found, names).map(({ what }) => what),
    [
      'coverage',
      'distance of the outcomes from uniform',
      ...[30, 60].flatMap((lead) => [
        `coverage at ${lead} days`,
        `CRPS beside i.i.d. normal, 90 days at ${lead} days`,
        `median error at ${lead} days`,
      ]),
    ],
  );
  const judged = (changes: (summary: Summary) => Partial<Summary>): readonly Gate[] =>
    gatesOf(
      found.map((summary) => ({ ...summary, ...changes(summary) })),
      names,
    );
  const missed = (gates: readonly Gate[], what: string): boolean =>
    gates.filter((gate) => gate.what.startsWith(what)).every(({ passed }) => !passed);
  assert.ok(
    missed(
      judged(() => ({ medianErrorDays: 1_000 })),
      'median',
    ),
  );
  assert.ok(
    missed(
      judged(({ method }) => ({ crpsDays: method === CAPSTACK.name ? 10 : 11 })),
      'CRPS',
    ),
  );
  const covering = (mean: number) =>
    judged(({ interval }) => ({
      interval: interval && { ...interval, coverage: { mean, low: mean, high: mean } },
    }));
  for (const mean of [0.85, 0.97]) assert.ok(!covering(mean).find(({ what }) => what === 'coverage')?.passed);
  assert.ok(covering(0.92).find(({ what }) => what === 'coverage')?.passed);
});
