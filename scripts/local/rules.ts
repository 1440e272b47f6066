/** EventBridge rules and schedules of the template, on real time. */
import { randomUUID } from 'node:crypto';
import type { Assembly, LocalResource } from './assembly.ts';
import type { AsyncInvoker } from './async-invoke.ts';
import { ACCOUNT, REGION } from './attributes.ts';
import { functionNamed } from './event-source.ts';
import { decide } from './iam.ts';
import type { LocalFunction } from './lambda.ts';
import { type EventPattern, eventPattern } from './pattern.ts';
import type { Policies } from './policies.ts';
import { mayInvoke } from './routes.ts';
import { scheduleExpression } from './schedule.ts';
import type { Wake } from './wake.ts';

/** An entry of `PutEvents`. */
export interface BusEvent {
  readonly EventBusName?: string;
  readonly Source?: string;
  readonly DetailType?: string;
  /** JSON. */
  readonly Detail?: string;
  readonly Resources?: readonly string[];
  readonly Time?: number | string;
}

export interface RulesOptions {
  readonly assembly: Assembly;
  readonly functions: readonly LocalFunction[];
  readonly policies: Policies;
  readonly invoker: AsyncInvoker;
  readonly bell: Wake;
  readonly log: (line: string) => void;
}

export interface Rules {
  /** Hands an accepted event to every rule of its bus that matches. Returns the event's id. */
  readonly publish: (event: BusEvent) => string;
  /** Lets schedules run until the bell stops. */
  readonly start: () => void;
}

interface Target {
  readonly target: LocalFunction;
  /** Replaces the event where the template gives one. */
  readonly input: unknown;
}

interface BusRule {
  readonly bus: string;
  readonly matches: EventPattern;
  readonly targets: readonly Target[];
}

interface Timetable {
  readonly name: string;
  readonly next: (afterMs: number) => number;
  readonly fire: () => void;
}

/** Node's timers hold no more than 24 days. */
const LONGEST_TIMER_MS = 3_600_000;

const busName = (nameOrArn: unknown): string =>
  String(nameOrArn ?? 'default')
    .split('/')
    .at(-1) ?? 'default';

const parsedInput = (input: unknown): unknown => (typeof input === 'string' ? JSON.parse(input) : undefined);

const targetsOf = (rule: LocalResource, { assembly, functions }: RulesOptions): Target[] =>
  ((rule.properties['Targets'] ?? []) as Record<string, unknown>[]).map(({ Arn, Input, ...rest }) => {
    const target = functionNamed(functions, String(Arn));
    if (!target) throw new Error(`rule ${rule.logicalId}: only functions can be targets here, not ${Arn}`);
    for (const unknown of ['InputPath', 'InputTransformer'])
      if (unknown in rest) throw new Error(`rule ${rule.logicalId} uses ${unknown}, which does not run here`);
    if (!mayInvoke(assembly, target, 'events.amazonaws.com'))
      throw new Error(`rule ${rule.logicalId}: the template lets EventBridge not invoke ${target.title}`);
    return { target, input: parsedInput(Input) };
  });

const scheduledEvent = (rule: LocalResource): object => ({
  version: '0',
  id: randomUUID(),
  'detail-type': 'Scheduled Event',
  source: 'aws.events',
  account: ACCOUNT,
  time: `${new Date().toISOString().slice(0, 19)}Z`,
  region: REGION,
  resources: [rule.arn],
  detail: {},
});

const ruleTimetable = (rule: LocalResource, options: RulesOptions): Timetable => {
  const targets = targetsOf(rule, options);
  return {
    name: rule.logicalId,
    next: scheduleExpression(String(rule.properties['ScheduleExpression']), Date.now()),
    fire: () => {
      for (const { target, input } of targets) options.invoker.invoke(target, input ?? scheduledEvent(rule));
    },
  };
};

/** EventBridge Scheduler invokes in the name of a role of its own. */
const schedulerTimetable = (schedule: LocalResource, options: RulesOptions): Timetable => {
  const { Arn, RoleArn, Input } = schedule.properties['Target'] as Record<string, string>;
  const target = functionNamed(options.functions, String(Arn));
  if (!target)
    throw new Error(`schedule ${schedule.logicalId}: only functions can be targets here, not ${Arn}`);
  const access = { action: 'lambda:InvokeFunction', resource: target.arn };
  const verdict = decide(options.policies.principal(String(RoleArn)), [], access);
  if (!verdict.allowed) throw new Error(`schedule ${schedule.logicalId}: ${verdict.reason}`);
  const zone = schedule.properties['ScheduleExpressionTimezone'] ?? 'UTC';
  if (zone !== 'UTC') throw new Error(`schedule ${schedule.logicalId}: only UTC runs here, not ${zone}`);
  return {
    name: schedule.logicalId,
    next: scheduleExpression(String(schedule.properties['ScheduleExpression']), Date.now()),
    fire: () => options.invoker.invoke(target, parsedInput(Input) ?? {}),
  };
};

const runTimetable = async ({ name, next, fire }: Timetable, bell: Wake): Promise<void> => {
  let dueMs = next(Date.now());
  if (dueMs === Number.POSITIVE_INFINITY) throw new Error(`${name} is never due`);
  while (!bell.stopped()) {
    const waitMs = dueMs - Date.now();
    if (waitMs > 0) {
      await bell.pauseUnlessStopped(Math.min(waitMs, LONGEST_TIMER_MS));
      continue;
    }
    fire();
    dueMs = next(Date.now());
  }
};

const isEnabled = ({ properties }: LocalResource): boolean => properties['State'] !== 'DISABLED';

/** @throws Error on a rule or schedule that could not run, at start rather than when it is due. */
export const openRules = (options: RulesOptions): Rules => {
  const { assembly, invoker, bell, log } = options;
  const rules = assembly.ofType('AWS::Events::Rule').filter(isEnabled);
  const busRules: BusRule[] = rules
    .filter(({ properties }) => properties['EventPattern'] !== undefined)
    .map((rule) => ({
      bus: busName(rule.properties['EventBusName']),
      matches: eventPattern(rule.properties['EventPattern']),
      targets: targetsOf(rule, options),
    }));
  const timetables = [
    ...rules
      .filter(({ properties }) => properties['ScheduleExpression'] !== undefined)
      .map((rule) => ruleTimetable(rule, options)),
    ...assembly
      .ofType('AWS::Scheduler::Schedule')
      .filter(isEnabled)
      .map((schedule) => schedulerTimetable(schedule, options)),
  ];

  return {
    publish: (entry) => {
      const id = randomUUID();
      const time = entry.Time === undefined ? new Date() : new Date(Number(entry.Time) * 1000);
      const event = {
        version: '0',
        id,
        'detail-type': entry.DetailType,
        source: entry.Source,
        account: ACCOUNT,
        time: `${time.toISOString().slice(0, 19)}Z`,
        region: REGION,
        resources: entry.Resources ?? [],
        detail: JSON.parse(entry.Detail ?? '{}'),
      };
      for (const { bus, matches, targets } of busRules)
        if (bus === busName(entry.EventBusName) && matches(event))
          for (const { target, input } of targets) invoker.invoke(target, input ?? event);
      return id;
    },
    start: () => {
      for (const timetable of timetables)
        runTimetable(timetable, bell).catch((error) => log(`schedule: ${error}`));
    },
  };
};
