import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Finding } from '../../../scripts/cli/doctor-findings.ts';
import { capstack } from './capstack.ts';

const findingsWith = async (env: Record<string, string>): Promise<Map<string, Finding>> => {
  const run = await capstack(['doctor', '--json'], { env });
  assert.equal(run.code, 0, run.stderr);
  const report: { readonly findings: readonly Finding[] } = JSON.parse(run.stdout);
  return new Map(report.findings.map((finding) => [finding.name, finding]));
};

test('what runs this test is found', async () => {
  const found = await findingsWith({});
  assert.deepEqual(
    [found.get('Node')?.ok, found.get('packages')?.ok, found.get('cdk')?.ok],
    [true, true, true],
  );
});

test('the configuration that a deployment would read is read, and its first fault named', async () => {
  assert.equal((await findingsWith({})).get('configuration')?.ok, true);
  const gone = (await findingsWith({ CAPSTACK_CONFIG: '/nonexistent.yml' })).get('configuration');
  assert.equal(gone?.ok, false);
  assert.match(gone?.remedy ?? '', /nonexistent\.yml: cannot be read/);
});

test('credentials and region are found in the environment, and missed without', async () => {
  const bare = await findingsWith({ HOME: '/nonexistent' });
  assert.equal(bare.get('AWS credentials')?.ok, false);
  assert.match(bare.get('AWS region')?.remedy ?? '', /AWS_REGION/);
  const equipped = await findingsWith({
    AWS_ACCESS_KEY_ID: 'a',
    AWS_SECRET_ACCESS_KEY: 'b',
    AWS_REGION: 'eu-west-1',
  });
  assert.equal(equipped.get('AWS credentials')?.ok, true);
  assert.equal(equipped.get('AWS region')?.detail, 'eu-west-1');
});

test('a machine without Java and Redis is told what to do', async () => {
  const run = await capstack(['doctor'], { env: { PATH: '/nonexistent' } });
  assert.equal(run.code, 0, run.stderr);
  assert.match(run.stdout, /Java +│ missing/);
  assert.match(run.stdout, /apt-get install redis-server/);
});
