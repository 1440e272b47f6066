import assert from 'node:assert/strict';
import { test } from 'node:test';
import { refoldBuckets } from '../../functions/forecast/aggregate.ts';
import { isBucketRow } from '../../functions/forecast/recompute.ts';
import { type EcbDeps, sweepRates } from '../../functions/poll/ecb.ts';
import { ecbStub } from '../../scripts/local/providers/ecb.ts';
import { converted } from '../../shared/fx/convert.ts';
import { rateBook } from '../../shared/fx/rates.ts';
import { currency } from '../../shared/money/currency.ts';
import { ecbApi } from '../../shared/providers/ecb/api.ts';
import { readReferenceRates } from '../../shared/providers/ecb/reference-rates.ts';
import type { CivilDate } from '../../shared/time/civil-date.ts';
import { memoryArchive, quietInvocation } from '../support/memory-intake.ts';
import { memoryLedgerStore } from '../support/memory-ledger-store.ts';
import { memoryStateStore } from '../support/memory-state-store.ts';
import { cashFact, day } from '../support/rows.ts';
import { provenance, settingsOf } from '../support/settings.ts';

const BASE = 'http://ecb.local';
const settings = settingsOf({ fx: 'ecb' });
const GBP = currency('GBP') ?? assert.fail();
const USD = currency('USD') ?? assert.fail();

const file = (...days: readonly (readonly [date: string, rates: Record<string, string>])[]): string => {
  const cubes = days.map(([date, rates]) => {
    const of = Object.entries(rates).map(([code, rate]) => `<Cube currency='${code}' rate='${rate}'/>`);
    return `<Cube time='${date}'>${of.join('')}</Cube>`;
  });
  return `<?xml version="1.0"?><gesmes:Envelope xmlns:gesmes="http://www.gesmes.org/xml/2002-08-01"><Cube>${cubes.join('')}</Cube></gesmes:Envelope>`;
};

/** @param says what the bank answers instead of the stand-in's own files. */
const world = (says?: () => string) => {
  let nowMs = Date.parse('2026-03-06T20:00:00Z');
  const asked: string[] = [];
  const stub = ecbStub({ now: () => nowMs });
  const ledger = memoryLedgerStore();
  const state = memoryStateStore();
  const deps: EcbDeps = {
    ledger,
    state,
    archive: memoryArchive(),
    ecb: ecbApi(BASE, async (url, { headers }) => {
      const path = url.slice(BASE.length);
      asked.push(path);
      const answer = stub({ method: 'GET', path, headers, body: Buffer.alloc(0) });
      return {
        status: answer.status,
        headers: { get: () => null },
        text: async () => says?.() ?? answer.body.toString(),
      };
    }),
  };
  const derive = async (): Promise<void> => {
    await refoldBuckets({ ledger, state }, ledger.rows().filter(isBucketRow));
  };
  return {
    asked,
    ledger,
    /** Until that instant, as Berlin knows it, and then the hourly run. */
    sweepAt: async (text: string): Promise<void> => {
      nowMs = Date.parse(text);
      await derive();
      await sweepRates(deps, settings, quietInvocation(nowMs));
      await derive();
    },
    earn: async (date: string, code = 'GBP'): Promise<void> => {
      const fact = cashFact({
        key: `k:${date}:${code}`,
        date: day(date),
        currency: currency(code) ?? assert.fail(),
      });
      await ledger.append(fact, provenance(settings));
    },
    book: async () =>
      rateBook((await state.statements('acme', 'rate')).flatMap(({ statements }) => statements)),
    conflicts: () => ledger.rows().filter(({ kind }) => kind === 'conflict').length,
    quarantined: () =>
      ledger.rows().filter((row) => row.kind === 'delivery' && row.quarantined !== undefined).length,
  };
};

test('20 ECB: who has only the base currency asks for nothing; the first foreign money brings its history', async () => {
  const at = world();
  await at.earn('2026-01-20', 'USD');
  await at.sweepAt('2026-03-06T20:00:00Z');
  assert.deepEqual(at.asked, []);
  await at.earn('2025-06-20');
  await at.sweepAt('2026-03-06T21:00:00Z');
  assert.deepEqual(at.asked, ['/eurofxref-hist.xml']);
  const book = await at.book();
  assert.deepEqual([...book.keys()].sort(), ['GBP', 'USD'], 'only what is needed is kept');
  assert.ok((book.get('GBP')?.[0]?.date ?? '') <= '2025-06-01');
  assert.equal(book.get('GBP')?.at(-1)?.date, '2026-03-06');
});

test('20 ECB: weekend: one question after four on a working day, and Friday holds until Monday', async () => {
  const at = world();
  await at.earn('2026-03-04');
  await at.sweepAt('2026-03-06T14:00:00Z');
  assert.equal((await at.book()).get('USD')?.at(-1)?.date, '2026-03-05', 'three in Berlin: not out yet');
  for (const hour of ['15', '16', '20']) await at.sweepAt(`2026-03-06T${hour}:30:00Z`);
  for (const date of ['2026-03-07', '2026-03-08', '2026-03-09']) await at.sweepAt(`${date}T09:00:00Z`);
  assert.deepEqual(at.asked, ['/eurofxref-hist-90d.xml', '/eurofxref-daily.xml']);
  const book = await at.book();
  const friday = converted(book, 1_000n, GBP, USD, day('2026-03-06'));
  assert.equal(typeof friday, 'bigint');
  assert.equal(converted(book, 1_000n, GBP, USD, day('2026-03-08')), friday);
  await at.sweepAt('2026-03-09T16:00:00Z');
  assert.deepEqual(at.asked.slice(2), ['/eurofxref-daily.xml']);
  await at.sweepAt('2026-03-13T16:00:00Z');
  assert.deepEqual(at.asked.slice(3), ['/eurofxref-hist-90d.xml'], 'days that were missed are made up for');
});

test('20 ECB: missing currency: it has no rate, and is not asked for over and over', async () => {
  const at = world(() => file(['2026-03-06', { USD: '1.1000' }]));
  await at.earn('2026-03-02', 'TWD');
  await at.sweepAt('2026-03-06T20:00:00Z');
  await at.sweepAt('2026-03-06T21:00:00Z');
  assert.equal(at.asked.length, 1);
  const twd = currency('TWD') ?? assert.fail();
  assert.deepEqual(converted(await at.book(), 100n, twd, USD, day('2026-03-06')), {
    currency: 'TWD',
    date: '2026-03-06',
  });
});

test('20 ECB: malformed XML is kept for people to see, adds no rate, and is asked for again', async () => {
  let text = '<html><body>Maintenance</body></html>';
  const at = world(() => text);
  await at.earn('2026-03-04');
  await at.sweepAt('2026-03-06T20:00:00Z');
  text = file(['2026-03-06', { GBP: '0.87', USD: '1.1' }]).slice(0, -30);
  await at.sweepAt('2026-03-06T21:00:00Z');
  assert.equal(at.quarantined(), 2);
  assert.equal((await at.book()).size, 0);
  text = file(['2026-03-06', { GBP: '0.87', USD: '1.1' }]);
  await at.sweepAt('2026-03-06T22:00:00Z');
  assert.equal((await at.book()).get('GBP')?.[0]?.rate, '0.87');
});

test('20 ECB: nothing but rates is taken for a file of rates', () => {
  const of = (rate: string) => readReferenceRates(file(['2026-03-06', { USD: rate }]));
  assert.equal(typeof of('1.1'), 'object');
  for (const bad of ['0', '0.000', '-1', '1e5', 'NaN', '', '1,1'])
    assert.equal(typeof of(bad), 'string', bad);
  assert.equal(typeof readReferenceRates(''), 'string');
  assert.equal(typeof readReferenceRates(file(['2026-02-30', { USD: '1' }])), 'string');
  const history = file(['2026-03-06', { USD: '1.1' }], ['2026-03-05', { USD: '1.2' }]);
  const from = readReferenceRates(history, '2026-03-06' as CivilDate);
  assert.deepEqual(typeof from === 'string' ? from : from.map(({ date }) => date), ['2026-03-06']);
});

test('20 ECB: whatever is not well-formed is no file of rates, nor is one that declares types', () => {
  const whole = file(['2026-03-06', { USD: '1.1', GBP: '0.87' }]);
  assert.equal(typeof readReferenceRates(whole), 'object');
  assert.equal(typeof readReferenceRates(`${whole}<!-- of Friday -->\n`), 'object');
  const broken: Readonly<Record<string, readonly [from: string, to: string]>> = {
    'an end without a beginning': ['</Cube>', '</Cube></Cube>'],
    'ends that cross': ['</Cube></gesmes:Envelope>', '</gesmes:Envelope></Cube>'],
    'text after the end': ['</gesmes:Envelope>', '</gesmes:Envelope>more'],
    'a second root': ['</gesmes:Envelope>', '</gesmes:Envelope><gesmes:Envelope/>'],
    'a rate told twice': ["rate='1.1'", "rate='1.1' rate='1.2'"],
    'a value without quotes': ["rate='1.1'", 'rate=1.1'],
    'a value that does not end': ["rate='1.1'", "rate='1.1"],
    'a bare ampersand': ['<Cube>', '<Cube>&'],
    'an entity that nobody declared': ['<Cube>', '<Cube>&rate;'],
    'a character that XML forbids': ['<Cube>', '<Cube>\u0001'],
    'declared types': ['?>', '?><!DOCTYPE gesmes:Envelope>'],
    'declared entities': ['?>', '?><!DOCTYPE x [<!ENTITY a "b">]>'],
  };
  for (const [what, [from, to]] of Object.entries(broken)) {
    assert.notEqual(whole.replace(from, to), whole, what);
    assert.match(
      String(readReferenceRates(whole.replace(from, to))),
      /^not a file of reference rates: /,
      what,
    );
  }
  for (let length = 0; length < whole.length; length += 1)
    assert.equal(typeof readReferenceRates(whole.slice(0, length)), 'string', `cut off after ${length}`);
});

test('20 ECB: BGN history: rates until the euro came, then the one that is fixed', async () => {
  const at = world(() => file(['2026-01-02', { USD: '1.1' }], ['2025-12-31', { USD: '1.2', BGN: '1.9558' }]));
  await at.earn('2025-12-30', 'BGN');
  await at.sweepAt('2026-01-02T20:00:00Z');
  const bgn = currency('BGN') ?? assert.fail();
  const book = await at.book();
  assert.equal(converted(book, 195_580n, bgn, USD, day('2025-12-31')), 120_000n);
  assert.equal(converted(book, 195_583n, bgn, USD, day('2026-01-02')), 110_000n);
});

test('20 ECB: a rate is told once: told otherwise later, the first telling stands and people see it', async () => {
  let rate = '0.87';
  const at = world(() =>
    file(['2026-03-09', { GBP: '0.88', USD: '1.1' }], ['2026-03-06', { GBP: rate, USD: '1.1' }]),
  );
  await at.earn('2026-03-02');
  await at.sweepAt('2026-03-09T20:00:00Z');
  rate = '0.78';
  await at.sweepAt('2026-03-12T20:00:00Z');
  assert.equal(at.conflicts(), 1);
  assert.equal((await at.book()).get('GBP')?.[0]?.rate, '0.87');
});
