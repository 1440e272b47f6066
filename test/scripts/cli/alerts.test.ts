import assert from 'node:assert/strict';
import { test } from 'node:test';
import { capstack, server } from './capstack.ts';

const ROUTE = 'POST /v1/alerts/test';
const tried = (...channels: readonly object[]) => ({ tenant: 'acme', channels });

test('alerts test shows what came of each channel, and fails where one did not take it', async (context) => {
  const { url, seen } = await server(context, {
    [ROUTE]: [
      200,
      tried(
        { channel: 'pagerduty', outcome: 'accepted' },
        { channel: 'slack', outcome: 'refused', reason: '410 channel_is_archived' },
      ),
    ],
  });
  const { code, stdout, stderr } = await capstack(['alerts', 'test', '--api', url, '--token', 't']);
  assert.equal(code, 1);
  assert.match(stdout, /acme +│ pagerduty +│ accepted/);
  assert.match(stdout, /slack +│ REFUSED +│ 410 channel_is_archived/);
  assert.equal(stderr, 'capstack: slack did not take the test notice\n');
  assert.equal(seen[0]?.authorization, 'Bearer t');
});

test('alerts test says where nobody is told', async (context) => {
  const { url } = await server(context, {});
  const { code, stderr } = await capstack(['alerts', 'test', '--api', url, '--token', 't']);
  assert.equal(code, 1);
  assert.match(stderr, /^capstack: this pipeline tells nobody: turn channels on in alerts\.channels/);
});
