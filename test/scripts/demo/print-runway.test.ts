import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { runwayOf } from '../../../shared/runway/runway.ts';
import { cashFact, day, factRow } from '../../support/rows.ts';
import { DEMO, viewOf } from './books.ts';

const script = `
  import { readFileSync } from 'node:fs';
  import { printRunway } from '${import.meta.resolve('../../../scripts/demo/print-runway.ts')}';
  printRunway(JSON.parse(readFileSync(0, 'utf8')));
`;
const shown = (document: string): string => {
  const { stdout, stderr, status } = spawnSync(process.execPath, ['--input-type=module', '--eval', script], {
    input: document,
    encoding: 'utf8',
  });
  assert.equal(status, 0, stderr);
  return stdout;
};
/** Noon of 2026-11-21 in New York. */
const NOON = Date.UTC(2026, 10, 21, 17);

test('a runway document is printed with its days and dates', () => {
  const spent = Array.from({ length: 40 }, (_, week) =>
    factRow(
      cashFact({
        key: `generic:${week}`,
        date: day(new Date(NOON - (1 + week * 7) * 86_400_000).toISOString().slice(0, 10)),
        amountMinor: -700_00n,
      }),
    ),
  );
  const opening = factRow(
    cashFact({ key: 'generic:opening', date: day('2026-01-02'), amountMinor: 48_000_00n }),
  );
  const { document, forecast } = runwayOf(DEMO, viewOf([opening, ...spent]), NOON);
  const text = shown(document);
  assert.match(text, /^demo: 20000\.00 USD on 2026-11-21\n/);
  assert.equal(forecast.status, 'ok');
  assert.match(text, new RegExp(`p5\\s+│\\s+${forecast.days.p5}\\s+│ \\d{4}-\\d{2}-\\d{2}`));
  assert.match(text, /An average day of the last year burns \S+ USD net/);
});

test('a runway without numbers says why', () => {
  const { document } = runwayOf(DEMO, viewOf([factRow(cashFact({ key: 'generic:1' }))]), NOON);
  assert.match(
    shown(document),
    /Not enough history for a forecast\.\nNote: the last 294 days of the ledger show 0 payments/,
  );
});
