import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { calibrationPage, type PanelResult } from '../../../scripts/panel/calibration-page.ts';
import { gatesOf } from '../../../shared/backtest/gates.ts';
import { LINEAR_30, NORMAL_90 } from '../../../shared/backtest/methods.ts';
import { adapted, RAW } from '../../../shared/backtest/model-methods.ts';
import { casesOf, oracle } from '../../../shared/backtest/panel.ts';
import { runCases } from '../../../shared/backtest/run.ts';
import { summaries } from '../../../shared/backtest/summary.ts';
import { CALIBRATION } from '../../../shared/model/calibration/constants.ts';

const CAPSTACK = adapted();
const cases = [2_001, 2_002, 2_003].flatMap((seed) => casesOf(seed, { leadDays: [30, 90], paths: 100 }));
const found = summaries(runCases(cases, [CAPSTACK, RAW, NORMAL_90, LINEAR_30, oracle(3)]).scored, 1);
const names = { model: CAPSTACK.name, baseline: NORMAL_90.name, oracle: 'oracle' };

const result: PanelResult = {
  companies: 3,
  firstSeed: 2_001,
  paths: 100,
  notBurning: 0,
  declined: 0,
  summaries: found,
  gates: [{ method: CAPSTACK.name, gates: gatesOf(found, names) }],
  oracle: { redraws: 3, summaries: found },
  ledgers: [{ name: 'Some ledger (public domain)', origins: 2, cases: 4, summaries: found }],
  model: 'some-model-1',
  constants: CALIBRATION,
  command: 'npm run backtest:panel -- --companies 3',
};

const rowsOf = (page: string): readonly (readonly string[])[] =>
  page
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .map((line) => line.slice(1, -1).split('|'));

test('the page tells every figure of every method, once for each number of days of cash', () => {
  const page = calibrationPage(result);
  assert.doesNotMatch(page, /undefined|NaN|\[object|Infinity/);
  const scores = rowsOf(page).filter(
    (cells) => cells.length === 14 && /^ (30|90|all) $/.test(cells[1] ?? ''),
  );
  assert.equal(scores.length, 3 * 5 * 3);
  const coverage = found[2]?.interval?.coverage.mean ?? Number.NaN;
  assert.match(page, new RegExp(`Of 100 runway intervals .* about ${Math.round(coverage * 100)} contained`));
  assert.match(page, /### Some ledger \(public domain\)/);
});

test('a gate that is missed is told as missed', () => {
  const missed = gatesOf(
    found.map((summary) => ({ ...summary, medianErrorDays: 999 })),
    names,
  );
  const page = calibrationPage({ ...result, gates: [{ method: 'capstack', gates: missed }] });
  assert.match(page, /\| capstack \| median error at 30 days \| at most 5 \| 999 \| \*\*missed\*\* \|/);
});

test('the page in docs is of the constants that are shipped', () => {
  const page = readFileSync(join(import.meta.dirname, '../../../docs/calibration.md'), 'utf8');
  assert.ok(page.includes(CALIBRATION.version), 'run npm run backtest:panel -- --companies 867 --write');
});
