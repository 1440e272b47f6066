import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rateLimiter, rateLimitRules } from '../../../shared/access/rate-limit.ts';

const counters = (): ((subject: string, minute: string) => Promise<number>) => {
  const counts = new Map<string, number>();
  return async (subject, minute) => {
    const counted = (counts.get(`${subject}|${minute}`) ?? 0) + 1;
    counts.set(`${subject}|${minute}`, counted);
    return counted;
  };
};

const rules = rateLimitRules({ RATE_LIMIT_PER_MINUTE: '3', ADMIN_RATE_LIMITED: 'true' });
const minuteMs = 60_000;
const at = Date.UTC(2026, 10, 21, 9, 0, 45);

test('requests up to the limit pass, the next must wait for the minute to end', async () => {
  const limited = rateLimiter(counters(), rules);
  const asked = [];
  for (let request = 0; request < 4; request++) asked.push(await limited({ sub: 'ann', scopes: [] }, at));
  assert.deepEqual(asked, [undefined, undefined, undefined, 15]);
  assert.equal(await limited({ sub: 'ann', scopes: [] }, at + minuteMs), undefined);
});

test('one caller does not use up the limit of another', async () => {
  const limited = rateLimiter(counters(), rules);
  for (let request = 0; request < 3; request++) await limited({ sub: 'ann', scopes: [] }, at);
  assert.equal(await limited({ sub: 'bob', scopes: [] }, at), undefined);
});

test('an administrator is limited unless the rules say otherwise', async () => {
  const admin = { sub: 'root', scopes: ['admin'] };
  const strict = rateLimiter(counters(), rules);
  const lenient = rateLimiter(counters(), { ...rules, adminLimited: false });
  for (let request = 0; request < 3; request++) {
    await strict(admin, at);
    await lenient(admin, at);
  }
  assert.equal(await strict(admin, at), 15);
  assert.equal(await lenient(admin, at), undefined);
});
