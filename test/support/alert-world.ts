/** Tenants with channels, the stand-ins for them, and a clock: what the alert function meets. */
import { type AlertDeps, alert } from '../../functions/alert/alert.ts';
import { localRoutingKey, pagerDutyStub } from '../../scripts/local/providers/pagerduty.ts';
import { slackStub } from '../../scripts/local/providers/slack.ts';
import { tellPagerDuty } from '../../shared/alert/pagerduty.ts';
import { tellSlack } from '../../shared/alert/slack.ts';
import type { StoredForecast } from '../../shared/aws/state-store.ts';
import type { AlertSettings } from '../../shared/contract/alert.ts';
import type { Answer, Ask } from '../../shared/providers/patience.ts';
import type { ReconciliationStatus } from '../../shared/reconciliation/status.ts';
import { memoryAlertStore } from './memory-alert-store.ts';
import { type MemorySecrets, memorySecrets, quietInvocation } from './memory-intake.ts';
import { settingsOf } from './settings.ts';

export const ALERTS: AlertSettings = {
  channels: ['pagerduty', 'slack'],
  operator: 'acme',
  p5WarningDays: 180,
  p5PageDays: 60,
  p5CriticalDays: 45,
  burnRateStd: 4000,
  forecastAgeSeconds: 3 * 3600,
  paydays: [],
};

export const HOUR_MS = 3_600_000;
export const START_MS: number = Date.parse('2026-06-10T12:00:00Z');

const PAGERDUTY = 'http://pagerduty.local';
const SLACK = 'http://slack.local';

export interface SentEvent {
  readonly routing_key: string;
  readonly event_action: string;
  readonly dedup_key: string;
  readonly payload?: { readonly summary: string; readonly severity: string };
}

export interface Fields {
  readonly p5?: number | null;
  readonly error?: number;
  readonly burn?: string | null;
  readonly status?: string;
  readonly partial?: boolean;
  readonly reasons?: readonly string[];
}

/** A stored forecast of some instant. */
export const forecastAt = (ms: number, fields: Fields = {}): StoredForecast => {
  const { p5 = 300, error = 0.5, burn = '2800.00', status = 'ok', partial = false, reasons = [] } = fields;
  const at = new Date(ms).toISOString();
  return {
    fence: `${at.slice(0, 10)}#000000000100`,
    document: JSON.stringify({
      status,
      as_of: at.slice(0, 10),
      computed_at: at,
      p5_days: p5,
      p50_days: p5 === null ? null : p5 + 20,
      standard_error_days: { p5: p5 === null ? null : error },
      censored: { p5: p5 === null },
      cash: { amount: '2400000.00', currency: 'USD' },
      burn: { long_run_daily_std: burn },
      trust: { partial, paused: false, reasons },
    }),
  };
};

export const pausedBy = (...reasons: readonly string[]): ReconciliationStatus => ({
  ...{ paused: true, reasons, since: null, attention: [] },
  checkedAt: new Date(START_MS).toISOString(),
});

export interface AlertWorld {
  readonly deps: AlertDeps;
  readonly secrets: MemorySecrets;
  readonly pauses: Map<string, ReconciliationStatus>;
  /** What came into the dead letter queue. */
  readonly letters: readonly Readonly<Record<string, string>>[];
  /** Stores a forecast and lets the bus tell of it. */
  readonly forecast: (ms: number, fields?: Fields, tenant?: string) => Promise<void>;
  /** The bus tells of the stored forecast, again or late. */
  readonly rings: (ms: number, tenant?: string, requestId?: string) => Promise<void>;
  /** The clock strikes. */
  readonly hour: (ms: number) => Promise<void>;
  readonly alarm: (ms: number, name: string, value: string) => Promise<void>;
  /** Orders what a stand-in answers next. */
  readonly orders: (channel: 'pagerduty' | 'slack', answer: unknown) => Promise<unknown>;
  readonly pagerDuty: () => Promise<{ readonly events: SentEvent[]; readonly open: SentEvent[] }>;
  readonly slack: () => Promise<{ readonly webhook: string; readonly text: string }[]>;
}

/** @param ask lies between the function and the stand-ins. */
export const alertWorld = (
  overrides: Partial<AlertDeps> = {},
  ask: (through: Ask) => Ask = (through): Ask => through,
): AlertWorld => {
  const stubs = {
    [PAGERDUTY]: pagerDutyStub(() => undefined),
    [SLACK]: slackStub(() => undefined),
  };
  const forecasts = new Map<string, StoredForecast>();
  const pauses = new Map<string, ReconciliationStatus>();
  const letters: Readonly<Record<string, string>>[] = [];
  const tenants = ['acme', 'other'].map((tenant) => settingsOf({ tenant }));
  const secrets = memorySecrets(
    Object.fromEntries(
      tenants.flatMap(({ tenant }) => [
        [`${tenant}/pagerduty/api/routing_key`, [localRoutingKey(tenant)]],
        [`${tenant}/slack/api/url`, [`${SLACK}/services/local/${tenant}`]],
      ]),
    ),
  );
  const request = async (method: string, url: string, body: string): Promise<Answer> => {
    const [base, stub] = Object.entries(stubs).find(([each]) => url.startsWith(each)) ?? [];
    if (base === undefined || stub === undefined) throw new Error(`${url} is nowhere`);
    const path = url.slice(base.length);
    const answer = await stub({ method, path, headers: {}, body: Buffer.from(body) });
    return {
      status: answer.status,
      headers: new Headers({ ...answer.headers } as Record<string, string>),
      text: async () => answer.body.toString(),
    };
  };
  const through: Ask = (url, { body = '' }) => request('POST', url, body);
  const asking = ask(through);
  let ids = 0;
  const deps: AlertDeps = {
    state: { forecast: async (tenant) => forecasts.get(tenant) },
    reconciliation: { status: async (tenant) => pauses.get(tenant) },
    alerts: memoryAlertStore(),
    secrets,
    deadLetters: {
      send: async (letter) => {
        letters.push(letter);
      },
    },
    channels: {
      pagerduty: (notice, key) => tellPagerDuty(asking, PAGERDUTY, notice, key),
      slack: (notice, url) => tellSlack(asking, SLACK, notice, url),
    },
    settings: ALERTS,
    tenants,
    stage: 'test',
    pageUrl: 'https://api.example.com/',
    newId: () => `run-${ids++}`,
    ...overrides,
  };
  const control = async (base: string, method: string, path: string, body: unknown = {}) =>
    JSON.parse(await (await request(method, `${base}/_control/${path}`, JSON.stringify(body))).text());
  const run = async (event: unknown, nowMs: number, requestId = 'test'): Promise<void> =>
    alert(deps, event, { ...quietInvocation(nowMs), requestId });
  return {
    deps,
    secrets,
    pauses,
    letters,
    forecast: (ms, fields, tenant = 'acme') => {
      forecasts.set(tenant, forecastAt(ms, fields));
      return run({ 'detail-type': 'ForecastChanged', detail: { tenant } }, ms);
    },
    rings: (ms, tenant = 'acme', requestId = 'test') =>
      run({ 'detail-type': 'ForecastChanged', detail: { tenant } }, ms, requestId),
    hour: (ms) => run({ 'detail-type': 'Scheduled Event', detail: {} }, ms),
    alarm: (ms, name, value) =>
      run(
        {
          'detail-type': 'CloudWatch Alarm State Change',
          time: new Date(ms).toISOString(),
          detail: {
            alarmName: name,
            state: {
              value,
              reason: 'Threshold Crossed',
              timestamp: new Date(ms).toISOString().replace('Z', '+0000'),
            },
            configuration: { description: 'Read the queue.' },
          },
        },
        ms,
      ),
    orders: (channel, answer) => control(channel === 'slack' ? SLACK : PAGERDUTY, 'POST', 'answers', answer),
    pagerDuty: () => control(PAGERDUTY, 'GET', 'events'),
    slack: async () => (await control(SLACK, 'GET', 'messages')).messages,
  };
};
