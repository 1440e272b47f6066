import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { policyMode } from '../../../shared/aws/policy-mode.ts';
import { parameterStore } from '../../support/parameter-store.ts';

const NAME = '/capstack/dev/policy/mode';

const modeIn = async (context: TestContext, value: string | undefined) => {
  const store = await parameterStore(context, 'String', value === undefined ? {} : { [NAME]: value });
  return { ...store, mode: policyMode(store.client, NAME) };
};

test('what is written is what the next read says', async (context) => {
  const { mode } = await modeIn(context, 'plan');
  assert.equal(await mode.read(), 'plan');
  for (const next of ['apply', 'off', 'plan'] as const) {
    await mode.write(next);
    assert.equal(await mode.read(assert.fail), next);
  }
});

test('missing, unreadable or unknown is off, with a reason', async (context) => {
  const reasons: string[] = [];
  const told = (reason: string) => reasons.push(reason);
  for (const value of [undefined, 'Apply', 'apply ', '', 'on']) {
    const { mode } = await modeIn(context, value);
    assert.equal(await mode.read(told), 'off', value);
  }
  const { mode, deny, stop } = await modeIn(context, 'apply');
  assert.equal(await mode.read(told), 'apply');
  deny();
  assert.equal(await mode.read(told), 'off');
  await stop();
  assert.equal(await mode.read(told), 'off');
  assert.deepEqual(
    reasons.map((reason) => /cannot be read|holds none/.exec(reason)?.[0]),
    ['cannot be read', ...Array<string>(4).fill('holds none'), 'cannot be read', 'cannot be read'],
  );
});
