import assert from 'node:assert/strict';
import { test } from 'node:test';
import { METRICS } from '../../../shared/contract/names.ts';
import { noteFeedHealth, stateFeed } from '../../../shared/fetch/feed-health.ts';
import { memoryArchive, quietInvocation } from '../../support/memory-intake.ts';
import { memoryLedgerStore } from '../../support/memory-ledger-store.ts';
import { settingsOf } from '../../support/settings.ts';

test('the health of a feed is stated where it is news, dated in the tenant’s zone, and failures are counted each time', async () => {
  const deps = { ledger: memoryLedgerStore(), archive: memoryArchive() };
  const settings = settingsOf({ accountingZone: 'America/New_York' });
  const stated: string[] = [];
  let counted = 0;
  const note = async (hour: number, refusal: string | undefined, tell = noteFeedHealth): Promise<void> => {
    const context = quietInvocation(Date.UTC(2026, 2, 10, hour));
    await tell(deps, { settings, source: 'bank', normaliser: 'bank/1', context }, 'bank:1', refusal);
    counted += context.emitted.reduce((sum, each) => sum + (each[METRICS.eventsRejected] ?? 0), 0);
    const rows = await deps.ledger.factRows(settings.tenant, 'bank:1:feed');
    const facts = rows.flatMap((row) => (row.kind === 'fact' ? [row.fact] : []));
    stated.push(
      facts.map((fact) => `${fact.date} ${fact.kind === 'statement' ? fact.body : ''}`).join(' | '),
    );
  };
  await note(0, undefined);
  await note(1, '401');
  await note(2, '401');
  await note(3, '503');
  await note(12, undefined);
  await note(13, undefined);
  await note(14, 'silent', stateFeed);
  await note(14, undefined);
  await note(13, '401');
  const [refused, failing, well, silent, later] = [
    '2026-03-09 {"reason":"401","status":"stale"}',
    '2026-03-09 {"reason":"503","status":"stale"}',
    '2026-03-10 {"status":"ok"}',
    '2026-03-10 {"reason":"silent","status":"stale"}',
    '2026-03-10 {"reason":"401","status":"stale"}',
  ];
  const both = `${refused} | ${failing}`;
  assert.deepEqual(stated, [
    '',
    refused,
    refused,
    both,
    `${both} | ${well}`,
    `${both} | ${well}`,
    `${both} | ${well} | ${silent}`,
    `${both} | ${well} | ${silent} | ${well}`,
    `${both} | ${well} | ${silent} | ${well} | ${later}`,
  ]);
  assert.equal(counted, 4);
  const rows = await deps.ledger.factRows(settings.tenant, 'bank:1:feed');
  assert.deepEqual(
    rows.filter(({ kind }) => kind === 'conflict'),
    [],
  );
});
