/** When people are told, and how, in the configuration. */
import * as v from 'valibot';
import { type AlertSettings, CHANNELS } from '../shared/contract/alert.ts';
import type { Complaint } from './billing-and-payroll.ts';
import { section, wholeNumber } from './section.ts';

/** The section `alerts`, as written. */
export interface AlertConfiguration {
  readonly p5_warning_days: number;
  readonly p5_page_days: number;
  readonly p5_critical_days: number;
  readonly burn_rate_std: number;
  readonly forecast_age_hours: number;
  readonly channels: { readonly pagerduty: boolean; readonly slack: boolean };
  readonly payroll_silence_days: readonly number[];
}

const days = (otherwise: number) => v.optional(wholeNumber(1, 3650, 'days'), otherwise);

const PAYDAY = 'expected days of the month, 1 to 31, or -1 for the last one';
const payday = v.pipe(
  v.number(PAYDAY),
  v.integer(PAYDAY),
  v.check((day) => day === -1 || (day >= 1 && day <= 31), PAYDAY),
);

const channel = v.optional(v.boolean('expected true (it is told) or false'), false);

export const alertSection: v.GenericSchema<unknown, AlertConfiguration> = section({
  p5_warning_days: days(180),
  p5_page_days: days(60),
  p5_critical_days: days(45),
  burn_rate_std: v.optional(
    v.pipe(v.number('expected an amount'), v.minValue(0, 'expected 0 or more')),
    4000,
  ),
  forecast_age_hours: v.optional(wholeNumber(2, 168, 'hours'), 3),
  channels: v.optional(section({ pagerduty: channel, slack: channel }), {}),
  payroll_silence_days: v.optional(v.array(payday, PAYDAY), []),
});

export const ALERT_DEFAULTS: AlertConfiguration = v.parse(alertSection, {});

const channelsOf = ({ channels }: AlertConfiguration) => CHANNELS.filter((each) => channels[each]);

/** Where people are told at all, what is worse has to be the smaller number. */
export const disorderedAlerts = (alerts: AlertConfiguration): Complaint[] => {
  if (channelsOf(alerts).length === 0) return [];
  const { p5_warning_days: warning, p5_page_days: page, p5_critical_days: critical } = alerts;
  if (critical >= page)
    return [
      {
        path: ['alerts', 'p5_critical_days'],
        message: `${critical} must be below p5_page_days ${page}; lower it`,
      },
    ];
  if (page < warning) return [];
  return [
    {
      path: ['alerts', 'p5_warning_days'],
      message: `${warning} must be above p5_page_days ${page}; raise it`,
    },
  ];
};

/** @param operator the tenant whose channels hear of the stage's own alarms. */
export const alertSettings = (alerts: AlertConfiguration, operator: string): AlertSettings => ({
  channels: channelsOf(alerts),
  operator,
  p5WarningDays: alerts.p5_warning_days,
  p5PageDays: alerts.p5_page_days,
  p5CriticalDays: alerts.p5_critical_days,
  burnRateStd: alerts.burn_rate_std,
  forecastAgeSeconds: alerts.forecast_age_hours * 3600,
  paydays: alerts.payroll_silence_days,
});
