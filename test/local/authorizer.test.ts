import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { SignJWT, UnsecuredJWT } from 'jose';
import { type Authorize, jwtAuthorizer } from '../../scripts/local/authorizer.ts';
import { openIssuer } from '../../scripts/local/issuer.ts';

const ISSUER = 'https://issuer.test';
const AUDIENCE = 'capstack';
const directory = mkdtempSync(join(tmpdir(), 'capstack-issuer-'));
after(() => rmSync(directory, { recursive: true }));

const issuer = await openIssuer(join(directory, 'key.json'), ISSUER, AUDIENCE);
const authorize: Authorize = jwtAuthorizer({ issuer: ISSUER, audiences: [AUDIENCE], keySet: issuer.keySet });

const statusOf = async (token: string | undefined, scopes: readonly string[] = []): Promise<number> => {
  const result = await authorize(token === undefined ? undefined : `Bearer ${token}`, scopes);
  return result.allowed ? 200 : result.response.status;
};
const reader = { tenant: 'demo', scopes: ['runway:read'] };

describe('the JWT authorizer', () => {
  it('accepts its own issuer and hands claims over as text', async () => {
    const result = await authorize(await issuer.token(reader), ['runway:read', 'admin']);
    assert.ok(result.allowed);
    assert.equal(result.claims.claims['tenant'], 'demo');
    assert.match(result.claims.claims['exp'] ?? '', /^\d+$/);
    assert.deepEqual(result.claims.scopes, ['runway:read']);
  });

  it('answers 401 without a usable token', async () => {
    assert.equal(await statusOf(undefined), 401);
    assert.equal(await statusOf('not.a.token'), 401);
    assert.equal(await statusOf(await issuer.token({ ...reader, ttlSeconds: -10 })), 401);
    const other = await openIssuer(join(directory, 'other.json'), ISSUER, AUDIENCE);
    assert.equal(await statusOf(await other.token(reader)), 401);
    const wrongIssuer = await openIssuer(join(directory, 'key.json'), 'https://else.test', AUDIENCE);
    assert.equal(await statusOf(await wrongIssuer.token(reader)), 401);
    const wrongAudience = await openIssuer(join(directory, 'key.json'), ISSUER, 'else');
    assert.equal(await statusOf(await wrongAudience.token(reader)), 401);
  });

  it('refuses other algorithms: none, and the public key used as a shared secret', async () => {
    const claims = { tenant: 'demo', scope: 'admin' };
    const unsigned = new UnsecuredJWT(claims)
      .setIssuer(ISSUER)
      .setAudience(AUDIENCE)
      .setExpirationTime('1h')
      .encode();
    assert.equal(await statusOf(unsigned), 401);
    const [key] = issuer.keySet.keys;
    const confused = await new SignJWT(claims)
      .setProtectedHeader({ alg: 'HS256', kid: key?.kid ?? '' })
      .setIssuer(ISSUER)
      .setAudience(AUDIENCE)
      .setExpirationTime('1h')
      .sign(Buffer.from(JSON.stringify(key)));
    assert.equal(await statusOf(confused), 401);
  });

  it('answers 403 when none of the route’s scopes is there', async () => {
    const token = await issuer.token(reader);
    assert.equal(await statusOf(token, ['plan:write', 'admin']), 403);
    assert.equal(await statusOf(token, ['runway:read', 'admin']), 200);
    assert.equal(await statusOf(token), 200);
    assert.equal(
      await statusOf(await issuer.token({ tenant: 'demo', scopes: ['runway:readers'] }), ['runway:read']),
      403,
    );
  });

  it('keeps its key over a restart', async () => {
    const token = await issuer.token(reader);
    const reopened = await openIssuer(join(directory, 'key.json'), ISSUER, AUDIENCE);
    const again = jwtAuthorizer({ issuer: ISSUER, audiences: [AUDIENCE], keySet: reopened.keySet });
    assert.equal((await again(token, [])).allowed, true);
  });
});
