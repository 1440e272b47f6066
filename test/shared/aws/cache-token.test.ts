import assert from 'node:assert/strict';
import { createHash, createHmac } from 'node:crypto';
import { test } from 'node:test';
import { cacheToken } from '../../../shared/aws/cache-token.ts';

const environment = {
  AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
  AWS_SECRET_ACCESS_KEY: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
  AWS_SESSION_TOKEN: 'session/token+1',
  AWS_REGION: 'eu-west-1',
};
const now = Date.UTC(2026, 10, 21, 9, 0, 0);

/** Signature Version 4 from its definition, without the signer that the code uses. */
const signature = (query: URLSearchParams, host: string): string => {
  const unsigned = [...query].filter(([name]) => name !== 'X-Amz-Signature');
  const encode = (text: string): string =>
    encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
  const canonicalQuery = unsigned
    .map(([name, value]) => `${encode(name)}=${encode(value)}`)
    .sort()
    .join('&');
  const hash = (text: string): string => createHash('sha256').update(text).digest('hex');
  const canonical = ['GET', '/', canonicalQuery, `host:${host}\n`, 'host', hash('')].join('\n');
  const scope = '20261121/eu-west-1/elasticache/aws4_request';
  const key = ['20261121', 'eu-west-1', 'elasticache', 'aws4_request'].reduce<string | Buffer>(
    (secret, part) => createHmac('sha256', secret).update(part).digest(),
    `AWS4${environment.AWS_SECRET_ACCESS_KEY}`,
  );
  return createHmac('sha256', key)
    .update(`AWS4-HMAC-SHA256\n20261121T090000Z\n${scope}\n${hash(canonical)}`)
    .digest('hex');
};

test('a token is a presigned request to connect to this cache as this user, without its scheme', async () => {
  const token = await cacheToken('capstack-prod', 'capstack-prod', environment, now);
  const [target, text] = token.split('?');
  const query = new URLSearchParams(text);
  assert.equal(target, 'capstack-prod/');
  assert.equal(query.get('Action'), 'connect');
  assert.equal(query.get('User'), 'capstack-prod');
  assert.equal(query.get('ResourceType'), 'ServerlessCache');
  assert.equal(query.get('X-Amz-Expires'), '900');
  assert.equal(query.get('X-Amz-Security-Token'), environment.AWS_SESSION_TOKEN);
  assert.equal(query.get('X-Amz-Signature'), signature(query, 'capstack-prod'));
});
