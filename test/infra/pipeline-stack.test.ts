import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { METRIC_NAMESPACE, METRICS } from '../../shared/contract/names.ts';
import { at, FUNCTIONS, ofType, type Resource, synthesised, TENANTS, written } from './synthesis.ts';

const { stateful, pipeline } = synthesised({
  configuration: `${TENANTS}stage: { log_retention_days: 14, alarm_email: oncall@example.com, batch_window_seconds: 5 }\nalerts: { p5_page_days: 70 }\n`,
  context: { stage: 'staging', stripeApiUrl: 'https://stripe.example.com' },
});

const named = (type: string, part: string): Resource => {
  const found = ofType(pipeline, type).filter(([logicalId]) => logicalId.includes(part));
  assert.equal(found.length, 1, `${type} ${part}`);
  return (found[0] as [string, Resource])[1];
};

describe('functions', () => {
  const functions = [
    ...ofType(pipeline, 'AWS::Lambda::Function'),
    ...ofType(stateful, 'AWS::Lambda::Function'),
  ];

  test('are one per bundle, on the runtime the bundles are built for', () => {
    assert.equal(functions.length, FUNCTIONS.length);
    for (const [logicalId, { Properties }] of functions) {
      assert.equal(Properties['Runtime'], 'nodejs24.x', logicalId);
      assert.deepEqual(Properties['Architectures'], ['arm64'], logicalId);
      assert.equal(Properties['Handler'], 'index.handler', logicalId);
    }
    assert.equal(
      new Set(functions.map(([, { Properties }]) => written(Properties['Code']))).size,
      FUNCTIONS.length,
    );
  });

  test('log JSON to a group of their own, kept as long as configured', () => {
    const groups = functions.map(([logicalId, { Properties }]) => {
      assert.equal(at(Properties, 'LoggingConfig', 'LogFormat'), 'JSON', logicalId);
      return written(at(Properties, 'LoggingConfig', 'LogGroup'));
    });
    assert.equal(new Set(groups).size, functions.length);
    for (const template of [pipeline, stateful])
      for (const [logicalId, { Properties }] of ofType(template, 'AWS::Logs::LogGroup'))
        assert.equal(Properties['RetentionInDays'], 14, logicalId);
  });

  test('have a role each', () => {
    const roles = functions.map(([, { Properties }]) => written(Properties['Role']));
    assert.equal(new Set(roles).size, functions.length);
  });

  test('hold no secret in their environment', () => {
    for (const [logicalId, { Properties }] of functions)
      for (const name of Object.keys(
        (at(Properties, 'Environment', 'Variables') as object | undefined) ?? {},
      ))
        assert.doesNotMatch(name, /KEY|PASSWORD|TOKEN|SECRET(?!_PREFIX)/, logicalId);
  });

  test('receive settings as configured', () => {
    const variables = (part: string): unknown =>
      at(named('AWS::Lambda::Function', part).Properties, 'Environment', 'Variables');
    assert.equal(at(variables('PullingPull'), 'STRIPE_API_URL'), 'https://stripe.example.com');
    assert.equal(at(variables('IngestionIngest'), 'SECRET_PREFIX'), '/capstack/staging');
    assert.deepEqual(JSON.parse(String(at(variables('GoverningGovern'), 'POLICY'))), {
      tenant: 'acme',
      enterDays: 60,
      criticalDays: 45,
      restoreDays: 120,
      protectedMin: 2,
      changesPerWeekMax: 8,
      spotShift: false,
    });
    assert.deepEqual(JSON.parse(String(at(variables('OwnerRead'), 'TENANTS'))), [
      {
        tenant: 'acme',
        accountingZone: 'America/New_York',
        baseCurrency: 'USD',
        livemode: true,
        stripe: true,
        fx: 'ecb',
        slices: 1,
      },
    ]);
    assert.equal(at(variables('OwnerRead'), 'ADMIN_RATE_LIMITED'), 'true');
  });
});

describe('routes', () => {
  const routes = ofType(pipeline, 'AWS::ApiGatewayV2::Route');
  const EXPECTED: Record<string, [target: string, scopes: string[] | undefined]> = {
    'POST /v1/webhooks/{tenant}/{source}': ['IngestionIngest', undefined],
    'GET /v1/health': ['OwnerRead', undefined],
    'GET /': ['OwnerExplain', ['runway:read', 'admin']],
    'GET /v1/runway': ['OwnerRead', ['runway:read', 'admin']],
    'GET /v1/plan': ['OwnerRead', ['runway:read', 'plan:write', 'admin']],
    'GET /v1/policy/decisions': ['OwnerRead', ['runway:read', 'policy:write', 'admin']],
    'GET /v1/reconciliation': ['OwnerRead', ['runway:read', 'metrics:read', 'admin']],
    'POST /v1/plan': ['OwnerCommand', ['plan:write', 'admin']],
    'DELETE /v1/plan/{id}': ['OwnerCommand', ['plan:write', 'admin']],
    'POST /v1/imports': ['OwnerImport', ['import:write', 'admin']],
    'PUT /v1/policy/mode': ['OwnerCommand', ['policy:write', 'admin']],
    'POST /v1/policy/decisions/{id}/approval': ['OwnerCommand', ['policy:write', 'admin']],
    'POST /v1/policy/restore': ['OwnerCommand', ['policy:write', 'admin']],
    'POST /v1/reconciliation': ['ReconciliationReconcile', ['admin']],
    'POST /v1/rebuild': ['SettlingSettle', ['admin']],
    'POST /v1/audit/seals': ['SettlingSettle', ['admin']],
    'GET /v1/audit/export': ['SettlingAudit', ['admin']],
    'GET /v1/audit/trace': ['SettlingAudit', ['admin']],
    'GET /v1/replay': ['SettlingAudit', ['admin']],
    'GET /v1/runway/history': ['OwnerRead', ['runway:read', 'admin']],
    'POST /v1/runway/scenario': ['OwnerScenario', ['runway:read', 'admin']],
    'GET /v1/runway/explain': ['OwnerExplain', ['runway:read', 'admin']],
    'POST /v1/runway/whatif': ['OwnerExplain', ['runway:read', 'admin']],
  };

  test('are exactly these, and each that is not public asks for a token with a scope', () => {
    const found = Object.fromEntries(
      routes.map(([, { Properties }]) => {
        const authorized =
          Properties['AuthorizationType'] === 'JWT' && Properties['AuthorizerId'] !== undefined;
        assert.equal(
          authorized,
          Properties['AuthorizationScopes'] !== undefined,
          String(Properties['RouteKey']),
        );
        return [Properties['RouteKey'], Properties['AuthorizationScopes']];
      }),
    );
    assert.deepEqual(
      found,
      Object.fromEntries(Object.entries(EXPECTED).map(([key, [, scopes]]) => [key, scopes])),
    );
  });

  test('may call the function they lead to, which receives the request as payload 2.0', () => {
    for (const [logicalId, { Properties }] of routes) {
      const key = String(Properties['RouteKey']);
      const integration = pipeline.Resources[String(at(Properties, 'Target', 'Fn::Join', 1, 1, 'Ref'))];
      assert.equal(integration?.Properties['PayloadFormatVersion'], '2.0', key);
      assert.equal(integration?.Properties['RequestParameters'], undefined, 'a body passes as it came');
      const target = at(integration, 'Properties', 'IntegrationUri', 'Fn::GetAtt', 0) as string;
      assert.ok(target.startsWith(EXPECTED[key]?.[0] ?? '?'), `${logicalId} leads to ${target}`);
      const path = key.split(' ')[1] ?? '';
      const permissions = ofType(pipeline, 'AWS::Lambda::Permission').filter(
        ([, permission]) =>
          at(permission, 'Properties', 'FunctionName', 'Fn::GetAtt', 0) === target &&
          at(permission, 'Properties', 'Principal') === 'apigateway.amazonaws.com' &&
          written(permission.Properties['SourceArn']).includes(`/*/*${path}"`),
      );
      assert.ok(permissions.length > 0, `${key} may not call ${target}`);
    }
  });

  test('are throttled and logged', () => {
    const [[, stage] = []] = ofType(pipeline, 'AWS::ApiGatewayV2::Stage');
    assert.deepEqual(stage?.Properties['DefaultRouteSettings'], {
      ThrottlingBurstLimit: 1000,
      ThrottlingRateLimit: 500,
    });
    assert.ok(at(stage, 'Properties', 'AccessLogSettings', 'DestinationArn'));
  });
});

describe('event source mappings', () => {
  const mapping = (part: string): Readonly<Record<string, unknown>> =>
    named('AWS::Lambda::EventSourceMapping', part).Properties;
  const filter = (part: string): unknown =>
    JSON.parse(String(at(mapping(part), 'FilterCriteria', 'Filters', 0, 'Pattern')));

  test('of streams start at the first row, cut out what fails, and keep it', () => {
    for (const [logicalId, { Properties }] of ofType(pipeline, 'AWS::Lambda::EventSourceMapping')) {
      assert.deepEqual(Properties['FunctionResponseTypes'], ['ReportBatchItemFailures'], logicalId);
      if (!written(Properties['EventSourceArn']).includes('StreamArn')) continue;
      assert.equal(Properties['StartingPosition'], 'TRIM_HORIZON', logicalId);
      assert.equal(Properties['BisectBatchOnFunctionError'], true, logicalId);
      assert.equal(Properties['MaximumRecordAgeInSeconds'], 22 * 3600, logicalId);
      assert.ok(Number(Properties['MaximumRetryAttempts']) >= 10, logicalId);
      assert.ok(at(Properties, 'DestinationConfig', 'OnFailure', 'Destination'), logicalId);
    }
  });

  test('of the ledger select new rows that sit in a bucket, for the forecast', () => {
    assert.deepEqual(filter('Forecasting'), {
      eventName: ['INSERT'],
      dynamodb: { NewImage: { bucket: { S: [{ exists: true }] } } },
    });
    assert.equal(mapping('Forecasting')['BatchSize'], 1000);
    assert.equal(mapping('Forecasting')['MaximumBatchingWindowInSeconds'], 5);
    assert.match(written(at(mapping('Forecasting'), 'DestinationConfig')), /StreamFailuresBucket/);
  });

  test('of the ledger select deliveries with a doorbell, for the pull', () => {
    assert.deepEqual(filter('Pulling'), {
      eventName: ['INSERT'],
      dynamodb: { NewImage: { kind: { S: ['delivery'] }, doorbell: { S: [{ exists: true }] } } },
    });
    assert.match(written(at(mapping('Pulling'), 'DestinationConfig')), /StreamFailuresBucket/);
  });

  test('of State select current forecasts, for the announcement', () => {
    assert.deepEqual(filter('Announcing'), {
      eventName: ['INSERT', 'MODIFY'],
      dynamodb: { NewImage: { kind: { S: ['forecast'] } } },
    });
  });

  test('of the buffer leave a message alone for six time-outs, and give up to the dead letters', () => {
    assert.equal(mapping('Drain')['BatchSize'], 10);
    const buffer = named('AWS::SQS::Queue', 'IngestionBuffer').Properties;
    const drain = named('AWS::Lambda::Function', 'Drain').Properties;
    assert.equal(buffer['VisibilityTimeout'], 6 * Number(drain['Timeout']));
    assert.match(written(at(buffer, 'RedrivePolicy', 'deadLetterTargetArn')), /DeadLettersQueue/);
    assert.equal(buffer['MessageRetentionPeriod'], 14 * 24 * 3600);
  });
});

describe('rules and schedules', () => {
  const rules = ofType(pipeline, 'AWS::Events::Rule');
  const called = (rule: Resource): string =>
    String(at(rule, 'Properties', 'Targets', 0, 'Arn', 'Fn::GetAtt', 0));

  test('are these', () => {
    const found = rules.map(([, rule]) => {
      const name = called(rule).replace(/Function.*/, '');
      return `${name} ${rule.Properties['ScheduleExpression'] ?? 'on event'} ${at(rule, 'Properties', 'Targets', 0, 'Input') ?? ''}`;
    });
    assert.deepEqual(found.sort(), [
      'ForecastingForecast cron(1 * * * ? *) {"refresh":true}',
      'GoverningGovern cron(17 * * * ? *) ',
      'GoverningGovern on event ',
      'PullingPoll cron(11 * * * ? *) ',
      'PullingPull cron(37 2 * * ? *) {"stripe_days":36}',
      'PullingPull cron(7 * * * ? *) ',
      'ReconciliationReconcile cron(17 3 * * ? *) {"everybody":true}',
      'ReconciliationReconcile cron(27 * * * ? *) ',
      'SettlingSettle cron(47 2 * * ? *) ',
    ]);
  });

  test('retry, give up to the dead letters, and so do the functions they call', () => {
    for (const [logicalId, rule] of rules) {
      const target = at(rule, 'Properties', 'Targets', 0);
      assert.match(written(at(target, 'DeadLetterConfig', 'Arn')), /DeadLettersQueue/, logicalId);
      assert.ok(Number(at(target, 'RetryPolicy', 'MaximumRetryAttempts')) > 0, logicalId);
      assert.ok(Number(at(target, 'RetryPolicy', 'MaximumEventAgeInSeconds')) > 0, logicalId);
      const [, invoke] =
        ofType(pipeline, 'AWS::Lambda::EventInvokeConfig').find(
          ([, config]) => at(config, 'Properties', 'FunctionName', 'Ref') === called(rule),
        ) ?? [];
      assert.match(
        written(at(invoke, 'Properties', 'DestinationConfig', 'OnFailure')),
        /DeadLettersQueue/,
        logicalId,
      );
      const permission = ofType(pipeline, 'AWS::Lambda::Permission').some(
        ([, { Properties }]) => at(Properties, 'SourceArn', 'Fn::GetAtt', 0) === logicalId,
      );
      assert.ok(permission, `${logicalId} may not call ${called(rule)}`);
    }
  });
});

test('the policy only plans until somebody says otherwise', () => {
  const [[, mode] = []] = ofType(pipeline, 'AWS::SSM::Parameter');
  assert.equal(mode?.Properties['Name'], '/capstack/staging/policy/mode');
  assert.equal(mode?.Properties['Value'], 'plan');
});

describe('alarms', () => {
  const alarms = ofType(pipeline, 'AWS::CloudWatch::Alarm');
  const alarm = (part: string): Readonly<Record<string, unknown>> =>
    named('AWS::CloudWatch::Alarm', part).Properties;

  test('say why, and tell somebody, also when all is well again', () => {
    for (const [logicalId, { Properties }] of alarms) {
      assert.ok(String(Properties['AlarmDescription']).length > 40, logicalId);
      assert.match(written(Properties['AlarmActions']), /AlarmsTopic/, logicalId);
      assert.match(written(Properties['OKActions']), /AlarmsTopic/, logicalId);
    }
    assert.match(written(named('AWS::SNS::TopicPolicy', 'Alarms').Properties), /cloudwatch\.amazonaws\.com/);
    assert.equal(named('AWS::SNS::Subscription', 'oncall').Properties['Endpoint'], 'oncall@example.com');
  });

  test('take silence for what it is', () => {
    const silence = (part: string): unknown => alarm(part)['TreatMissingData'];
    assert.equal(silence('ForecastStale'), 'breaching');
    assert.equal(silence('RunwayPage'), 'ignore');
    assert.equal(silence('RunwayCritical'), 'ignore');
    assert.equal(silence('DeadLetters'), 'notBreaching');
  });

  test('have the configured thresholds', () => {
    const threshold = (part: string): unknown => [
      alarm(part)['ComparisonOperator'],
      alarm(part)['Threshold'],
    ];
    assert.deepEqual(threshold('RunwayPage'), ['LessThanThreshold', 70]);
    assert.deepEqual(threshold('RunwayCritical'), ['LessThanThreshold', 45]);
    assert.deepEqual(threshold('BurnErratic'), ['GreaterThanThreshold', 4000]);
    assert.deepEqual(threshold('BooksDiffer'), ['GreaterThanThreshold', 0.02]);
    assert.deepEqual(threshold('ForecastStale'), ['GreaterThanThreshold', 3 * 3600]);
  });

  test('look at metrics that somebody emits, and those stay within the ten that are free', () => {
    const names: readonly string[] = Object.values(METRICS);
    assert.ok(new Set(names).size <= 10);
    for (const [logicalId, { Properties }] of alarms)
      if (Properties['Namespace'] === METRIC_NAMESPACE) {
        assert.ok(names.includes(String(Properties['MetricName'])), logicalId);
        assert.deepEqual(Properties['Dimensions'], [{ Name: 'service', Value: 'capstack' }], logicalId);
      }
  });

  test('watch each stream, the buffer, the dead letters and the failures', () => {
    for (const part of [
      'ForecastBehind',
      'PullBehind',
      'AnnounceBehind',
      'BufferOld',
      'DeadLetters',
      'StreamFailures',
    ])
      assert.ok(alarm(part), part);
  });
});
