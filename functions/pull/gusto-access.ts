import type { OauthTokenStore, OauthTokens } from '../../shared/aws/oauth-tokens.ts';
import type { WebhookSecrets } from '../../shared/aws/webhook-secrets.ts';
import { SIGNED_OUT } from '../../shared/event/statement.ts';
import type { Invocation } from '../../shared/lambda/invocation.ts';
import type { GustoApi } from '../../shared/providers/gusto/api.ts';
import { GUSTO } from '../../shared/providers/gusto/webhook.ts';

export interface GustoAccessDeps {
  readonly secrets: WebhookSecrets;
  readonly tokens: OauthTokenStore;
  readonly gusto: GustoApi;
}

/**
 * `unconnected`: the operator has stored nothing to sign in with. `signed_out`: none of what is stored is good any longer, as
 * after an exchange whose answer was lost, and somebody has to sign in anew.
 */
export type GustoAccess =
  | { readonly outcome: 'open'; readonly accessToken: string }
  | { readonly outcome: 'unconnected' }
  | { readonly outcome: typeof SIGNED_OUT };

/** Left of a token's time when it is exchanged: a run lasts no longer. */
const MARGIN_MS = 600_000;

/** The access token, while it is good for a run. */
const goodToken = (tokens: OauthTokens | undefined, nowMs: number): GustoAccess | undefined =>
  tokens !== undefined && nowMs + MARGIN_MS < tokens.expiresAtMs
    ? { outcome: 'open', accessToken: tokens.accessToken }
    : undefined;

/**
 * A token that opens the tenant's company. Tokens last two hours and each refresh token is good for one exchange, so what is
 * got is stored before it is used; a run that loses a race for an exchange finds the winner's tokens.
 */
export const gustoAccess = async (
  { secrets, tokens, gusto }: GustoAccessDeps,
  tenant: string,
  { nowMs, log }: Invocation,
): Promise<GustoAccess> => {
  const credential = (name: string): Promise<string | undefined> =>
    secrets.apiKey(tenant, GUSTO, nowMs, name);
  const clientId = await credential('client_id');
  const clientSecret = await credential('client_secret');
  if (clientId === undefined || clientSecret === undefined) return { outcome: 'unconnected' };
  const redirectUri = await credential('redirect_uri');
  const stored = await tokens.read(tenant, GUSTO);
  const good = goodToken(stored, nowMs);
  if (good !== undefined) return good;
  const all = [stored?.refreshToken, await credential('refresh_token')];
  const refreshTokens = new Set(all.filter((each) => each !== undefined));
  if (refreshTokens.size === 0) return { outcome: 'unconnected' };
  for (const refreshToken of refreshTokens) {
    const got = await gusto.refreshed({ clientId, clientSecret, redirectUri }, refreshToken);
    if (got !== undefined) {
      const { accessToken, expiresInSeconds } = got;
      const expiresAtMs = nowMs + expiresInSeconds * 1_000;
      await tokens.write(tenant, GUSTO, { accessToken, refreshToken: got.refreshToken, expiresAtMs });
      return { outcome: 'open', accessToken };
    }
    const others = goodToken(await tokens.read(tenant, GUSTO), nowMs);
    if (others !== undefined) return others;
  }
  log.error('Gusto takes none of our refresh tokens: its administrator has to sign in again', { tenant });
  return { outcome: SIGNED_OUT };
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
