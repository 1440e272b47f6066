import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { answerExport, type ExportPage } from '../../functions/audit/export.ts';
import { refoldBuckets } from '../../functions/forecast/aggregate.ts';
import { isBucketRow } from '../../functions/forecast/recompute.ts';
import { type SealDeps, sealTenant } from '../../functions/settle/seal.ts';
import { headerLine } from '../../shared/audit/lines.ts';
import { verifyExport } from '../../shared/audit/verify.ts';
import type { SealStore } from '../../shared/aws/seal-store.ts';
import { sha256Of } from '../../shared/canonical/canonical.ts';
import { type Fact, revision } from '../../shared/event/fact.ts';
import { recordDelivery } from '../../shared/intake/record.ts';
import { addDays } from '../../shared/time/civil-date.ts';
import { memoryArchive } from '../support/memory-intake.ts';
import { memoryLedgerStore } from '../support/memory-ledger-store.ts';
import { memorySealArchive, memorySealStore } from '../support/memory-seal-store.ts';
import { memoryStateStore } from '../support/memory-state-store.ts';
import { cashFact, day } from '../support/rows.ts';
import { settingsOf } from '../support/settings.ts';

const NOW = Date.parse('2026-11-21T02:47:00Z');
const settings = settingsOf({ slices: 2 });
const DATE = day('2026-11-10');

const world = (rival?: (store: SealStore) => Promise<void>) => {
  const ledger = memoryLedgerStore();
  const state = memoryStateStore();
  const archive = memoryArchive();
  const seals = memorySealStore(rival);
  const copies = memorySealArchive();
  const deps: SealDeps = { ledger, state, seals, copies };
  let deliveries = 0;
  return {
    ledger,
    archive,
    seals,
    copies,
    deps,
    deliver: async (...facts: readonly Fact[]) => {
      deliveries += 1;
      const body = Buffer.from(`{"delivery":${deliveries},"note":"ünïcödé"}`);
      const bodyHash = sha256Of(body);
      await recordDelivery(
        ledger,
        {
          tenant: 'acme',
          source: 'generic',
          deliveryId: `d-${deliveries}`,
          kept: await archive.keep('acme', bodyHash, body),
          bodyHash,
          receivedAt: '2026-11-10T12:00:00.000Z',
          traceparent: '00-1-2-01',
        },
        settings,
        'test/1',
        { outcome: 'facts', events: facts.map((fact) => ({ id: fact.key, fact })), doorbells: [] },
      );
      await refoldBuckets({ ledger, state }, ledger.rows().filter(isBucketRow));
    },
    seal: () => sealTenant(deps, settings, NOW, () => 100_000, 1_000),
    file: async (payloads = true, pageBytes?: number): Promise<Buffer> => {
      const pages: ExportPage[] = [];
      let cursor: string | null = '1:0';
      while (cursor !== null) {
        const query = { cursor, ...(payloads ? {} : { payloads: 'false' }) };
        const answer = await answerExport(
          { ledger, archive, seals },
          { query },
          settings,
          () => 0,
          pageBytes,
        );
        assert.equal(answer.status, 200, answer.body);
        const page = JSON.parse(answer.body) as ExportPage;
        pages.push(page);
        cursor = page.next;
      }
      const head = pages[0]?.head ?? { seq: 0, chain: '' };
      const lines = [headerLine('acme', payloads, head), ...pages.flatMap((page) => page.lines)];
      return Buffer.from(lines.map((line) => `${line}\n`).join(''));
    },
  };
};

const fact = (id: number, fields: Partial<Parameters<typeof cashFact>[0]> = {}) =>
  cashFact({ key: `k${id}`, date: addDays(DATE, id % 4), amountMinor: BigInt(id * 100 + 1), ...fields });

const filled = async () => {
  const at = world();
  await at.deliver(fact(1), fact(2), fact(3), fact(4), fact(5));
  await at.deliver(fact(6, { counterparty: 'Müller & Söhne' }));
  await at.seal();
  await at.deliver(fact(2, { revision: revision('final', 1), amountMinor: -5n }), fact(7));
  await at.seal();
  return at;
};

test('an export holds every row and payload, and verifies by itself', async () => {
  const at = await filled();
  const verified = verifyExport(await at.file());
  assert.deepEqual(verified.problems, []);
  const rows = at.ledger.rows();
  assert.equal(verified.records, rows.length);
  assert.equal(verified.payloads, rows.filter(({ kind }) => kind === 'delivery').length);
  assert.equal(verified.tenant, 'acme');
  assert.equal(verified.head, at.seals.all('acme').at(-1)?.seal.chain);
  assert.deepEqual(at.copies.copied, at.seals.all('acme'));
  const bare = verifyExport(await at.file(false));
  assert.deepEqual([bare.problems, bare.records, bare.payloads], [[], verified.records, 0]);
});

test('pages of any size make the same file', async () => {
  const at = await filled();
  const whole = (await at.file()).toString();
  for (const bytes of [1, 300, 1_000, 2_500, 5_000, 20_000])
    assert.equal((await at.file(true, bytes)).toString(), whole, `pages of ${bytes}`);
});

test('rows that come late get a later seal of their day, and no row is sealed twice', async () => {
  const at = await filled();
  const seals = at.seals.all('acme');
  const late = seals.filter(({ seal }) => seal.unit === `day ${addDays(DATE, 2)}`);
  assert.deepEqual(
    late.map(({ seal }) => seal.version),
    [1, 2],
  );
  const names = seals.flatMap(({ leaves }) => leaves.map(([name]) => name));
  assert.equal(new Set(names).size, names.length);
  const { seals: again } = await at.seal();
  assert.equal(again, 0);
});

test('any single byte that is altered is found in its line', async () => {
  const file = await (await filled()).file();
  const lineAt = (position: number): number =>
    file.subarray(0, position).filter((byte) => byte === 10).length + 1;
  fc.assert(
    fc.property(fc.nat({ max: file.length - 1 }), fc.integer({ min: 1, max: 255 }), (position, flip) => {
      const altered = Buffer.from(file);
      altered[position] = (altered[position] as number) ^ flip;
      const [first] = verifyExport(altered).problems;
      assert.equal(first?.line, lineAt(position), `byte ${position}`);
    }),
    { numRuns: 600 },
  );
});

test('a byte that is put in or taken out is found in its line, blanks and line ends among them', async () => {
  const file = await (await filled()).file();
  const lineAt = (position: number): number =>
    file.subarray(0, position).filter((byte) => byte === 10).length + 1;
  fc.assert(
    fc.property(
      fc.nat({ max: file.length - 1 }),
      fc.oneof(fc.constantFrom(0x20, 0x0a, 0x0d, 0x09), fc.nat({ max: 255 })),
      (position, byte) => {
        const more = Buffer.concat([
          file.subarray(0, position),
          Buffer.from([byte]),
          file.subarray(position),
        ]);
        const [found] = verifyExport(more).problems;
        assert.ok(found, `byte put in at ${position}`);
        /** A line end before a line end makes an empty line, which is the one after. */
        const after = byte === 0x0a && file[position] === 0x0a ? 1 : 0;
        assert.equal(found.line, lineAt(position) + after, `byte ${byte} put in at ${position}`);
        const less = Buffer.concat([file.subarray(0, position), file.subarray(position + 1)]);
        assert.equal(verifyExport(less).problems[0]?.line, lineAt(position), `byte taken out at ${position}`);
      },
    ),
    { numRuns: 300 },
  );
});

test('a whole line that is missing, doubled or made up is named', async () => {
  const file = (await (await filled()).file()).toString();
  const lines = file.split('\n').slice(0, -1);
  const of = (changed: readonly string[]) =>
    verifyExport(Buffer.from(changed.map((line) => `${line}\n`).join('')));
  lines.forEach((line, index) => {
    const without = of(lines.filter((_, each) => each !== index));
    assert.ok(without.problems.length > 0, line);
    const { kind, record } = JSON.parse(line);
    if (kind === 'record')
      assert.deepEqual(
        [without.problems[0]?.what, without.problems[0]?.name],
        ['missing', `${record.pk}|${record.sk}`],
      );
    if (kind === 'record') {
      const twice = of([...lines.slice(0, index + 1), ...lines.slice(index)]);
      assert.equal(twice.problems[0]?.line, index + 2);
    }
  });
  const [index, made] = [...lines.entries()].find(([, line]) => line.includes('"record"')) ?? [0, ''];
  const forged = of(
    lines.toSpliced(index + 1, 0, made.replace('k1', 'k99').replaceAll('F#acme#k1', 'F#acme#k99')),
  );
  assert.ok(forged.problems.some(({ what }) => what === 'added'));
  const cut = of(lines.slice(0, Math.floor(lines.length / 2)));
  assert.equal(cut.problems[0]?.what, 'missing');
});

test('a row altered where it is kept no longer fits its seal', async () => {
  const at = await filled();
  const honest = (await at.file()).toString();
  const forged = honest.replace('"amountMinor":"301"', '"amountMinor":"901"');
  assert.notEqual(forged, honest);
  const [first] = verifyExport(Buffer.from(forged)).problems;
  assert.deepEqual([first?.what, first?.name], ['altered', 'F#acme#k3|00000001']);
});

test('a delivery that tells of several nights is sealed with each, and verifies', async () => {
  const at = world();
  const told = [fact(1), fact(2), fact(3), fact(8)];
  await at.deliver(...told);
  let left = 2_500;
  await sealTenant(at.deps, settings, NOW, () => (left -= 1_000), 1_000);
  await at.seal();
  const names = at.seals.all('acme').flatMap(({ leaves }) => leaves.map(([name]) => name));
  assert.equal(names.length, new Set(names).size + 1);
  const verified = verifyExport(await at.file());
  assert.deepEqual(verified.problems, []);
  assert.equal(verified.records, at.ledger.rows().length);
});

test('two runs at once make one chain', async () => {
  let rivals = 0;
  let at = world();
  const rival = async (store: SealStore): Promise<void> => {
    rivals += 1;
    if (rivals > 3) return;
    await sealTenant({ ...at.deps, seals: store }, settings, NOW, () => 100_000, 1_000);
  };
  at = world(rival);
  await at.deliver(fact(1), fact(2), fact(3));
  const { more } = await at.seal();
  assert.equal(more, false);
  assert.deepEqual(verifyExport(await at.file()).problems, []);
  assert.equal(verifyExport(await at.file()).records, at.ledger.rows().length);
});

test('a run that has no time left says so, and the next goes on', async () => {
  const at = world();
  await at.deliver(fact(1), fact(2), fact(3));
  let left = 3_000;
  const run = () => sealTenant(at.deps, settings, NOW, () => (left -= 1_000), 1_000);
  const first = await run();
  assert.deepEqual([first.more, first.seals], [true, 2]);
  left = 100_000;
  assert.equal((await run()).more, false);
  assert.equal(verifyExport(await at.file()).records, at.ledger.rows().length);
});
