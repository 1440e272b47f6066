/** Where what happens in a tenant's product is counted, in the configuration. */
import * as v from 'valibot';
import type { MixpanelProject, PosthogProject } from '../shared/contract/tenant.ts';
import { section } from './section.ts';
import { isTimeZone } from './time-zone.ts';

/** A project at PostHog, as written. */
interface PosthogAnalytics {
  readonly host: string;
  readonly project: number;
  readonly metrics: readonly {
    readonly name: string;
    readonly event?: string | undefined;
    readonly query?: string | undefined;
  }[];
}

/** A project at Mixpanel, as written. */
interface MixpanelAnalytics {
  readonly region: 'us' | 'eu' | 'in';
  readonly project: number;
  readonly timezone?: string | undefined;
  readonly metrics: readonly { readonly name: string; readonly event: string }[];
}

export interface Analytics {
  readonly posthog?: PosthogAnalytics | undefined;
  readonly mixpanel?: MixpanelAnalytics | undefined;
}

const MAX_METRICS = 30;

const metricName = v.pipe(
  v.string('expected a name for the metric'),
  v.regex(/^[a-z0-9][a-z0-9_-]{0,63}$/, 'use 1 to 64 of a-z, 0-9, - and _'),
);

const eventName = v.pipe(
  v.string('expected the name of an event'),
  v.minLength(1, 'is empty'),
  v.maxLength(200, 'is too long'),
);

const projectNumber = v.pipe(
  v.number('expected the project’s number'),
  v.integer('expected the project’s number'),
  v.minValue(1, 'expected the project’s number'),
);

const metricsOf = <Metric extends { readonly name: string }>(metric: v.GenericSchema<unknown, Metric>) =>
  v.pipe(
    v.array(metric, 'expected a list with one entry per metric'),
    v.minLength(1, 'name at least one metric'),
    v.maxLength(MAX_METRICS, `name at most ${MAX_METRICS} metrics: each is a request`),
    v.check(
      (metrics) => new Set(metrics.map(({ name }) => name)).size === metrics.length,
      'give each metric a name of its own',
    ),
  );

const metric = v.pipe(
  section({
    name: metricName,
    event: v.optional(eventName),
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

const posthogSection: v.GenericSchema<unknown, PosthogAnalytics> = section({
  host: v.pipe(
    v.string('expected the host'),
    v.regex(
      /^(?=.{1,253}$)(?!.*\.i\.posthog\.com$)[a-z0-9-]+(?:\.[a-z0-9-]+)+$/,
      'write the host you sign in at, such as us.posthog.com; events are sent to another',
    ),
  ),
  project: projectNumber,
  metrics: metricsOf(metric),
});

const mixpanelSection: v.GenericSchema<unknown, MixpanelAnalytics> = section({
  region: v.picklist(['us', 'eu', 'in'], 'expected us, eu or in: where the project’s data are kept'),
  project: projectNumber,
  timezone: v.optional(
    v.pipe(
      v.string('expected the project’s time zone'),
      v.check(isTimeZone, 'not a time zone; write the project’s, such as America/New_York'),
    ),
  ),
  metrics: metricsOf(section({ name: metricName, event: eventName })),
});

/** Entries of a tenant's section. */
export const analytics: {
  readonly posthog: v.OptionalSchema<v.GenericSchema<unknown, PosthogAnalytics>, undefined>;
  readonly mixpanel: v.OptionalSchema<v.GenericSchema<unknown, MixpanelAnalytics>, undefined>;
} = { posthog: v.optional(posthogSection), mixpanel: v.optional(mixpanelSection) };

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

/** As the functions are told of it. */
export const mixpanelProject = ({
  region,
  project,
  timezone,
  metrics,
}: MixpanelAnalytics): MixpanelProject => ({
  region,
  project: project.toString(),
  ...(timezone !== undefined && timezone !== 'UTC' && { timezone }),
  metrics,
});
