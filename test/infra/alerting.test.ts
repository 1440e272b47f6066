import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { violations } from '../../scripts/synth.ts';
import { METRICS } from '../../shared/contract/names.ts';
import { at, ofType, synthesised, TENANTS, written } from './synthesis.ts';

const CHANNELS = 'alerts: { channels: { pagerduty: true, slack: true }, payroll_silence_days: [15, -1] }\n';
const { pipeline } = synthesised({ configuration: TENANTS + CHANNELS, context: { stage: 'prod' } });
const idOf = (type: string, part: string): string =>
  ofType(pipeline, type).find(([id]) => id.includes(part))?.[0] ?? assert.fail(`no ${type} ${part}`);
const properties = (id: string) => pipeline.Resources[id]?.Properties ?? {};
const FUNCTION = idOf('AWS::Lambda::Function', 'Alerting');

test('without channels nothing is deployed beyond the topic', () => {
  const { pipeline: without } = synthesised({ configuration: TENANTS });
  assert.doesNotMatch(written(without), /Alerting|\/v1\/alerts/);
  const alarms = (template: typeof pipeline) => ofType(template, 'AWS::CloudWatch::Alarm').map(([id]) => id);
  assert.deepEqual(alarms(pipeline), alarms(without));
});

test('with them the templates break no rule either', () => {
  const { outDir } = synthesised({ configuration: TENANTS + CHANNELS, validate: true });
  assert.deepEqual(violations(outDir), []);
});

describe('what calls it', () => {
  const rules = ofType(pipeline, 'AWS::Events::Rule').filter(([id]) => id.includes('Alerting'));

  test('the bus, our own alarms and the clock, each with retries and a place for what fails', () => {
    assert.equal(rules.length, 3);
    for (const [id, { Properties }] of rules) {
      assert.match(written(at(Properties, 'Targets', 0, 'DeadLetterConfig')), /DeadLetters/, id);
      assert.match(written(at(Properties, 'Targets', 0, 'Arn')), new RegExp(FUNCTION), id);
    }
    const invoke = properties(idOf('AWS::Lambda::EventInvokeConfig', 'Alerting'));
    assert.match(written(at(invoke, 'DestinationConfig', 'OnFailure')), /DeadLetters/);
  });

  test('alarms that forecasts do not speak of themselves, by name', () => {
    const pattern = written(at(properties(idOf('AWS::Events::Rule', 'AlarmChanged')), 'EventPattern'));
    for (const alarm of ['DeadLetters', 'ForecastBehind', 'ForecastStale', 'BooksDiffer', 'ForecastErrors'])
      assert.match(pattern, new RegExp(`"Alarms${alarm}[0-9A-F]{8}","Arn"`));
    assert.doesNotMatch(pattern, /RunwayPage|RunwayCritical|BurnErratic/);
    /** EventBridge takes 2048 characters; the ARN of an alarm has some 130 at most. */
    assert.ok(130 * (pattern.match(/Fn::GetAtt/g) ?? []).length < 2_000);
  });

  test('nobody by a metric of its own: there are ten names', () => {
    assert.equal(Object.keys(METRICS).length, 10);
  });
});

describe('what it may', () => {
  const statements = at(
    properties(idOf('AWS::IAM::Policy', 'Alerting')),
    'PolicyDocument',
    'Statement',
  ) as readonly Readonly<Record<string, unknown>>[];
  const of = (sid: string) => statements.find(({ Sid }) => Sid === sid) ?? assert.fail(sid);

  test('read the two credentials of its channels and no other secret', () => {
    const secrets = statements.filter((each) => written(each).includes('ssm:'));
    assert.deepEqual(
      secrets.map(({ Resource }) => /parameter.*?"/.exec(written(Resource))?.[0]),
      ['parameter/capstack/prod/*/pagerduty/api/routing_key"', 'parameter/capstack/prod/*/slack/api/url"'],
    );
  });

  test('write nothing in State but what it told', () => {
    assert.deepEqual(at(of('RememberTold'), 'Condition'), {
      'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['T#*#ALERTS'] },
    });
    assert.deepEqual(at(of('ReadJudged'), 'Action'), 'dynamodb:GetItem');
    assert.doesNotMatch(written(statements), /LedgerTable|"dynamodb:(Delete|Batch|Transact)/);
    for (const each of statements.filter((statement) => /UpdateItem/.test(written(statement))))
      assert.match(written(each), /RL#\*/);
  });
});

test('its door is for admins', () => {
  const route = properties(idOf('AWS::ApiGatewayV2::Route', 'PostV1AlertsTest'));
  assert.equal(route['RouteKey'], 'POST /v1/alerts/test');
  assert.deepEqual(route['AuthorizationScopes'], ['admin']);
});

test('it is told what is configured, and where PagerDuty and Slack are', () => {
  const variables = at(properties(FUNCTION), 'Environment', 'Variables') as Readonly<Record<string, unknown>>;
  assert.deepEqual(JSON.parse(String(variables['ALERTS'])), {
    channels: ['pagerduty', 'slack'],
    operator: 'acme',
    p5WarningDays: 180,
    p5PageDays: 60,
    p5CriticalDays: 45,
    burnRateStd: 4000,
    forecastAgeSeconds: 10_800,
    paydays: [15, -1],
  });
  assert.equal(variables['PAGERDUTY_URL'], 'https://events.pagerduty.com');
  assert.equal(variables['SLACK_URL'], 'https://hooks.slack.com');
});
