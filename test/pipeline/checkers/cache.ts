/** The cache never lies: no store goes back, nothing is cached that State never held, and nothing is served for long. */
import type { Checker, Evidence } from '../simulation/evidence.ts';
import { named } from './state-items.ts';

/** A reader re-reads the table after this long. */
const SERVED_AT_MOST_MS = 30_000;

const goesBack = ({ held }: Evidence): readonly string[] => {
  const latest = new Map<string, string>();
  return held.flatMap(({ store, tenant, fence, era }) => {
    const of = `${store} of ${tenant} in era ${era}`;
    const before = latest.get(of) ?? '';
    latest.set(of, fence);
    return fence < before ? [`${of} went back from ${before} to ${fence}`] : [];
  });
};

const neverHeld = ({ held, readings }: Evidence): readonly string[] => {
  const inState = new Set<string>();
  const cached = held.flatMap(({ store, tenant, fence, document }) => {
    const forecast = `${tenant} ${fence} ${document}`;
    if (store === 'state') inState.add(forecast);
    return store === 'cache' && !inState.has(forecast)
      ? [`the cache took ${tenant} ${fence}, which State did not hold`]
      : [];
  });
  const documents = new Set(held.filter(({ store }) => store === 'state').map(({ document }) => document));
  const read = readings
    .filter(({ source, document }) => source === 'cache' && !documents.has(document))
    .map(({ tenant }) => `a reader of ${tenant} got from the cache what State never held`);
  return [...cached, ...read];
};

const servedTooLong = ({ readings }: Evidence): readonly string[] =>
  readings
    .filter(
      ({ source, heldForMs, sameClock }) => source === 'cache' && sameClock && heldForMs > SERVED_AT_MOST_MS,
    )
    .map(({ tenant, heldForMs }) => `a reader of ${tenant} was served from the cache after ${heldForMs} ms`);

const lastReadings = ({ economy, readings, state }: Evidence): readonly string[] =>
  economy.tenants.flatMap(({ settings: { tenant } }) => {
    const last = readings.findLast((reading) => reading.tenant === tenant);
    const stored = state.find((item) => named(item).kind === 'forecast' && named(item).tenant === tenant);
    return last?.document === stored?.document
      ? []
      : [`the last reader of ${tenant} did not get what State holds`];
  });

export const cache: Checker = (evidence) => [
  ...goesBack(evidence),
  ...neverHeld(evidence),
  ...servedTooLong(evidence),
  ...lastReadings(evidence),
];
