import assert from 'node:assert/strict';
import { test } from 'node:test';
import { distributionOf } from '../../../shared/backtest/distribution.ts';
import { gatesOf } from '../../../shared/backtest/gates.ts';
import { floatOf, NET_BOOTSTRAP, NORMAL_90 } from '../../../shared/backtest/methods.ts';
import { casesOf, oracle } from '../../../shared/backtest/panel.ts';
import type { Method } from '../../../shared/backtest/question.ts';
import { runCases } from '../../../shared/backtest/run.ts';
import { summaries } from '../../../shared/backtest/summary.ts';
import { simulate } from '../../../shared/forecast/simulate.ts';
import { BLOCK_DAYS, historyWindow } from '../../../shared/model/history.ts';
import { daysBetween } from '../../../shared/time/civil-date.ts';

const panel = (companies: number, leadDays: readonly number[]) =>
  Array.from({ length: companies }, (_, k) => casesOf(2_000 + k, { leadDays, paths: 500 })).flat();

test('each company that burns is asked once for each lead, from 91, 182 or 364 days of history', () => {
  const cases = panel(12, [30, 180]);
  assert.ok(cases.length >= 12 && cases.length % 2 === 0);
  const shown = cases.map(({ question }) => daysBetween(question.historyFrom, question.asOf) + 1);
  assert.deepEqual([...new Set(shown)].sort(), [182, 364, 91]);
  for (const { question } of cases)
    assert.ok(question.lines.every(({ date }) => date >= question.historyFrom && date <= question.asOf));
});

/** The model with the level of spending taken for known. */
const SURE_OF_THE_LEVEL: Method = {
  name: 'sure of the level',
  isPoint: false,
  forecast: ({ days, asOf, historyFrom, horizonDays, paths, seed, balanceMinor, tranches }) =>
    distributionOf(
      simulate({
        horizonDays,
        paths,
        seed,
        openingCash: floatOf(balanceMinor),
        scheduled: new Float64Array(horizonDays),
        residual: {
          kind: 'bootstrap',
          values: Float64Array.from(historyWindow(days, asOf, historyFrom).netMinor, floatOf),
          block: BLOCK_DAYS,
        },
        jitters: [],
        tranches,
      }),
    ),
};

test('a model that is sure of the level covers too little far ahead', () => {
  const { scored } = runCases(panel(70, [180]), [NET_BOOTSTRAP, SURE_OF_THE_LEVEL]);
  const [model, sure] = summaries(scored, 1);
  assert.ok(model?.interval != null && sure?.interval != null);
  assert.ok(sure.interval.coverage.mean < 0.8, String(sure.interval.coverage.mean));
  assert.ok(model.interval.coverage.mean > sure.interval.coverage.mean);
});

test('the process itself forecasts best', () => {
  const { scored } = runCases(panel(20, [30, 90]), [NET_BOOTSTRAP, NORMAL_90, oracle(12)]);
  const [model, normal, best] = summaries(scored, 1).filter(({ leadDays }) => leadDays === 'all');
  assert.ok(model !== undefined && normal !== undefined && best !== undefined);
  assert.ok(best.crpsDays < 0.8 * model.crpsDays && best.crpsDays < 0.8 * normal.crpsDays);
  assert.ok(best.medianErrorDays < model.medianErrorDays);
});

test('the gates tell what is wanted, what was reached, and whether it suffices', () => {
  const { scored } = runCases(panel(6, [30, 60]), [NET_BOOTSTRAP, NORMAL_90]);
  const found = summaries(scored, 1);
  const names = { model: NET_BOOTSTRAP.name, baseline: NORMAL_90.name, oracle: 'oracle' };
  const gates = gatesOf(found, names);
  assert.deepEqual(
    gates.map(({ what }) => what),
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
  const swapped = gatesOf(
    found.map((summary) => ({ ...summary, medianErrorDays: 1_000 })),
    names,
  );
  assert.ok(swapped.filter(({ what }) => what.startsWith('median')).every(({ passed }) => !passed));
});
