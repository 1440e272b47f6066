import type { Channel } from '../contract/alert.ts';
import { FIRST_STANDING, isWorse, type Level, type Standing } from './standing.ts';

/** What became of a message. `later`: it was not taken and should be sent again; `unknown`: it may have been. */
export type Sent =
  | { readonly outcome: 'accepted' }
  | { readonly outcome: 'refused'; readonly reason: string }
  | { readonly outcome: 'later'; readonly reason: string; readonly retryAfterSeconds?: number }
  | { readonly outcome: 'unknown'; readonly reason: string };

/** Somebody's word that they send this; left behind where they broke off. */
interface Claim {
  readonly id: string;
  /** The request whose run it is. */
  readonly by: string;
  readonly level: Level;
  readonly untilMs: number;
  /** Messages of this level that were sent, or may have been. */
  readonly attempts: number;
}

/** What one channel was told of one rule. */
export interface Told {
  readonly level: Level;
  readonly at: string | null;
  readonly claim?: Claim;
  /** Something else was begun before and never marked: the channel may show it. */
  readonly unsure?: true;
  /** The channel is left alone until then, and the request that met its trouble comes back to it. */
  readonly pause?: { readonly untilMs: number; readonly by: string };
  /** What the channel does not take, under the credential that it was told with. */
  readonly refused?: { readonly level: Level; readonly reason: string; readonly credential: string };
}

export const NOTHING_TOLD: Told = { level: 'none', at: null };

/** One rule of one tenant: how it stands, and who knows. */
export interface Alert {
  readonly standing: Standing;
  readonly told: Partial<Readonly<Record<Channel, Told>>>;
}

export const FIRST_ALERT: Alert = { standing: FIRST_STANDING, told: {} };

/** PagerDuty wakes people: it hears of nothing less than a page. */
export const wantedLevel = (channel: Channel, level: Level): Level =>
  channel === 'pagerduty' && !isWorse(level, 'warning') ? 'none' : level;

/** Longer than a run of the function may take, so that nothing of one that broke off is still on its way. */
export const CLAIM_MS = 45_000;

/** A channel in trouble is left alone for so long, however many forecasts a minute brings; Lambda comes back after a minute. */
export const PAUSE_MS = 50_000;

/**
 * How often a message may be sent of which nobody knows whether it arrived. PagerDuty takes the second for the first; Slack shows
 * both, so only what somebody must hear is sent a second time.
 */
const attemptsMax = (channel: Channel, level: Level): number => {
  if (channel === 'pagerduty') return Number.POSITIVE_INFINITY;
  return isWorse(level, 'warning') ? 2 : 1;
};

export type Duty =
  | { readonly duty: 'nothing' }
  /** A request is at it, or comes back to it when the channel has had its time. */
  | { readonly duty: 'wait'; readonly reason: string; readonly by: string }
  /** It may have arrived, and is not to be sent again. */
  | { readonly duty: 'assume' }
  | { readonly duty: 'send'; readonly attempts: number };

const NOTHING: Duty = { duty: 'nothing' };

/**
 * What is to be done so that a channel knows how it stands.
 * @param credential short name of the credential at hand; another one is another try.
 */
export const dutyTo = (
  channel: Channel,
  told: Told,
  wanted: Level,
  credential: string,
  nowMs: number,
): Duty => {
  const { claim, refused } = told;
  if (refused?.level === wanted && refused.credential === credential) return NOTHING;
  if (told.level === wanted && claim === undefined && told.unsure !== true) return NOTHING;
  if (claim !== undefined && claim.untilMs > nowMs)
    return { duty: 'wait', reason: 'another run is sending it', by: claim.by };
  if (told.pause !== undefined && told.pause.untilMs > nowMs)
    return { duty: 'wait', reason: 'the channel is left alone for a while', by: told.pause.by };
  const attempts = claim?.level === wanted ? claim.attempts : 0;
  if (attempts >= attemptsMax(channel, wanted)) return { duty: 'assume' };
  return { duty: 'send', attempts: attempts + 1 };
};

/** Told, once this run has said that it sends; an earlier claim is replaced. */
export const claimed = (
  { level, at, refused, unsure, claim: before }: Told,
  claim: Omit<Claim, 'untilMs'>,
  nowMs: number,
): Told => ({
  level,
  at,
  ...(refused && { refused }),
  ...((unsure || (before !== undefined && before.level !== claim.level)) && { unsure: true }),
  claim: { ...claim, untilMs: nowMs + CLAIM_MS },
});

/** Told, after the channel answered. Where it did not, the claim stays and is open to whoever comes next. */
export const answered = (told: Told, sent: Sent, credential: string, nowMs: number): Told => {
  const { level, at, claim, unsure } = told;
  if (claim === undefined) return told;
  switch (sent.outcome) {
    case 'accepted':
      return { level: claim.level, at: new Date(nowMs).toISOString() };
    case 'refused':
      return { level, at, refused: { level: claim.level, reason: sent.reason, credential } };
    case 'unknown':
      return {
        ...told,
        claim: { ...claim, untilMs: nowMs },
        pause: { untilMs: nowMs + PAUSE_MS, by: claim.by },
      };
    case 'later': {
      const attempts = claim.attempts - 1;
      return {
        level,
        at,
        ...(unsure && { unsure }),
        ...(attempts > 0 && { claim: { ...claim, attempts, untilMs: nowMs } }),
        pause: {
          untilMs: nowMs + Math.max(PAUSE_MS, (sent.retryAfterSeconds ?? 0) * 1_000),
          by: claim.by,
        },
      };
    }
  }
};

/** Told, where nothing more is sent though nobody knows whether it arrived. */
export const assumed = ({ level, at, claim }: Told): Told => ({ level: claim?.level ?? level, at });
