import assert from 'node:assert/strict';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { App, CfnResource, Stack, Validations } from 'aws-cdk-lib';
import { CfnManagedPolicy } from 'aws-cdk-lib/aws-iam';
import { AwsSolutionsChecks } from 'cdk-nag';
import { violations } from '../../scripts/synth.ts';
import { cdkContext, synthesised, TENANTS } from './synthesis.ts';

test('the templates break no rule of CloudFormation and none of the AWS Solutions pack', () => {
  for (const options of ['', 'policy: { tenant: acme, spot_shift: true }\n']) {
    const { outDir } = synthesised({ configuration: TENANTS + options, validate: true });
    assert.deepEqual(violations(outDir), []);
  }
});

test('both sets of rules are on: a wrong value and a careless policy are found', () => {
  const outDir = mkdtempSync(join(tmpdir(), 'capstack-cdk-'));
  process.env['CDK_VALIDATION'] = 'true';
  const app = new App({ outdir: outDir, context: cdkContext(), analyticsReporting: false });
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  const stack = new Stack(app, 'wrong');
  new CfnResource(stack, 'Mapping', {
    type: 'AWS::Lambda::EventSourceMapping',
    properties: { FunctionName: 'x', StartingPosition: 'EARLIEST' },
  });
  new CfnManagedPolicy(stack, 'Policy', {
    policyDocument: {
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Action: 'dynamodb:*', Resource: '*' }],
    },
  });
  assert.throws(() => app.synth(), /Validation failed/);
  const found = violations(outDir).join('\n');
  assert.match(found, /StartingPosition/);
  assert.match(found, /AwsSolutions-IAM5/);
});
