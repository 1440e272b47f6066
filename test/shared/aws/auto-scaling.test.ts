import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AutoScalingClient } from '@aws-sdk/client-auto-scaling';
import { openDurable } from '../../../scripts/local/durable.ts';
import { autoScalingService } from '../../../scripts/local/services/auto-scaling.ts';
import { autoScaling } from '../../../shared/aws/auto-scaling.ts';
import type { Group } from '../../../shared/policy/sizes.ts';
import { serviceEndpoint } from '../../support/service-endpoint.ts';

const SIZES = { min: 1, max: 4, desired: 2 };

const managed = async (
  tagged: Readonly<Record<string, Record<string, string>>>,
): Promise<readonly Group[]> => {
  const service = autoScalingService(openDurable(undefined), () => Date.parse('2026-06-10T08:00:00Z'));
  for (const [name, tags] of Object.entries(tagged)) service.seed({ name, ...SIZES, tags });
  const endpoint = await serviceEndpoint(service.service);
  const client = new AutoScalingClient({ ...endpoint.client, maxAttempts: 1 });
  try {
    return await autoScaling(client).describeManaged();
  } finally {
    client.destroy();
    await endpoint.stop();
  }
};

test('only groups that are tagged as ours are seen, with their environment and baseline', async () => {
  const ours = { 'capstack-managed': 'true' };
  const seen = await managed({
    bare: {},
    released: { 'capstack-managed': 'false', 'capstack-environment': 'dev' },
    dev: { ...ours, 'capstack-environment': 'dev', 'capstack-baseline': '1-3-6' },
    odd: { ...ours, 'capstack-environment': 'staging', 'capstack-baseline': '6-3-1' },
    unnamed: ours,
  });
  assert.deepEqual(
    seen.toSorted((a, b) => (a.name < b.name ? -1 : 1)),
    [
      { name: 'dev', environment: 'dev', ...SIZES, baseline: { min: 1, desired: 3, max: 6 } },
      { name: 'odd', environment: 'staging', ...SIZES },
      { name: 'unnamed', environment: '', ...SIZES },
    ],
  );
});

test('every page is read', async () => {
  const names = Array.from({ length: 230 }, (_, i) => `dev-${i.toString().padStart(3, '0')}`);
  const tags = { 'capstack-managed': 'true', 'capstack-environment': 'dev' };
  const seen = await managed(Object.fromEntries(names.map((name) => [name, tags])));
  assert.deepEqual(seen.map(({ name }) => name).sort(), names);
});
