/** What the alert function must know; infra writes it into that function's environment as JSON. */

export const CHANNELS = ['pagerduty', 'slack'] as const;
export type Channel = (typeof CHANNELS)[number];

/** Names under which the credentials of the channels are stored, as `/{tenant}/{channel}/api/{name}`. */
export const CHANNEL_CREDENTIALS: Readonly<Record<Channel, string>> = {
  pagerduty: 'routing_key',
  slack: 'url',
};

/** How loud: only the two louder ones go to PagerDuty. */
export type AlertLevel = 'warning' | 'page' | 'critical';

export interface AlertSettings {
  readonly channels: readonly Channel[];
  /** The tenant whose channels hear of the stage's own alarms. */
  readonly operator: string;
  readonly p5WarningDays: number;
  readonly p5PageDays: number;
  readonly p5CriticalDays: number;
  readonly burnRateStd: number;
  readonly forecastAgeSeconds: number;
  /** Days of the month on which payroll leaves; -1 is the last. */
  readonly paydays: readonly number[];
}

/** Alarms of the stage, by their construct's id, that wake nobody: whoever must be woken is, by what they mean for a tenant. */
export const QUIET_ALARMS: readonly string[] = ['BooksDiffer', 'ForecastStale'];
