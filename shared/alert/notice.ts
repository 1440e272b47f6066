import type { Standing } from './standing.ts';

/** Where a notice comes from, and whom it is about. */
export interface Origin {
  readonly stage: string;
  readonly tenant: string;
  /** Address of the API, where the page is. */
  readonly pageUrl: string;
}

/** What a channel is told: that something began or changed, or that it is over. */
export interface Notice {
  readonly over: boolean;
  /** Stays the same for as long as the rule does, so that whoever is told twice knows it. */
  readonly key: string;
  readonly severity: 'critical' | 'error' | 'warning' | 'info';
  readonly origin: Origin;
  readonly rule: string;
  readonly summary: string;
  readonly details: Standing['words']['details'];
  readonly todo: string;
  readonly since: string | null;
}

const ALARM = 'alarm:';

/** `DeadLetters` of `capstack-prod-pipeline-AlarmsDeadLetters1A2B3C4D-E5F6G7H8`; the name itself where it is none of ours. */
export const alarmIdOf = (alarmName: string): string =>
  /-Alarms([A-Za-z]+?)[0-9A-F]{8}(?:-|$)/.exec(alarmName)?.[1] ?? alarmName;

/** Name of the rule that an alarm of the stage is. */
export const alarmRule = (id: string): string => `${ALARM}${id}`;
export const isAlarmRule = (rule: string): boolean => rule.startsWith(ALARM);

const WHAT_TO_DO: Readonly<Record<string, string>> = {
  p5: 'Open the page: it says what moved the runway, until when to act and what the policy plans. `capstack explain` says the same.',
  burn_rate_std:
    'Look for a misclassified expense or a refund batch: `capstack explain` lists the largest payments.',
  trust: 'Do not act on the number. `capstack reconcile` names what differs; the page lists what is missing.',
};
const WHAT_OF_ALARMS = 'Look at the alarm in CloudWatch and at the log of the function that it names.';

const severityOf = (rule: string, { level }: Standing): Notice['severity'] => {
  if (level === 'none' || level === 'warning') return 'warning';
  if (rule === 'burn_rate_std') return 'warning';
  return rule === 'p5' ? 'critical' : 'error';
};

const keyOf = ({ stage, tenant }: Origin, rule: string): string => `runway:${stage}:${tenant}:${rule}`;

export const noticeOf = (origin: Origin, rule: string, standing: Standing, over: boolean): Notice => ({
  over,
  key: keyOf(origin, rule),
  severity: severityOf(rule, standing),
  origin,
  rule,
  summary: standing.words.summary,
  details: standing.words.details,
  todo: isAlarmRule(rule) ? WHAT_OF_ALARMS : (WHAT_TO_DO[rule] ?? ''),
  since: standing.since,
});

/** A notice that means nothing but that the channel works. */
export const testNotice = (origin: Origin): Notice => ({
  over: false,
  key: keyOf(origin, 'test'),
  severity: 'info',
  origin,
  rule: 'test',
  summary: 'TEST: this channel receives alerts of Capstack. Nothing is wrong',
  details: [],
  todo: 'Nothing. Close it by hand where it stays open.',
  since: null,
});
