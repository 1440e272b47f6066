import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Alert, FIRST_ALERT } from '../../shared/alert/telling.ts';
import type { AlertStore } from '../../shared/aws/alert-store.ts';

let made = 0;
const freshTenant = (): string => `a${process.pid}-${made++}`;
const told = (level: 'page' | 'warning'): Alert => ({ ...FIRST_ALERT, told: { slack: { level, at: null } } });

/** What the alert function relies on, of the table and of its twin in memory. */
export const alertStoreContract = (name: string, store: () => AlertStore): void => {
  test(`${name}: a rule that nobody wrote stands as everything begins`, async () => {
    const tenant = freshTenant();
    assert.deepEqual(await store().alert(tenant, 'p5'), { version: 0, alert: FIRST_ALERT });
    assert.deepEqual(await store().rules(tenant), []);
  });

  test(`${name}: of two writers from the same reading one is refused`, async () => {
    const tenant = freshTenant();
    const both = await Promise.all([
      store().put(tenant, 'p5', 0, told('page')),
      store().put(tenant, 'p5', 0, told('page')),
    ]);
    assert.deepEqual([...both].sort(), [false, true]);
    assert.deepEqual(await store().alert(tenant, 'p5'), { version: 1, alert: told('page') });
    assert.equal(await store().put(tenant, 'p5', 0, told('warning')), false);
    assert.equal(await store().put(tenant, 'p5', 1, told('warning')), true);
    assert.deepEqual((await store().alert(tenant, 'p5')).alert, told('warning'));
  });

  test(`${name}: rules and tenants do not meet`, async () => {
    const [one, other] = [freshTenant(), freshTenant()];
    await store().put(one, 'p5', 0, told('page'));
    await store().put(one, 'alarm:DeadLetters', 0, told('page'));
    assert.deepEqual(await store().rules(one), ['alarm:DeadLetters', 'p5']);
    assert.deepEqual(await store().alert(other, 'p5'), { version: 0, alert: FIRST_ALERT });
    assert.deepEqual(await store().alert(one, 'trust'), { version: 0, alert: FIRST_ALERT });
  });
};
