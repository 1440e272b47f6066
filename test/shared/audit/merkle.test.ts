import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import { leafHash, merkleRoot } from '../../../shared/audit/merkle.ts';

const sha256 = (...parts: readonly (Buffer | string)[]): Buffer => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
};

/** The definition of RFC 6962, word by word: split at the largest power of two below n. */
const rfc6962 = (entries: readonly string[]): Buffer => {
  if (entries.length === 0) return sha256('');
  if (entries.length === 1) return sha256(Buffer.from([0]), entries[0] as string);
  let k = 1;
  while (2 * k < entries.length) k *= 2;
  return sha256(Buffer.from([1]), rfc6962(entries.slice(0, k)), rfc6962(entries.slice(k)));
};

test('a root is that of RFC 6962, for any number of leaves', () => {
  fc.assert(
    fc.property(fc.array(fc.string(), { maxLength: 70 }), (entries) => {
      assert.equal(merkleRoot(entries.map(leafHash)), rfc6962(entries).toString('hex'));
    }),
  );
  assert.equal(merkleRoot([]), 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
  /** The one-entry tree of the test vectors that Certificate Transparency logs publish. */
  assert.equal(
    merkleRoot([leafHash('')]),
    '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  );
});

test('a node passes for no leaf, and no order for another', () => {
  const [a, b] = [leafHash('a'), leafHash('b')];
  assert.notEqual(merkleRoot([a, b]), leafHash(`${a}${b}`));
  assert.notEqual(merkleRoot([a, b]), merkleRoot([b, a]));
  assert.notEqual(merkleRoot([a, b, b]), merkleRoot([a, b]));
});
