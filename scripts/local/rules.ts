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
import type { AcceptedEvent } from './services/event-bridge.ts';
import type { Wake } from './wake.ts';

export interface RulesOptions {
  readonly assembly: Assembly;
  readonly functions: readonly LocalFunction[];
  readonly policies: Policies;
  readonly invoker: AsyncInvoker;
  readonly bell: Wake;
  readonly log: (line: string) => void;
}

export interface Rules {
  /** Hands an event to every rule of its bus that matches. True once every target is done with it. */
  readonly publish: (accepted: AcceptedEvent) => Promise<boolean>;
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
  readonly fire: () => Promise<unknown>;
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
    fire: async () => {
      const event = scheduledEvent(rule);
      await Promise.all(targets.map(({ target, input }) => options.invoker.invoke(target, input ?? event)));
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

const runTimetable = async (
  { name, next, fire }: Timetable,
  bell: Wake,
  report: (error: unknown) => void,
): Promise<void> => {
  let dueMs = next(Date.now());
  if (dueMs === Number.POSITIVE_INFINITY) throw new Error(`${name} is never due`);
  while (!bell.stopped()) {
    const waitMs = dueMs - Date.now();
    if (waitMs > 0) {
      await bell.pauseUnlessStopped(Math.min(waitMs, LONGEST_TIMER_MS));
      continue;
    }
    /** A slow call does not hold up the next. */
    fire().catch(report);
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
    publish: async ({ bus, event }) => {
      const matching = busRules.filter((rule) => rule.bus === bus && rule.matches(event));
      const deliveries = matching.flatMap(({ targets }) =>
        targets.map(({ target, input }) => invoker.invoke(target, input ?? event)),
      );
      return (await Promise.all(deliveries)).every((done) => done);
    },
    start: () => {
      const report = (error: unknown): void => log(`schedule: ${error}`);
      for (const timetable of timetables) runTimetable(timetable, bell, report).catch(report);
    },
  };
};
