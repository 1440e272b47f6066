import assert from 'node:assert/strict';
import { test } from 'node:test';
import { answerGusto, type GustoDeps, sweepGusto } from '../../functions/pull/gusto.ts';
import { gustoAccessToken } from '../../functions/pull/gusto-access.ts';
import { gustoStub } from '../../scripts/local/providers/gusto.ts';
import { LOCAL_REFRESH_TOKEN } from '../../scripts/local/providers/gusto-tokens.ts';
import type { StatementFact } from '../../shared/event/statement.ts';
import { gustoApi } from '../../shared/providers/gusto/api.ts';
import { type Ask, patient } from '../../shared/providers/patience.ts';
import { COMPANY, draft, PAYROLL, payroll, receipt, transfer } from '../support/gusto-payloads.ts';
import { memoryArchive, memorySecrets, memoryTokens, quietInvocation } from '../support/memory-intake.ts';
import { memoryLedgerStore } from '../support/memory-ledger-store.ts';
import { settingsOf } from '../support/settings.ts';

const BASE = 'http://gusto.local';
const settings = settingsOf({ gusto: { company: COMPANY, taxes: 'impound' } });
const at = (text: string): number => Date.parse(`${text}:00Z`);

const world = () => {
  let nowMs = at('2026-03-09T12:00');
  const stub = gustoStub({ apiUrl: 'http://nowhere.invalid', pageSize: 2, now: () => nowMs });
  const calls: string[] = [];
  const call = (method: string, path: string, body = '', headers: Record<string, string> = {}) =>
    stub({ method, path, headers, body: Buffer.from(body) });
  const ask: Ask = async (url, { method = 'GET', headers, body }) => {
    calls.push(`${method} ${url.slice(BASE.length).replace(/\?.*/, '')}`);
    const answer = await call(method, url.slice(BASE.length), body, headers);
    return {
      status: answer.status,
      headers: { get: (name) => answer.headers[name] ?? null },
      text: async () => answer.body.toString(),
    };
  };
  const ledger = memoryLedgerStore();
  const deps: GustoDeps = {
    ledger,
    archive: memoryArchive(),
    secrets: memorySecrets({
      'acme/gusto/api/client_id': ['client'],
      'acme/gusto/api/client_secret': ['secret'],
      'acme/gusto/api/refresh_token': [LOCAL_REFRESH_TOKEN],
    }),
    tokens: memoryTokens(),
    gusto: gustoApi(
      BASE,
      patient(ask, async () => undefined),
    ),
  };
  const commitments = (): readonly StatementFact[] => {
    const latest = new Map(
      ledger.rows().flatMap((row) => (row.kind === 'fact' ? [[row.pk, row.fact] as const] : [])),
    );
    return [...latest.values()].flatMap((fact) =>
      fact.kind === 'statement' && fact.subject === 'commitment' && fact.body !== null ? [fact] : [],
    );
  };
  return {
    deps,
    ledger,
    calls,
    commitments,
    put: (fields: object) =>
      call('POST', '/_control/companies', JSON.stringify({ company_uuid: COMPANY, ...fields })),
    expire: () => call('POST', '/_control/expiry', '{}'),
    limit: (times: number) => call('POST', '/_control/limits', JSON.stringify({ times })),
    move: (text: string): void => {
      nowMs = at(text);
    },
    context: () => quietInvocation(nowMs),
  };
};

test('16 fetched again and unchanged, a payroll adds nothing to the ledger', async () => {
  const gusto = world();
  await gusto.put({ payrolls: [payroll()], receipts: [receipt()], ach_transactions: [transfer()] });
  await answerGusto(gusto.deps, settings, PAYROLL, gusto.context());
  const before = gusto.ledger.rows();
  assert.equal(gusto.commitments().length, 5);
  gusto.move('2026-03-09T13:00');
  await answerGusto(gusto.deps, settings, PAYROLL, gusto.context());
  assert.deepEqual(gusto.ledger.rows(), before);
});

test('16 the sweep finds on the debit date what no webhook tells: the money has left', async () => {
  const gusto = world();
  await gusto.put({ payrolls: [payroll()], receipts: [receipt()] });
  await sweepGusto(gusto.deps, settings, gusto.context());
  const left = (): bigint =>
    gusto.ledger
      .rows()
      .flatMap((row) => (row.kind === 'fact' && row.fact.kind === 'cash' ? row.fact.lines : []))
      .reduce((sum, { amountMinor }) => sum + amountMinor, 0n);
  assert.equal(left(), 0n);
  gusto.move('2026-03-12T12:00');
  await sweepGusto(gusto.deps, settings, gusto.context());
  assert.equal(left(), -1_825_040n);
  await sweepGusto(gusto.deps, settings, gusto.context());
  assert.equal(left(), -1_825_040n);
});

test('16 pages, limits and off-cycle payrolls lose nothing; the first sweep looks back a year, later ones do not', async () => {
  const gusto = world();
  const many = ['2025-08-15', '2026-02-13', '2026-02-27', '2026-03-13', '2026-03-27'].map(
    (check_date, index) =>
      payroll({ payroll_uuid: `p${index}`, check_date, off_cycle: index === 2, payroll_status_meta: null }),
  );
  await gusto.put({ payrolls: many });
  await gusto.limit(3);
  await sweepGusto(gusto.deps, settings, gusto.context());
  assert.equal(gusto.commitments().length, 25);
  const old = many.map((each) => ({ ...each, processed: false }));
  await gusto.put({ payrolls: old });
  gusto.move('2026-03-09T13:00');
  await sweepGusto(gusto.deps, settings, gusto.context());
  const expected = gusto.commitments().filter(({ body }) => body?.includes('"expected"'));
  assert.ok(expected.every(({ key }) => key.includes(':p0:')) && expected.length === 5);
});

test('16 cancelled takes back, run again commits again, deleted takes back for good', async () => {
  const gusto = world();
  const steps: [object, number][] = [
    [{ payrolls: [payroll()] }, 5],
    [{ payrolls: [draft()] }, 0],
    [{ payrolls: [payroll()] }, 5],
    [{ remove: [PAYROLL] }, 0],
    [{}, 0],
  ];
  for (const [index, [step, owed]] of steps.entries()) {
    gusto.move(`2026-03-09T12:0${index}`);
    await gusto.put(step);
    await answerGusto(gusto.deps, settings, PAYROLL, gusto.context());
    assert.equal(gusto.commitments().length, owed, `step ${index}`);
  }
});

test('16 debits that do not add up are held, and commit nothing', async () => {
  const gusto = world();
  await gusto.put({ payrolls: [payroll({ totals: { company_debit: '1.00', net_pay_debit: '2.00' } })] });
  await answerGusto(gusto.deps, settings, PAYROLL, gusto.context());
  assert.equal(gusto.commitments().length, 0);
  assert.ok(gusto.ledger.rows().some((row) => row.kind === 'delivery' && row.quarantined !== undefined));
});

test('16 tokens are exchanged before they end, each refresh token once, also by two runs at a time', async () => {
  const gusto = world();
  const { deps } = gusto;
  const first = await gustoAccessToken(deps, 'acme', gusto.context());
  assert.equal(await gustoAccessToken(deps, 'acme', gusto.context()), first);
  gusto.move('2026-03-09T13:55');
  const second = await gustoAccessToken(deps, 'acme', gusto.context());
  assert.notEqual(second, first);
  assert.equal(gusto.calls.filter((call) => call === 'POST /oauth/token').length, 2);
  gusto.move('2026-03-09T16:00');
  const both = await Promise.all([1, 2].map(() => gustoAccessToken(deps, 'acme', gusto.context())));
  assert.ok(both.some((token) => token !== undefined));
  assert.ok(await gustoAccessToken(deps, 'acme', gusto.context()));
});

test('16 a token that ends early is exchanged by the next try; without any, somebody is told', async () => {
  const gusto = world();
  await gusto.put({ payrolls: [payroll()] });
  await gustoAccessToken(gusto.deps, 'acme', gusto.context());
  gusto.move('2026-03-09T12:30');
  await gusto.expire();
  await assert.rejects(answerGusto(gusto.deps, settings, PAYROLL, gusto.context()));
  await answerGusto(gusto.deps, settings, PAYROLL, gusto.context());
  assert.equal(gusto.commitments().length, 5);
  const lost = { ...gusto.deps, tokens: memoryTokens() };
  const context = gusto.context();
  assert.equal(await gustoAccessToken(lost, 'acme', context), undefined);
  assert.deepEqual(
    context.lines.map(({ level }) => level),
    ['ERROR'],
  );
});
