import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { at, ofType, synthesised, TENANTS, written } from './synthesis.ts';

const { stateful, pipeline } = synthesised({ configuration: TENANTS });

interface Statement {
  readonly Effect: 'Allow' | 'Deny';
  readonly Action: string | readonly string[];
  readonly Resource: unknown;
  readonly Condition?: Readonly<Record<string, unknown>>;
}

const actionsOf = ({ Action }: Statement): readonly string[] =>
  typeof Action === 'string' ? [Action] : Action;

/** Statements by function: `Ingest`, `Drain`... */
const statements = new Map<string, readonly Statement[]>(
  [...ofType(pipeline, 'AWS::IAM::Policy'), ...ofType(stateful, 'AWS::IAM::Policy')].map(
    ([logicalId, { Properties }]) => [
      logicalId.replace(/RoleDefaultPolicy.*/, '').replace(/.*(?=[A-Z])/, ''),
      at(Properties, 'PolicyDocument', 'Statement') as readonly Statement[],
    ],
  ),
);

/** What a function's role allows on resources whose name contains `part`. */
const allowed = (name: string, part: string): string[] =>
  (statements.get(name) ?? [])
    .filter(({ Effect, Resource }) => Effect === 'Allow' && written(Resource).includes(part))
    .flatMap(actionsOf)
    .sort();

const LEDGER = 'LedgerTable';
const STATE = 'StateTable';
const ROLES = [
  'Announce',
  'Audit',
  'Claim',
  'Command',
  'Drain',
  'Explain',
  'Forecast',
  'Govern',
  'Import',
  'Ingest',
  'Poll',
  'Pull',
  'Read',
  'Reconcile',
  'Scenario',
  'Settle',
];
const APPEND = ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:Query'];
const STREAM = [
  'dynamodb:DescribeStream',
  'dynamodb:GetRecords',
  'dynamodb:GetShardIterator',
  'dynamodb:ListStreams',
];

test('every function has statements of its own, and nothing else', () => {
  assert.deepEqual([...statements.keys()].sort(), ROLES);
  for (const template of [pipeline, stateful])
    for (const [logicalId, { Properties }] of ofType(template, 'AWS::IAM::Role')) {
      assert.equal(Properties['ManagedPolicyArns'], undefined, logicalId);
      assert.equal(Properties['Policies'], undefined, logicalId);
      assert.match(written(Properties['AssumeRolePolicyDocument']), /"Service":"lambda\.amazonaws\.com"/);
    }
});

test('no role allows an action by pattern, or passes a role on', () => {
  for (const [name, each] of statements)
    for (const statement of each.filter(({ Effect }) => Effect === 'Allow'))
      for (const action of actionsOf(statement)) {
        assert.doesNotMatch(action, /\*/, name);
        assert.doesNotMatch(action, /^(iam|sts|kms|lambda):/, name);
      }
});

describe('the ledger', () => {
  test('is appended to by those who bring facts, and by nobody else', () => {
    for (const name of ROLES) {
      const writes = allowed(name, LEDGER).includes('dynamodb:PutItem');
      assert.equal(writes, ['Ingest', 'Drain', 'Poll', 'Pull', 'Command', 'Import'].includes(name), name);
    }
    for (const name of ['Ingest', 'Drain', 'Command']) assert.deepEqual(allowed(name, LEDGER), APPEND, name);
    assert.deepEqual(allowed('Pull', LEDGER), [...APPEND, ...STREAM].sort());
    assert.deepEqual(allowed('Import', LEDGER), [...APPEND, 'dynamodb:Query'].sort());
    assert.deepEqual(allowed('Import', '/index/byBucket'), ['dynamodb:Query']);
  });

  test('is updated and deleted from by nobody', () => {
    for (const name of ROLES)
      for (const action of ['UpdateItem', 'DeleteItem', 'BatchWriteItem', 'PartiQLUpdate', 'PartiQLDelete'])
        assert.ok(!allowed(name, LEDGER).includes(`dynamodb:${action}`), `${name} ${action}`);
  });

  test('is read by the forecast through the index only', () => {
    assert.deepEqual(allowed('Forecast', LEDGER), ['dynamodb:Query', ...STREAM].sort());
    assert.deepEqual(allowed('Forecast', '/index/byBucket'), ['dynamodb:Query']);
  });

  test('is only read by what brings State up to it, seals it and shows it', () => {
    assert.deepEqual(allowed('Settle', LEDGER), ['dynamodb:GetItem', 'dynamodb:Query', 'dynamodb:Query']);
    assert.deepEqual(allowed('Settle', '/index/byBucket'), ['dynamodb:Query']);
    assert.deepEqual(allowed('Audit', LEDGER), allowed('Settle', LEDGER));
    assert.deepEqual(allowed('Audit', STATE), ['dynamodb:GetItem', 'dynamodb:Query', 'dynamodb:UpdateItem']);
  });

  test('is read by what compares it with the sources through the index only', () => {
    assert.deepEqual(allowed('Reconcile', LEDGER), ['dynamodb:Query']);
    assert.deepEqual(allowed('Reconcile', '/index/byBucket'), ['dynamodb:Query']);
  });

  test('is read by what explains through the index only', () => {
    assert.deepEqual(allowed('Explain', LEDGER), ['dynamodb:Query']);
    assert.deepEqual(allowed('Explain', '/index/byBucket'), ['dynamodb:Query']);
  });

  test('is out of reach of whoever answers people or acts', () => {
    for (const name of ['Read', 'Scenario', 'Govern', 'Announce', 'Claim'])
      assert.deepEqual(allowed(name, LEDGER), [], name);
  });
});

describe('State', () => {
  test('is written by the forecast and by the policy', () => {
    assert.deepEqual(allowed('Forecast', STATE), ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:Query']);
    assert.deepEqual(allowed('Govern', STATE), [
      'dynamodb:ConditionCheckItem',
      'dynamodb:GetItem',
      'dynamodb:PutItem',
      'dynamodb:Query',
      'dynamodb:UpdateItem',
    ]);
    for (const name of ['Reconcile', 'Settle'])
      assert.deepEqual(
        allowed(name, STATE),
        ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:Query', 'dynamodb:UpdateItem'],
        name,
      );
    assert.deepEqual(allowed('Announce', STATE), STREAM);
  });

  test('is out of reach of whoever a stranger can call', () => {
    assert.deepEqual(allowed('Ingest', STATE), []);
    assert.deepEqual(allowed('Drain', STATE), []);
  });

  test('lets the doors change rate limit counters only', () => {
    assert.deepEqual(allowed('Read', STATE), ['dynamodb:GetItem', 'dynamodb:Query', 'dynamodb:UpdateItem']);
    assert.deepEqual(allowed('Command', STATE), [
      'dynamodb:GetItem',
      'dynamodb:PutItem',
      'dynamodb:UpdateItem',
    ]);
    const [ask] = (statements.get('Command') ?? []).filter(
      (each) => actionsOf(each).includes('dynamodb:PutItem') && written(each.Resource).includes(STATE),
    );
    assert.deepEqual(ask?.Condition, {
      'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['T#*#INTENTS'] },
    });
    assert.deepEqual(allowed('Import', STATE), ['dynamodb:UpdateItem']);
    assert.deepEqual(allowed('Scenario', STATE), ['dynamodb:UpdateItem']);
    assert.deepEqual(allowed('Explain', STATE), allowed('Read', STATE));
    for (const name of ['Read', 'Command', 'Import', 'Scenario', 'Explain'])
      for (const statement of statements.get(name) ?? [])
        if (actionsOf(statement).includes('dynamodb:UpdateItem'))
          assert.deepEqual(statement.Condition, {
            'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['RL#*'] },
          });
  });
});

describe('Auto Scaling', () => {
  const governing = (action: string): readonly Statement[] =>
    (statements.get('Govern') ?? []).filter((statement) => actionsOf(statement).includes(action));
  const managed = {
    'autoscaling:ResourceTag/capstack-managed': 'true',
    'autoscaling:ResourceTag/capstack-environment': ['staging', 'dev'],
  };

  test('is touched by the policy alone', () => {
    for (const [name, each] of statements)
      if (name !== 'Govern') assert.doesNotMatch(written(each), /autoscaling:/, name);
  });

  test('is changed only in groups whose two tags allow it', () => {
    const [update, ...more] = governing('autoscaling:UpdateAutoScalingGroup');
    assert.deepEqual(more, []);
    assert.deepEqual(update?.Condition, { StringEquals: managed });
  });

  test('is tagged with the baseline only, so that no group can be made eligible', () => {
    const [tag, ...more] = governing('autoscaling:CreateOrUpdateTags');
    assert.deepEqual(more, []);
    assert.deepEqual(governing('autoscaling:DeleteTags'), [tag]);
    assert.deepEqual(tag?.Condition, {
      StringEquals: managed,
      'ForAllValues:StringEquals': { 'aws:TagKeys': ['capstack-baseline'] },
    });
  });

  test('of production is denied whatever else is allowed', () => {
    const [deny, ...more] = (statements.get('Govern') ?? []).filter(({ Effect }) => Effect === 'Deny');
    assert.deepEqual(more, []);
    assert.equal(deny?.Action, 'autoscaling:*');
    assert.equal(deny?.Resource, '*');
    assert.deepEqual(deny?.Condition, {
      StringEquals: { 'autoscaling:ResourceTag/capstack-environment': 'production' },
    });
  });

  test('is neither created, deleted nor terminated', () => {
    const allowing = (statements.get('Govern') ?? []).filter(({ Effect }) => Effect === 'Allow');
    const verbs = allowing.flatMap(actionsOf).filter((action) => /^(autoscaling|ec2):/.test(action));
    assert.deepEqual(verbs.sort(), [
      'autoscaling:CreateOrUpdateTags',
      'autoscaling:DeleteTags',
      'autoscaling:DescribeAutoScalingGroups',
      'autoscaling:DescribePolicies',
      'autoscaling:DescribeScheduledActions',
      'autoscaling:UpdateAutoScalingGroup',
    ]);
  });
});

test('the budget is looked at and set by the policy alone, that one only', () => {
  for (const [name, each] of statements) {
    const asked = each.filter((statement) =>
      actionsOf(statement).some((action) => action.startsWith('budgets:')),
    );
    assert.equal(asked.length, name === 'Govern' ? 1 : 0, name);
    for (const statement of asked) {
      assert.deepEqual(actionsOf(statement), ['budgets:ModifyBudget', 'budgets:ViewBudget']);
      assert.match(written(statement.Resource), /:budget\/capstack-dev"/);
    }
  }
});

test('instances are launched by nobody, and by the policy only where groups may move to spot', () => {
  const launching = (template: ReturnType<typeof synthesised>['pipeline']): Statement[] =>
    ofType(template, 'AWS::IAM::Policy')
      .flatMap(([, { Properties }]) => at(Properties, 'PolicyDocument', 'Statement') as Statement[])
      .filter((statement) => actionsOf(statement).includes('ec2:RunInstances'));
  assert.deepEqual(launching(pipeline), []);
  const shifting = synthesised({ configuration: `${TENANTS}\npolicy: { tenant: acme, spot_shift: true }\n` });
  assert.deepEqual(
    launching(shifting.pipeline).map(({ Condition }) => Condition),
    [{ Bool: { 'ec2:IsLaunchTemplateResource': 'true' } }],
  );
});

describe('parameters', () => {
  const asked = (name: string): [string, string][] =>
    (statements.get(name) ?? []).flatMap((statement) =>
      actionsOf(statement)
        .filter((action) => action.startsWith('ssm:'))
        .map((action): [string, string] => [action, written(statement.Resource)]),
    );

  test('with webhook secrets are read by the webhook door, with what fetches Plaid’s keys; API keys by who asks providers', () => {
    const ingest = asked('Ingest');
    for (const [index, pattern] of ['webhook/*', 'plaid/api/client_id', 'plaid/api/secret'].entries()) {
      assert.equal(ingest[index]?.[0], 'ssm:GetParameters');
      assert.ok(ingest[index]?.[1].includes(`:parameter/capstack/dev/*/${pattern}"`), pattern);
    }
    for (const name of ['Pull', 'Poll']) {
      const [[action, keys] = []] = asked(name);
      assert.equal(action, 'ssm:GetParameters');
      assert.match(keys ?? '', /:parameter\/capstack\/dev\/\*\/api\/\*"/);
    }
    assert.deepEqual([ingest.length, asked('Pull').length, asked('Poll').length], [4, 2, 1]);
  });

  test('with what providers give us to keep are written there, and nothing that is trusted is', () => {
    const written = [asked('Ingest').at(-1), asked('Pull').at(-1)];
    assert.deepEqual(
      written.map((each) => each?.[0]),
      ['ssm:PutParameter', 'ssm:PutParameter'],
    );
    assert.match(written[0]?.[1] ?? '', /:parameter\/capstack\/dev\/\*\/gusto\/webhook\/offered"/);
    assert.match(written[1]?.[1] ?? '', /:parameter\/capstack\/dev\/\*\/gusto\/api\/tokens"/);
  });

  test('with the policy mode are set by the owner and read by the policy, each that one only', () => {
    for (const [name, action] of [
      ['Command', 'ssm:PutParameter'],
      ['Govern', 'ssm:GetParameter'],
    ] as const) {
      assert.deepEqual(
        asked(name).map(([each]) => each),
        [action],
      );
      assert.match(asked(name)[0]?.[1] ?? '', /"Ref":"GoverningMode/);
    }
  });

  test('are of no use to anyone else', () => {
    assert.ok(asked('Reconcile').every(([, resource]) => resource.endsWith('/*/stripe/api/key"]]}')));
    for (const name of [
      'Drain',
      'Forecast',
      'Announce',
      'Settle',
      'Audit',
      'Read',
      'Import',
      'Scenario',
      'Claim',
    ])
      assert.deepEqual(asked(name), [], name);
  });
});

test('the archive is written by those who bring facts, and read by those who go on where another stopped', () => {
  assert.deepEqual(allowed('Audit', 'ArchiveBucket'), ['s3:GetObject']);
  assert.deepEqual(allowed('Settle', 'ArchiveBucket'), ['s3:PutObject']);
  assert.match(
    written((statements.get('Settle') ?? []).find(({ Action }) => Action === 's3:PutObject')),
    /\/seals\/\*/,
  );
  for (const name of ROLES.filter((each) => each !== 'Audit' && each !== 'Settle')) {
    const resumes = name === 'Drain' || name === 'Pull';
    const expected = resumes ? ['s3:GetObject', 's3:PutObject'] : ['s3:PutObject'];
    const writers = ['Ingest', 'Drain', 'Poll', 'Pull', 'Command', 'Import'];
    assert.deepEqual(allowed(name, 'ArchiveBucket'), writers.includes(name) ? expected : [], name);
  }
});

test('the webhook door may do exactly this', () => {
  assert.deepEqual((statements.get('Ingest') ?? []).flatMap(actionsOf).sort(), [
    'dynamodb:GetItem',
    'dynamodb:PutItem',
    'dynamodb:Query',
    'logs:CreateLogStream',
    'logs:PutLogEvents',
    's3:PutObject',
    'sqs:SendMessage',
    'ssm:GetParameters',
    'ssm:GetParameters',
    'ssm:GetParameters',
    'ssm:PutParameter',
  ]);
});
