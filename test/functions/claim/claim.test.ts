import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accessClaims } from '../../../functions/claim/claim.ts';

test('a user speaks for the tenant it was made for, within the groups it is in', () => {
  assert.deepEqual(accessClaims({ 'custom:tenant': 'acme' }, ['admin', 'runway:read']), {
    claimsToAddOrOverride: { tenant: 'acme' },
    scopesToAdd: ['runway:read', 'admin'],
  });
});

test('a group that is no scope opens nothing', () => {
  assert.deepEqual(accessClaims({ 'custom:tenant': 'acme' }, ['Administrators', 'runway']).scopesToAdd, []);
});

test('a user of no tenant gets neither claim nor scope, whatever its groups', () => {
  for (const attributes of [{}, { 'custom:tenant': '' }, { tenant: 'acme' }])
    assert.deepEqual(accessClaims(attributes, ['admin']), { claimsToAddOrOverride: {}, scopesToAdd: [] });
});
