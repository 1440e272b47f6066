import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Notice, noticeOf, testNotice } from '../../../shared/alert/notice.ts';
import { pagerDutyEvent } from '../../../shared/alert/pagerduty.ts';
import { slackMessage } from '../../../shared/alert/slack.ts';

const ORIGIN = { stage: 'prod', tenant: 'acme', pageUrl: 'https://api.example.com/' };
const notice: Notice = noticeOf(
  ORIGIN,
  'p5',
  {
    level: 'critical',
    since: '2026-06-10T12:00:00.000Z',
    seen: '',
    words: {
      summary: 'In 5 of 100 futures the cash is gone within 41 days: p5 is below 45',
      details: [
        ['p5', '41 days, give or take 1'],
        ['as of', '2026-06-10, computed 2026-06-10T12:00:00.000Z'],
      ],
    },
  },
  false,
);

test('what PagerDuty gets', () => {
  assert.deepEqual(pagerDutyEvent(notice, 'k'.repeat(32)), {
    routing_key: 'k'.repeat(32),
    dedup_key: 'runway:prod:acme:p5',
    event_action: 'trigger',
    payload: {
      summary: 'acme (prod): In 5 of 100 futures the cash is gone within 41 days: p5 is below 45',
      source: 'capstack-prod',
      severity: 'critical',
      timestamp: '2026-06-10T12:00:00.000Z',
      component: 'acme',
      class: 'p5',
      custom_details: {
        p5: '41 days, give or take 1',
        'as of': '2026-06-10, computed 2026-06-10T12:00:00.000Z',
        'what to do': notice.todo,
      },
    },
    links: [{ href: 'https://api.example.com/', text: 'Runway page' }],
    client: 'Capstack',
    client_url: 'https://api.example.com/',
  });
  assert.deepEqual(pagerDutyEvent({ ...notice, over: true }, 'k'.repeat(32)), {
    routing_key: 'k'.repeat(32),
    dedup_key: 'runway:prod:acme:p5',
    event_action: 'resolve',
  });
});

test('what Slack gets', () => {
  assert.equal(
    slackMessage(notice).text,
    [
      ':rotating_light: *acme* (prod) In 5 of 100 futures the cash is gone within 41 days: p5 is below 45',
      '• p5: 41 days, give or take 1',
      '• as of: 2026-06-10, computed 2026-06-10T12:00:00.000Z',
      `*What to do:* ${notice.todo}`,
      '<https://api.example.com/|Runway page> · rule p5 since 2026-06-10T12:00:00.000Z',
    ].join('\n'),
  );
  assert.match(
    slackMessage({ ...notice, over: true }).text,
    /^:white_check_mark: \*acme\* \(prod\) is over: /,
  );
});

test('words of others cannot mention everybody or forge a link, and stay within what is taken', () => {
  const summary = `<!channel> & <https://evil.example|click> ${'x<'.repeat(5_000)}`;
  const details = Array.from({ length: 50 }, (_, index) => [`d${index}`, '&'.repeat(2_000)] as const);
  const long = { ...notice, summary, details };
  const { text } = slackMessage(long);
  assert.match(text, /&lt;!channel&gt; &amp; &lt;https:/);
  assert.doesNotMatch(text, /<!|&(?!amp;|lt;|gt;)/);
  assert.ok(text.length <= 5_000);
  const event = pagerDutyEvent({ ...long, key: 'k'.repeat(300) }, 'k'.repeat(32));
  assert.equal(String(event['dedup_key']).length, 255);
  assert.equal((event['payload'] as { summary: string }).summary.length, 1024);
});

test('a test says that it is one, under a key of its own', () => {
  const { key, severity, summary } = testNotice(ORIGIN);
  assert.deepEqual([key, severity], ['runway:prod:acme:test', 'info']);
  assert.match(summary, /^TEST: .*Nothing is wrong/);
});
