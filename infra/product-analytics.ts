/** Where what happens in a tenant's product is counted, in the configuration. */
import * as v from 'valibot';
import type { PosthogProject } from '../shared/contract/tenant.ts';
import { section } from './section.ts';

/** A project at PostHog, as written. */
export interface PosthogAnalytics {
  readonly host: string;
  readonly project: number;
  readonly metrics: readonly {
    readonly name: string;
    readonly event?: string | undefined;
    readonly query?: string | undefined;
  }[];
}

const MAX_METRICS = 30;

const metric = v.pipe(
  section({
    name: v.pipe(
      v.string('expected a name for the metric'),
      v.regex(/^[a-z0-9][a-z0-9_-]{0,63}$/, 'use 1 to 64 of a-z, 0-9, - and _'),
    ),
    event: v.optional(
      v.pipe(
        v.string('expected the name of an event'),
        v.minLength(1, 'is empty'),
        v.maxLength(200, 'is too long'),
      ),
    ),
    query: v.optional(
      v.pipe(
        v.string('expected a query in HogQL'),
        v.includes('{from}', 'ask for the days from {from}'),
        v.includes('{before}', 'ask for the days before {before}'),
        v.maxLength(1_000, 'is longer than 1000 characters'),
      ),
    ),
  }),
  v.check(
    ({ event, query }) => (event === undefined) !== (query === undefined),
    'write either event or query',
  ),
);

export const posthogSection: v.GenericSchema<unknown, PosthogAnalytics> = section({
  host: v.pipe(
    v.string('expected the host'),
    v.regex(
      /^(?=.{1,253}$)(?!.*\.i\.posthog\.com$)[a-z0-9-]+(?:\.[a-z0-9-]+)+$/,
      'write the host you sign in at, such as us.posthog.com; events are sent to another',
    ),
  ),
  project: v.pipe(
    v.number('expected the project’s number'),
    v.integer('expected the project’s number'),
    v.minValue(1, 'expected the project’s number'),
  ),
  metrics: v.pipe(
    v.array(metric, 'expected a list with one entry per metric'),
    v.minLength(1, 'name at least one metric'),
    v.maxLength(MAX_METRICS, `name at most ${MAX_METRICS} metrics: each is a request`),
    v.check(
      (metrics) => new Set(metrics.map(({ name }) => name)).size === metrics.length,
      'give each metric a name of its own',
    ),
  ),
});

/** As the functions are told of it. */
export const posthogProject = ({ host, project, metrics }: PosthogAnalytics): PosthogProject => ({
  host,
  project: project.toString(),
  metrics: metrics.map(({ name, event, query }) => ({
    name,
    ...(event !== undefined && { event }),
    ...(query !== undefined && { query }),
  })),
});
