import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { canonicalJson, sha256Of } from '../../../shared/canonical/canonical.ts';
import { documentOf, parseDocument } from '../../../shared/canonical/document.ts';

/** Example of RFC 8785 section 3.2.2 and .3, with the members that JSON.parse keeps apart. */
test('canonical JSON sorts members and writes numbers as ECMAScript does', () => {
  const value = {
    numbers: [Number('333333333.33333329'), 1e30, 4.5, 2e-3, 0.000000000000000000000000001],
    literals: [null, true, false],
  };
  assert.equal(
    canonicalJson(value),
    '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27]}',
  );
});

test('canonical JSON reads back as the value it was made of', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      assert.deepEqual(JSON.parse(canonicalJson(value)), JSON.parse(JSON.stringify(value)));
    }),
  );
});

test('member order changes no byte', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (object) => {
      const reversed = Object.fromEntries(Object.entries(object).reverse());
      assert.equal(canonicalJson(reversed), canonicalJson(object));
    }),
  );
});

test('what JSON cannot carry is refused', () => {
  assert.throws(() => canonicalJson({ amount: Number.NaN }), TypeError);
  assert.throws(() => canonicalJson([Number.POSITIVE_INFINITY]), TypeError);
});

test('amounts beyond 2^53 survive a document', () => {
  fc.assert(
    fc.property(fc.bigInt(), fc.string(), (amountMinor, note) => {
      const read = parseDocument<{ lines: { amountMinor: bigint; note: string }[] }>(
        documentOf({ lines: [{ amountMinor, note }] }),
      );
      assert.deepEqual(read, { lines: [{ amountMinor, note }] });
    }),
  );
});

test('sha256 of the empty string is the published one', () => {
  assert.equal(sha256Of(''), 'sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
});
