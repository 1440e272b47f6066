import type { AlertLevel } from '../contract/alert.ts';

/** How bad it stands. */
export type Level = 'none' | AlertLevel;

const RANK: Readonly<Record<Level, number>> = { none: 0, warning: 1, page: 2, critical: 3 };

export const isWorse = (level: Level, than: Level): boolean => RANK[level] > RANK[than];
const worse = (one: Level, other: Level): Level => (isWorse(one, other) ? one : other);

/** What a person is told of the last reading. */
export interface Words {
  /** One sentence, without the tenant's name. */
  readonly summary: string;
  readonly details: readonly (readonly [label: string, value: string])[];
}

/** What one forecast says of one rule. */
export interface Reading extends Words {
  /** Sorts as text in the order in which forecasts were made; equal for the same forecast. */
  readonly order: string;
  /** When the forecast was made; RFC 3339 UTC. */
  readonly at: string;
  /** The level that it calls for. */
  readonly calls: Level;
  /** The level that it is not good enough to end. Never better than `calls`; worse between a threshold and its exit. */
  readonly keeps: Level;
}

/** Readings in a row that call for less. */
interface Better {
  /** The worst that any of them keeps. */
  readonly level: Level;
  readonly count: number;
  /** Of the last one that was counted. */
  readonly at: string;
}

/** How a rule stands after all readings until now. */
export interface Standing {
  readonly level: Level;
  /** Since when; null for the one that everything begins with. */
  readonly since: string | null;
  /** `order` of the last reading. */
  readonly seen: string;
  readonly better?: Better;
  readonly words: Words;
}

export const FIRST_STANDING: Standing = {
  level: 'none',
  since: null,
  seen: '',
  words: { summary: '', details: [] },
};

/** So many good readings in a row end an alert: forecasts come every hour, so after two hours. */
export const GOOD_READINGS = 3;
/** Readings closer together count as one, however many events a minute brings; a little early, for clocks strike by the hour. */
export const READINGS_APART_MS: number = 55 * 60_000;

const betterAfter = (before: Better | undefined, { at }: Reading, level: Level): Better => {
  if (before === undefined) return { level, count: 1, at };
  const counts = Date.parse(at) - Date.parse(before.at) >= READINGS_APART_MS;
  return {
    level: worse(before.level, level),
    count: before.count + (counts ? 1 : 0),
    at: counts ? at : before.at,
  };
};

/**
 * How a rule stands after a reading. Worse counts at once; better takes three readings in a row, an hour apart, each beyond the
 * exit. A reading of an older forecast than the last one changes nothing, and the same one again can make nothing better.
 */
export const standingAfter = (standing: Standing, reading: Reading): Standing => {
  const { order, at, calls, keeps, summary, details } = reading;
  if (order < standing.seen) return standing;
  const words = { summary, details };
  const { level, since } = standing;
  if (isWorse(calls, level)) return { level: calls, since: at, seen: order, words };
  if (!isWorse(level, keeps)) return { level, since, seen: order, words };
  if (order === standing.seen) return { ...standing, words };
  const better = betterAfter(standing.better, reading, keeps);
  if (better.count < GOOD_READINGS) return { level, since, seen: order, better, words };
  return { level: better.level, since: at, seen: order, words };
};

/** An alarm that is well for so long is over. */
export const WELL_MS: number = 30 * 60_000;

/** How an alarm stands after CloudWatch said that its state changed. */
export const standingAfterAlarm = (
  standing: Standing,
  change: { readonly at: string; readonly raised: AlertLevel | undefined; readonly words: Words },
): Standing => {
  const { at, raised, words } = change;
  if (at <= standing.seen) return standing;
  if (raised === undefined) {
    if (standing.level === 'none') return { ...standing, seen: at };
    return { ...standing, seen: at, better: { level: 'none', count: 1, at }, words };
  }
  const { level, since } = standing;
  return { level: raised, since: level === raised ? since : at, seen: at, words };
};

/** Nobody says that an alarm stays well: that is for the clock. */
export const settledAlarm = (standing: Standing, nowMs: number): Standing => {
  const { better, level: _, ...rest } = standing;
  if (better === undefined || nowMs - Date.parse(better.at) < WELL_MS) return standing;
  return { ...rest, level: better.level, since: better.at };
};
