import { Duration } from 'aws-cdk-lib';
import { type CronOptions, Rule, Schedule as RuleSchedule, RuleTargetInput } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { Construct } from 'constructs';
import type { DeadLetters } from './dead-letters.ts';
import type { PipelineFunction } from './pipeline-function.ts';

export interface ScheduleProps {
  readonly target: PipelineFunction;
  /** UTC. */
  readonly at: CronOptions;
  /** Replaces the scheduled event, where the function must know which schedule called. */
  readonly input?: Readonly<Record<string, string | number | boolean>>;
  readonly deadLetters: DeadLetters;
}

/** Calls a function by the clock; a call that is not delivered within the hour is superseded by the next. */
export class Schedule extends Construct {
  constructor(scope: Construct, id: string, { target, at, input, deadLetters }: ScheduleProps) {
    super(scope, id);
    new Rule(this, 'Rule', {
      schedule: RuleSchedule.cron(at),
      targets: [
        new LambdaFunction(target.function, {
          deadLetterQueue: deadLetters.queue,
          retryAttempts: 3,
          maxEventAge: Duration.hours(1),
          ...(input && { event: RuleTargetInput.fromObject(input) }),
        }),
      ],
    });
  }
}
