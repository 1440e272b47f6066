import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { foldStatements } from '../../../shared/aggregate/statements.ts';
import { parseDocument } from '../../../shared/canonical/document.ts';
import { type FactBase, revision } from '../../../shared/event/fact.ts';
import { type Commitment, type StatementFact, statementFact } from '../../../shared/event/statement.ts';
import { decideAppend } from '../../../shared/ledger/append.ts';
import { bucketKey, parseBucketKey } from '../../../shared/ledger/bucket.ts';
import { decodeFact, encodeFact } from '../../../shared/ledger/codec.ts';
import { type BucketRow, factRow, type LedgerRow } from '../../../shared/ledger/row.ts';
import { day } from '../../support/rows.ts';
import { provenance, settingsOf } from '../../support/settings.ts';

const from = provenance(settingsOf());
const base = (key: string, order: number, date = '2026-03-13'): FactBase => ({
  key,
  revision: revision('final', order),
  source: 'payroll',
  date: day(date),
});
const body = (amountMinor: bigint): Commitment => ({
  amountMinor,
  currency: 'USD',
  dueDate: day('2026-03-13'),
  leg: 'net',
  status: 'expected',
});

/** Rows after hearing these facts in this order. */
const heard = (facts: readonly StatementFact[]): readonly BucketRow[] => {
  const rows: LedgerRow[] = [];
  for (const fact of facts) {
    const stored = rows.filter((row) => row.pk === `F#acme#${fact.key}`);
    rows.push(...decideAppend(stored, fact, from).rows);
  }
  return rows as readonly BucketRow[];
};

test('a bucket of statements is named by tenant, subject and month, and read back from its name', () => {
  const { bucket } = factRow(statementFact(base('k', 0), 'commitment', body(-5n)), from);
  assert.equal(bucket, 'T#acme#S#commitment#2026-03');
  assert.deepEqual(parseBucketKey(bucket), {
    kind: 'statements',
    tenant: 'acme',
    subject: 'commitment',
    month: '2026-03',
  });
  assert.equal(bucketKey(parseBucketKey(bucket)), bucket);
});

test('a statement survives the ledger as it is, and its amounts are exact', () => {
  const fact = statementFact(base('k', 0), 'commitment', body(-9_007_199_254_740_993n));
  assert.deepEqual(decodeFact(encodeFact(fact)), fact);
  const folded = foldStatements('commitment', '2026-03', heard([fact]));
  const [statement] = folded.statements;
  assert.deepEqual(statement, {
    key: 'k',
    date: '2026-03-13',
    source: 'payroll',
    body: body(-9_007_199_254_740_993n),
  });
});

test('the latest telling of each statement counts, a withdrawn one does not, in whatever order they came', () => {
  const facts = [
    statementFact(base('a', 1), 'commitment', body(-1n)),
    statementFact(base('a', 2), 'commitment', body(-2n)),
    statementFact(base('b', 1), 'commitment', body(-3n)),
    statementFact(base('b', 2), 'commitment', null),
    statementFact(base('c', 1), 'commitment', body(-4n)),
  ];
  fc.assert(
    fc.property(fc.shuffledSubarray(facts, { minLength: facts.length }), (shuffled) => {
      const { statements } = foldStatements('commitment', '2026-03', heard([...shuffled, ...shuffled]));
      assert.deepEqual(
        statements.map((each) => [each.key, 'amountMinor' in each.body && each.body.amountMinor]),
        [
          ['a', -2n],
          ['c', -4n],
        ],
      );
    }),
  );
});

test('a body comes back from a stored document with its amounts', () => {
  const { statements } = foldStatements(
    'commitment',
    '2026-03',
    heard([statementFact(base('k', 0), 'commitment', body(-7n))]),
  );
  assert.deepEqual(
    parseDocument(JSON.stringify(statements, (_, v) => (typeof v === 'bigint' ? `${v}` : v))),
    [...statements],
  );
});
