import type { OauthTokenStore, OauthTokens } from '../../shared/aws/oauth-tokens.ts';
import type { WebhookSecrets } from '../../shared/aws/webhook-secrets.ts';
import type { Invocation } from '../../shared/lambda/invocation.ts';
import type { GustoApi } from '../../shared/providers/gusto/api.ts';
import { GUSTO } from '../../shared/providers/gusto/webhook.ts';

export interface GustoAccessDeps {
  readonly secrets: WebhookSecrets;
  readonly tokens: OauthTokenStore;
  readonly gusto: GustoApi;
}

/** Left of a token's time when it is exchanged: a run lasts no longer. */
const MARGIN_MS = 600_000;

/** The access token, while it is good for a run. */
const goodToken = (tokens: OauthTokens | undefined, nowMs: number): string | undefined =>
  tokens !== undefined && nowMs + MARGIN_MS < tokens.expiresAtMs ? tokens.accessToken : undefined;

/**
 * A token that opens the tenant's company, or undefined where the operator has not connected it, or has to anew. Tokens last
 * two hours and each refresh token is good for one exchange, so what is got is stored before it is used; a run that loses a
 * race for an exchange finds the winner's tokens.
 */
export const gustoAccessToken = async (
  { secrets, tokens, gusto }: GustoAccessDeps,
  tenant: string,
  { nowMs, log }: Invocation,
): Promise<string | undefined> => {
  const credential = (name: string): Promise<string | undefined> =>
    secrets.apiKey(tenant, GUSTO, nowMs, name);
  const clientId = await credential('client_id');
  const clientSecret = await credential('client_secret');
  if (clientId === undefined || clientSecret === undefined) return undefined;
  const redirectUri = await credential('redirect_uri');
  const stored = await tokens.read(tenant, GUSTO);
  const good = goodToken(stored, nowMs);
  if (good !== undefined) return good;
  for (const refreshToken of new Set([stored?.refreshToken, await credential('refresh_token')])) {
    if (refreshToken === undefined) continue;
    const got = await gusto.refreshed({ clientId, clientSecret, redirectUri }, refreshToken);
    if (got !== undefined) {
      const { accessToken, expiresInSeconds } = got;
      const expiresAtMs = nowMs + expiresInSeconds * 1_000;
      await tokens.write(tenant, GUSTO, { accessToken, refreshToken: got.refreshToken, expiresAtMs });
      return accessToken;
    }
    const others = goodToken(await tokens.read(tenant, GUSTO), nowMs);
    if (others !== undefined) return others;
  }
  log.error('Gusto takes none of our refresh tokens: its administrator has to sign in again', { tenant });
  return undefined;
};

/** Notes that a token is good for nothing before its time, so that the next run exchanges it. */
export const endGustoAccess = async (
  { tokens }: GustoAccessDeps,
  tenant: string,
  accessToken: string,
): Promise<void> => {
  const stored = await tokens.read(tenant, GUSTO);
  if (stored?.accessToken === accessToken) await tokens.write(tenant, GUSTO, { ...stored, expiresAtMs: 0 });
};
