import { randomUUID } from 'node:crypto';

/** What the local run stores as the refresh token that the operator got by signing in. */
export const LOCAL_REFRESH_TOKEN = 'refresh-local-first';

const LIFETIME_SECONDS = 7_200;

/** Tokens of the stand-in for Gusto. They carry their own end, so that those of an earlier run are understood. */
export interface TokenDesk {
  /** New ones for a refresh token that was not used yet. */
  readonly exchange: (
    refreshToken: unknown,
    nowMs: number,
  ) =>
    | { readonly access_token: string; readonly refresh_token: string; readonly expires_in: number }
    | undefined;
  readonly isGood: (authorization: string | undefined, nowMs: number) => boolean;
  /** Ends all access tokens of before, as Gusto does after two hours; where asked, the refresh tokens given out too. */
  readonly expire: (nowMs: number, withLogin?: boolean) => void;
}

export const tokenDesk = (): TokenDesk => {
  const given = new Set<string>();
  const used = new Set<string>();
  let endedBeforeMs = 0;
  return {
    exchange: (refreshToken, nowMs) => {
      if (
        typeof refreshToken !== 'string' ||
        !refreshToken.startsWith('refresh-local-') ||
        used.has(refreshToken)
      )
        return undefined;
      used.add(refreshToken);
      const next = `refresh-local-${randomUUID()}`;
      given.add(next);
      return {
        access_token: `access-local-${nowMs}-${randomUUID()}`,
        refresh_token: next,
        expires_in: LIFETIME_SECONDS,
      };
    },
    isGood: (authorization, nowMs) => {
      const [, made] = /^Bearer access-local-(\d+)-/.exec(authorization ?? '') ?? [];
      const madeMs = Number(made ?? Number.NaN);
      return madeMs >= endedBeforeMs && nowMs < madeMs + LIFETIME_SECONDS * 1_000;
    },
    expire: (nowMs, withLogin = false) => {
      endedBeforeMs = nowMs;
      if (withLogin) for (const token of given) used.add(token);
    },
  };
};
