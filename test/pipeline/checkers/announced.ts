/** Announced: the last news of each tenant on the bus is what State says. */
import { canonicalJson } from '../../../shared/canonical/canonical.ts';
import type { Checker } from '../simulation/evidence.ts';
import { forecastsOf } from './state-items.ts';

const TOLD = ['status', 'p5_days', 'p50_days', 'p95_days', 'as_of', 'trust'] as const;

export const announced: Checker = ({ announced: news, state }) =>
  forecastsOf(state).flatMap(({ tenant, runway }) => {
    const last = news.findLast((each) => each.tenant === tenant);
    const stated = Object.fromEntries(
      TOLD.map((name) => [name, (runway as unknown as Record<string, unknown>)[name]]),
    );
    return last !== undefined && canonicalJson(JSON.parse(last.headline)) === canonicalJson(stated)
      ? []
      : [`the last news of ${tenant} is not what State says`];
  });
